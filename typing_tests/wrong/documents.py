"""Keys and lookups of JSON and arrays that are wrong."""

from __future__ import annotations

import dataclasses

import dorm
from dorm import KT, F, KeyTransform


@dataclasses.dataclass
class House:
    city: str
    floors: list[int]


class Note(dorm.Model):
    meta = dorm.JSONField(null=True)
    house = dorm.JSONField(schema=House)
    tags = dorm.ArrayField(dorm.CharField(max_length=5))


notes = Note.objects
notes.filter(house__citty="x")  # E: dorm-lookup 'house' (JSON of House) has no key or lookup 'citty'. Did you mean 'city'? Keys: city, floors.
notes.filter(house__city__x="x")  # E: dorm-lookup 'house__city' (JSON of str) has no key or lookup 'x'.
notes.filter(house__floors__first=1)  # E: dorm-lookup 'house__floors' (JSON) has no key or lookup 'first'.
notes.values("house__citty")  # E: dorm-lookup
notes.order_by("-house__citty", F("house__flors"))  # E: dorm-lookup # E: dorm-lookup
notes.annotate(a=KT("house__citty"))  # E: dorm-lookup
notes.annotate(a=KeyTransform("citty", "hause"))  # E: dorm-field Note has no field 'hause'. Did you mean 'house'?
notes.filter(meta__a__icontains=3)  # E: dorm-value 'meta__a__icontains' expects str, got int
notes.filter(meta__has_key=3)  # E: dorm-value 'meta__has_key' expects str, got int
notes.filter(meta__has_keys="ab")  # E: dorm-value 'meta__has_keys' expects Iterable[str], got str
notes.filter(meta__a__isnull="x")  # E: dorm-value 'meta__a__isnull' expects bool, got str
notes.filter(meta__a__range=(1, 2, 3))  # E: dorm-value
notes.filter(tags__first="x")  # E: dorm-lookup 'tags' (a list) has no lookup 'first'.
notes.filter(tags__icontains="x")  # E: dorm-lookup 'tags' (a list) has no lookup 'icontains'.
notes.filter(tags__contains="x")  # E: dorm-value 'tags__contains' expects Iterable[str], got str
notes.filter(tags__contains=[1])  # E: dorm-value 'tags__contains' expects Iterable[str], got list[int]
notes.filter(tags__0=1)  # E: dorm-value 'tags__0' expects str, got int
notes.filter(tags__len="1")  # E: dorm-value 'tags__len' expects int, got str
