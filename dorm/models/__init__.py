"""Model and its metaclass, and all else that a `models.py` names, as Django's `models` has it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..actions.prefetch import Prefetch as Prefetch
from ..constraints import BaseConstraint as BaseConstraint
from ..constraints import CheckConstraint as CheckConstraint
from ..constraints import Deferrable as Deferrable
from ..constraints import UniqueConstraint as UniqueConstraint
from ..enums import Choices as Choices
from ..enums import IntegerChoices as IntegerChoices
from ..enums import TextChoices as TextChoices
from ..exceptions import ObjectDoesNotExist as ObjectDoesNotExist
from ..exceptions import ProtectedError as ProtectedError
from ..expressions import Aggregate as Aggregate
from ..expressions import AnyValue as AnyValue
from ..expressions import Avg as Avg
from ..expressions import Case as Case
from ..expressions import Count as Count
from ..expressions import Exists as Exists
from ..expressions import Expression as Expression
from ..expressions import ExpressionWrapper as ExpressionWrapper
from ..expressions import F as F
from ..expressions import Func as Func
from ..expressions import Max as Max
from ..expressions import Min as Min
from ..expressions import OrderBy as OrderBy
from ..expressions import OuterRef as OuterRef
from ..expressions import Q as Q
from ..expressions import RowRange as RowRange
from ..expressions import StdDev as StdDev
from ..expressions import StringAgg as StringAgg
from ..expressions import Subquery as Subquery
from ..expressions import Sum as Sum
from ..expressions import Value as Value
from ..expressions import ValueRange as ValueRange
from ..expressions import Variance as Variance
from ..expressions import When as When
from ..expressions import Window as Window
from ..fields import CASCADE as CASCADE
from ..fields import DO_NOTHING as DO_NOTHING
from ..fields import NOT_PROVIDED as NOT_PROVIDED
from ..fields import PROTECT as PROTECT
from ..fields import RESTRICT as RESTRICT
from ..fields import SET_DEFAULT as SET_DEFAULT
from ..fields import SET_NULL as SET_NULL
from ..fields import ArrayField as ArrayField
from ..fields import AutoField as AutoField
from ..fields import BigAutoField as BigAutoField
from ..fields import BigIntegerField as BigIntegerField
from ..fields import BinaryField as BinaryField
from ..fields import BooleanField as BooleanField
from ..fields import CharField as CharField
from ..fields import DateField as DateField
from ..fields import DateTimeField as DateTimeField
from ..fields import DecimalField as DecimalField
from ..fields import DurationField as DurationField
from ..fields import EmailField as EmailField
from ..fields import Field as Field
from ..fields import FloatField as FloatField
from ..fields import ForeignKey as ForeignKey
from ..fields import GeneratedField as GeneratedField
from ..fields import GenericIPAddressField as GenericIPAddressField
from ..fields import IntegerField as IntegerField
from ..fields import IPAddressField as IPAddressField
from ..fields import JSONField as JSONField
from ..fields import JSONNull as JSONNull
from ..fields import ManyToManyField as ManyToManyField
from ..fields import NullBooleanField as NullBooleanField
from ..fields import OneToOneField as OneToOneField
from ..fields import PositiveBigIntegerField as PositiveBigIntegerField
from ..fields import PositiveIntegerField as PositiveIntegerField
from ..fields import PositiveSmallIntegerField as PositiveSmallIntegerField
from ..fields import SlugField as SlugField
from ..fields import SmallAutoField as SmallAutoField
from ..fields import SmallIntegerField as SmallIntegerField
from ..fields import TextField as TextField
from ..fields import TimeField as TimeField
from ..fields import URLField as URLField
from ..fields import UUIDField as UUIDField
from ..indexes import BloomIndex as BloomIndex
from ..indexes import BrinIndex as BrinIndex
from ..indexes import GinIndex as GinIndex
from ..indexes import GistIndex as GistIndex
from ..indexes import HashIndex as HashIndex
from ..indexes import Index as Index
from ..indexes import SpGistIndex as SpGistIndex
from ..queryset import Manager as Manager
from ..queryset import QuerySet as QuerySet
from .base import Model as Model
from .metaclass import ModelBase as ModelBase
from .tables import acreate_tables as acreate_tables
from .tables import create_tables as create_tables

if TYPE_CHECKING:
    from . import functions as functions


def __getattr__(name: str) -> Any:
    """Load `models.functions` when it is asked for: few programs use a tenth of what it names."""
    if name == "functions":
        return import_module(".functions", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
