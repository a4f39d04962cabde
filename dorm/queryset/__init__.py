"""The face of queries: QuerySet, Manager, related managers."""

from .combined import CombinedQuerySet as CombinedQuerySet
from .manager import Manager as Manager
from .prefetching import aprefetch_related_objects as aprefetch_related_objects
from .prefetching import prefetch_related_objects as prefetch_related_objects
from .queryset import QuerySet as QuerySet
from .raw import RawQuerySet as RawQuerySet
from .related import RelatedManager as RelatedManager
