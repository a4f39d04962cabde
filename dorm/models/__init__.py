"""Model, its metaclass, and what relations put on a class."""

from .base import Model as Model
from .metaclass import ModelBase as ModelBase
from .tables import acreate_tables as acreate_tables
from .tables import create_tables as create_tables
