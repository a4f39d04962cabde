"""Models of every kind of relation."""

from __future__ import annotations

import dorm


class Tag(dorm.Model):
    name = dorm.CharField(max_length=50, unique=True)

    class Meta:
        app_label = "relations"
        db_table = "rel_tags"
        ordering = ["name"]


class Article(dorm.Model):
    title = dorm.CharField(max_length=200)
    tags = dorm.ManyToManyField(Tag, related_name="articles")

    class Meta:
        app_label = "relations"
        db_table = "rel_articles"


class Person(dorm.Model):
    name = dorm.CharField(max_length=50)
    friends = dorm.ManyToManyField("self")
    follows = dorm.ManyToManyField("self", related_name="followers", symmetrical=False)
    clubs = dorm.ManyToManyField("Club", through="Membership", related_name="members")

    class Meta:
        app_label = "relations"
        db_table = "rel_people"


class Club(dorm.Model):
    name = dorm.CharField(max_length=50)

    class Meta:
        app_label = "relations"
        db_table = "rel_clubs"


class Membership(dorm.Model):
    person = dorm.ForeignKey(Person, on_delete=dorm.CASCADE)
    club = dorm.ForeignKey(Club, on_delete=dorm.CASCADE)
    role = dorm.CharField(max_length=20, default="member")

    class Meta:
        app_label = "relations"
        db_table = "rel_memberships"
        unique_together = ["person", "club"]


class Profile(dorm.Model):
    person = dorm.OneToOneField(Person, on_delete=dorm.CASCADE)
    bio = dorm.TextField(default="")

    class Meta:
        app_label = "relations"
        db_table = "rel_profiles"


class Pet(dorm.Model):
    name = dorm.CharField(max_length=50)
    owner = dorm.ForeignKey(Person, on_delete=dorm.SET_NULL, null=True, related_name="pets")

    class Meta:
        app_label = "relations"
        db_table = "rel_pets"
        ordering = ["name"]


MODELS = (Tag, Article, Person, Club, Membership, Profile, Pet)
