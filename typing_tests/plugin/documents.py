"""Keys of JSON and places in arrays: which names there are, and what stands there."""

from __future__ import annotations

import dataclasses
import datetime
from typing import reveal_type

import dorm
from dorm import KT, Cast, Count, F, JSONNull, JSONObject, KeyTextTransform, KeyTransform, Q, Value


@dataclasses.dataclass
class Place:
    city: str
    floor: int | None = None


@dataclasses.dataclass
class House(Place):
    rooms: list[Place] = dataclasses.field(default_factory=list)
    names: dict[str, str] = dataclasses.field(default_factory=dict)
    built: datetime.date | None = None


class Note(dorm.Model):
    number = dorm.IntegerField(default=0)
    meta = dorm.JSONField(null=True)
    house = dorm.JSONField(schema=House)
    tags = dorm.ArrayField(dorm.CharField(max_length=5))
    days = dorm.ArrayField(dorm.DateField(), null=True)


notes = Note.objects
notes.filter(meta__a__0__b="x", meta__a__gt=3, meta__b=None, meta__c__icontains="x", meta__d__in=[1, "a"])
notes.filter(meta=JSONNull, meta__contains={"a": 1}, meta__has_key="a", meta__has_any_keys=["a", "b"])
notes.filter(meta__a=F("number"), number=F("meta__a"), meta__a__isnull=True, meta__a__range=(1, "z"))
notes.filter(house__city="Rome", house__floor__gt=3, house__rooms__0__city__startswith="R", house__names__x="y")
notes.filter(house__rooms__contains=[{"city": "x"}], house__has_keys=("city",))
notes.exclude(Q(meta__a=1) | Q(house__city="x")).order_by("meta__a", "-house__city", KeyTransform("a b", "meta"))
notes.filter(tags__contains=["a"], tags__overlap=("a", "b"), tags__len__gt=1, tags__0="x", tags__0__startswith="x")
notes.filter(tags__0_2=["a"], days__0__year=2024, days__0__gt=datetime.date(2024, 1, 1), tags__contained_by={"a"})
notes.update(number=F("meta__number"), meta=F("meta__inner"))

reveal_type(notes.values_list("meta__a", flat=True).get())  # R: Any | None
reveal_type(notes.values_list("house__city", "house__floor", "house__rooms__0", "house__built").get())  # R: tuple[str | None, int | None, Any | None, Any | None]
reveal_type(notes.values_list("tags__0", "tags__0_2", "days__0", "tags__len").get())  # R: tuple[str | None, list[str] | None, date | None, int]
text = notes.annotate(text=KT("meta__a"), at=KeyTransform("number", "meta"), word=KeyTextTransform("a", "meta"))
reveal_type(text.get().text)  # R: str | None
reveal_type(text.get().at)  # R: Any
text.filter(text__startswith="x", at__b=3)
notes.annotate(inner=F("meta__a")).filter(inner__b__c=1)
notes.annotate(made=JSONObject(a="number", b=Value("x"))).filter(made__a=1)
reveal_type(notes.annotate(n=Cast(KT("meta__a"), dorm.IntegerField())).aggregate(n=Count("meta__a", distinct=True)))  # R: TypedDict({'n': int})
