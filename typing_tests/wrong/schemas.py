"""Schemas whose `class Meta` names what is not there, and attributes that they do not have."""

from __future__ import annotations

import dorm
from dorm.contrib.pydantic import DormSchema


class Author(dorm.Model):
    name = dorm.CharField(max_length=100)
    age = dorm.IntegerField(null=True)


class Book(dorm.Model):
    title = dorm.CharField(max_length=100)
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE, related_name="books")


class AuthorOut(DormSchema):
    class Meta:
        model = Author
        fields = ("name", "aeg")  # E: dorm-field Author has no field 'aeg'. Did you mean 'age'?


class AuthorPatch(DormSchema):
    class Meta:
        model = Author
        exclude = ("idd",)  # E: dorm-field Author has no field 'idd'. Did you mean 'id'?
        optional = ["naem"]  # E: dorm-field Author has no field 'naem'. Did you mean 'name'?


class BookOut(DormSchema):
    class Meta:
        model = Book
        nested = {"auhtor": AuthorOut}  # E: dorm-field Book has no relation 'auhtor'. Did you mean 'author'?


class AuthorFull(DormSchema):
    class Meta:
        model = Author
        nested = {"book": BookOut}  # E: dorm-field Author has no relation 'book'. Did you mean 'books'?
        ordering = ("name",)  # E: dorm-field AuthorFull: unknown option Meta.ordering.


class AuthorIn(DormSchema):
    class Meta:
        model = Author
        exclude = ("id",)


AuthorIn(name="x", id=3)  # E: call-arg


def read(out: AuthorOut) -> None:
    out.naem  # E: attr-defined "AuthorOut" has no attribute "naem"
    out.age  # E: attr-defined "AuthorOut" has no attribute "age"
    out.name + 1  # E: operator
