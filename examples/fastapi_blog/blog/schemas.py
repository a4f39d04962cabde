"""What comes in and what goes out; fields, lengths and defaults are those of the models."""

from __future__ import annotations

from dorm.contrib.pydantic import DormSchema

from .models import Author, Comment, Post


class AuthorIn(DormSchema):
    class Meta:
        model = Author
        exclude = ("id",)


class AuthorOut(DormSchema):
    class Meta:
        model = Author
        exclude = ("email",)


class CommentIn(DormSchema):
    class Meta:
        model = Comment
        fields = ("name", "text")


class CommentOut(DormSchema):
    class Meta:
        model = Comment
        exclude = ("post",)


class PostIn(DormSchema):
    class Meta:
        model = Post
        fields = ("title", "body", "author")


class PostOut(DormSchema):
    class Meta:
        model = Post
        nested = {"author": AuthorOut, "comments": CommentOut}


class PostLine(DormSchema):
    class Meta:
        model = Post
        exclude = ("body",)
