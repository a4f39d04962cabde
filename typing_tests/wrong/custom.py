"""Wrong lookups beside the project's own, and wrong names on managers made from its querysets."""

from __future__ import annotations

import dorm


@dorm.IntegerField.register_lookup
class NotEqual(dorm.Lookup):
    lookup_name = "ne"
    template = "{left} <> {right}"


class Rows(dorm.QuerySet["Volume"]):
    def long(self) -> dorm.QuerySet["Volume"]:
        return self.filter(pagse__ne=500)  # E: dorm-field Volume has no field 'pagse' (in 'pagse__ne'). Did you mean 'pages'?


class Volumes(dorm.Manager.from_queryset(Rows)):
    def longest(self) -> Rows:
        return self.order_by("-pagse")  # E: dorm-field Volume has no field 'pagse'


class Volume(dorm.Model):
    pages = dorm.IntegerField()

    objects = Volumes()


Volume.objects.filter(pages__en=3)  # E: dorm-lookup 'pages' (a number) has no lookup 'en'
Volume.objects.longset()  # E: attr-defined "Volumes" has no attribute "longset"
