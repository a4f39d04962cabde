"""Fields: what a model's columns hold."""

from __future__ import annotations

from .base import NOT_PROVIDED as NOT_PROVIDED
from .base import Field as Field
from .numbers import AutoField as AutoField
from .numbers import BigAutoField as BigAutoField
from .numbers import BigIntegerField as BigIntegerField
from .numbers import BooleanField as BooleanField
from .numbers import DecimalField as DecimalField
from .numbers import FloatField as FloatField
from .numbers import IntegerField as IntegerField
from .numbers import PositiveIntegerField as PositiveIntegerField
from .numbers import PositiveSmallIntegerField as PositiveSmallIntegerField
from .numbers import SmallIntegerField as SmallIntegerField
from .related import CASCADE as CASCADE
from .related import DO_NOTHING as DO_NOTHING
from .related import PROTECT as PROTECT
from .related import RESTRICT as RESTRICT
from .related import SET_DEFAULT as SET_DEFAULT
from .related import SET_NULL as SET_NULL
from .related import ForeignKey as ForeignKey
from .related import ManyToManyField as ManyToManyField
from .related import OnDelete as OnDelete
from .related import OneToOneField as OneToOneField
from .structured import JSONField as JSONField
from .structured import UUIDField as UUIDField
from .temporal import DateField as DateField
from .temporal import DateTimeField as DateTimeField
from .temporal import TimeField as TimeField
from .text import CharField as CharField
from .text import EmailField as EmailField
from .text import SlugField as SlugField
from .text import TextField as TextField
from .text import URLField as URLField
