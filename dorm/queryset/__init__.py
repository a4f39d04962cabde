"""The face of queries: QuerySet, Manager, related managers."""

from .manager import Manager as Manager
from .queryset import QuerySet as QuerySet
from .related import RelatedManager as RelatedManager
