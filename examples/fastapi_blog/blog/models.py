"""Authors, their posts, and what readers say of them."""

from __future__ import annotations

import dorm


class Author(dorm.Model):
    name = dorm.CharField(max_length=100)
    email = dorm.EmailField(unique=True)

    class Meta:
        ordering = ["name"]


class Post(dorm.Model):
    title = dorm.CharField(max_length=200)
    body = dorm.TextField()
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE, related_name="posts")
    published = dorm.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["-published", "title"]


class Comment(dorm.Model):
    post = dorm.ForeignKey(Post, on_delete=dorm.CASCADE, related_name="comments")
    name = dorm.CharField(max_length=100)
    text = dorm.TextField()
    written = dorm.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["written", "id"]
