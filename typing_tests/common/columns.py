"""The values of every kind of field, nullable and not, and of fields that are given a class of values."""

from __future__ import annotations

import dataclasses
import enum
from typing import reveal_type

import dorm
from dorm import models


class Colour(dorm.TextChoices):
    RED = "r", "Red"


class Priority(dorm.IntegerChoices):
    LOW = 1


class Size(enum.Enum):
    SMALL = "s"


@dataclasses.dataclass
class Address:
    street: str


class Box(dorm.Model):
    raw = dorm.BinaryField()
    length = dorm.DurationField(null=True)
    address = dorm.GenericIPAddressField()
    host = dorm.IPAddressField(null=True)
    many = dorm.PositiveBigIntegerField()
    known = dorm.NullBooleanField()
    colour = dorm.CharField(max_length=1, choices=Colour)
    other = dorm.CharField("the other", max_length=1, choices=Colour, null=True)
    kind = dorm.CharField(max_length=1, choices=Colour.choices, default=Colour.RED)
    priority = dorm.IntegerField(choices=Priority, default=Priority.LOW)
    size = models.CharField(max_length=1, choices=Size)
    pairs = dorm.CharField(max_length=1, choices=[("a", "A")])
    home = dorm.JSONField(schema=Address)
    second = dorm.JSONField(schema=Address, null=True)
    meta = dorm.JSONField()
    tags = dorm.ArrayField(dorm.CharField(max_length=5))
    days = dorm.ArrayField(dorm.DateField(), null=True)
    total = dorm.GeneratedField(expression=dorm.F("many") * 2, output_field=dorm.IntegerField())
    note = models.TextField(db_default="none", help_text="A note", error_messages={"blank": "Say it"})

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(many__gt=1), name="many")]
        indexes = [models.Index(fields=["colour"]), models.GinIndex(fields=["meta"], name="meta")]


class Small(dorm.Model):
    id = dorm.SmallAutoField(primary_key=True)


def read(box: Box, small: Small) -> None:
    reveal_type(box.raw)  # R: bytes
    reveal_type(box.length)  # R: timedelta | None
    reveal_type(box.address)  # R: str
    reveal_type(box.host)  # R: str | None
    reveal_type(box.many)  # R: int
    reveal_type(box.known)  # R: bool | None
    reveal_type(box.colour)  # R: Colour
    reveal_type(box.other)  # R: Colour | None
    reveal_type(box.kind)  # R: str
    reveal_type(box.priority)  # R: Priority
    reveal_type(box.size)  # R: Size
    reveal_type(box.pairs)  # R: str
    reveal_type(box.home)  # R: Address
    reveal_type(box.second)  # R: Address | None
    reveal_type(box.meta)  # R: Any
    reveal_type(box.tags)  # R: list[str]
    reveal_type(box.days)  # R: list[date] | None
    reveal_type(box.total)  # R: int
    reveal_type(box.note)  # R: str
    reveal_type(small.id)  # R: int


def write(box: Box) -> None:
    box.colour = Colour.RED
    box.colour = "r"  # E:
    box.colour = None  # E:
    box.size = Size.SMALL
    box.home = Address("Main")
    box.home = {"street": "Main"}  # E:
    box.tags = ["a"]
    box.tags = "a"  # E:
    box.raw = "text"  # E:


async def validate(box: Box) -> None:
    box.full_clean(exclude=["raw"])
    await box.afull_clean(validate_unique=False)
    box.save(force_update=True)
    await box.arefresh_from_db(fields=["raw"])
    reveal_type(box.get_deferred_fields())  # R: set[str]
    reveal_type(box._state.adding)  # R: bool
