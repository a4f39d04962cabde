"""Fields that are given a class of values: what they hold, their labels, and what a query compares them with."""

from __future__ import annotations

import dataclasses
import enum
from typing import reveal_type

import dorm
from dorm import models


class Size(enum.Enum):
    SMALL = "s"


@dataclasses.dataclass
class Address:
    street: str


class Parcel(dorm.Model):
    class Status(models.TextChoices):
        SENT = "s", "On its way"
        THERE = "t"

    status = models.CharField(max_length=1, choices=Status, default=Status.SENT)
    size = dorm.CharField(max_length=1, choices=Size, null=True)
    kind = dorm.CharField(max_length=1, choices=Status.choices)
    to = dorm.JSONField(schema=Address)
    known = dorm.NullBooleanField()
    tags = dorm.ArrayField(dorm.CharField(max_length=5))
    days = dorm.ArrayField(base_field=dorm.DateField(null=True), null=True)
    twice = dorm.GeneratedField(expression=dorm.F("id") * 2, output_field=dorm.BigIntegerField())


def read(parcel: Parcel) -> None:
    reveal_type(parcel.status)  # R: Status
    reveal_type(parcel.size)  # R: Size | None
    reveal_type(parcel.kind)  # R: str
    reveal_type(parcel.to)  # R: Address
    reveal_type(parcel.known)  # R: bool | None
    reveal_type(parcel.tags)  # R: list[str]
    reveal_type(parcel.days)  # R: list[date | None] | None
    reveal_type(parcel.twice)  # R: int
    reveal_type(parcel.get_status_display())  # R: str
    reveal_type(parcel.get_size_display())  # R: str | None
    reveal_type(parcel.get_kind_display())  # R: str
    parcel.get_to_display()  # E: attr-defined


def compare() -> None:
    reveal_type(Parcel.objects.values("status", "size"))  # R: QuerySet[Parcel, TypedDict({'status': Status, 'size': Size | None})]
    Parcel.objects.filter(status=Parcel.Status.SENT)
    Parcel.objects.filter(status="s", size=None)
    Parcel.objects.filter(status__in=["s", Parcel.Status.THERE])
    Parcel.objects.filter(status=3)  # E: dorm-value
    Parcel.objects.create(status="s")  # E: dorm-value
