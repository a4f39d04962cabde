"""Models with targets given as text; another app points at them."""

from __future__ import annotations

import dorm


class Publisher(dorm.Model):
    name = dorm.CharField(max_length=100)
    founded = dorm.DateField(null=True)


class Timed(dorm.Model):
    created = dorm.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Author(Timed):
    name = dorm.CharField(max_length=100)
    nickname = dorm.TextField(null=True)
    age = dorm.IntegerField(default=0)
    height = dorm.FloatField(null=True)
    settings = dorm.JSONField(default=dict)
    publisher = dorm.ForeignKey("Publisher", on_delete=dorm.SET_NULL, null=True)
    teacher = dorm.ForeignKey("self", on_delete=dorm.SET_NULL, null=True, related_name="pupils")
    friends = dorm.ManyToManyField("self")
    follows = dorm.ManyToManyField("self", symmetrical=False, related_name="followers")


class Country(dorm.Model):
    code = dorm.CharField(max_length=2, primary_key=True)
