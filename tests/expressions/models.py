"""The models of the expression tests: shops with items, sold on days; and one with a column of every kind."""

from __future__ import annotations

import dorm


class Shop(dorm.Model):
    name = dorm.CharField(max_length=50)
    town = dorm.CharField(max_length=50, null=True)
    open = dorm.BooleanField(default=True)

    class Meta:
        app_label = "expressions"


class Item(dorm.Model):
    name = dorm.CharField(max_length=50)
    note = dorm.CharField(max_length=50, null=True)
    amount = dorm.IntegerField()
    price = dorm.DecimalField(max_digits=8, decimal_places=2, null=True)
    weight = dorm.FloatField(null=True)
    shop = dorm.ForeignKey(Shop, dorm.CASCADE, related_name="items")
    spare = dorm.ForeignKey("self", dorm.SET_NULL, null=True, related_name="spares")

    class Meta:
        app_label = "expressions"


class Moment(dorm.Model):
    day = dorm.DateField(null=True)
    hour = dorm.TimeField(null=True)
    at = dorm.DateTimeField(null=True)
    until = dorm.DateTimeField(null=True)
    length = dorm.DurationField(null=True)
    flag = dorm.BooleanField(null=True)
    document = dorm.JSONField(null=True)

    class Meta:
        app_label = "expressions"


MODELS = (Shop, Item, Moment)
