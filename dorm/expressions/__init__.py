"""Expressions: what the database computes, and the conditions it checks."""

from .aggregates import Aggregate as Aggregate
from .aggregates import Avg as Avg
from .aggregates import Count as Count
from .aggregates import Max as Max
from .aggregates import Min as Min
from .aggregates import Sum as Sum
from .base import Expression as Expression
from .base import OrderBy as OrderBy
from .conditions import Q as Q
from .references import F as F
from .references import Value as Value
