"""A blog in one file: models, a signal, queries in sync code and the same in async code.

Run it with `python examples/quickstart.py`; its database is in a temporary folder, so nothing is left behind.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import dorm
from dorm import Avg, Case, Count, F, Upper, Value, When
from dorm.signals import post_save


class Timestamped(dorm.Model):
    created_at = dorm.DateTimeField(auto_now_add=True)
    updated_at = dorm.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Tag(dorm.Model):
    name = dorm.CharField(max_length=50, unique=True)

    class Meta:
        db_table = "tags"
        ordering = ["name"]


class Author(dorm.Model):
    name = dorm.CharField(max_length=100)
    email = dorm.EmailField(unique=True)
    age = dorm.IntegerField()

    class Meta:
        db_table = "authors"
        ordering = ["name"]


class Post(Timestamped):
    title = dorm.CharField(max_length=200)
    body = dorm.TextField()
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE, related_name="posts")
    published = dorm.BooleanField(default=False)
    views = dorm.IntegerField(default=0)
    tags = dorm.ManyToManyField(Tag, related_name="posts")

    class Meta:
        db_table = "posts"
        ordering = ["title"]


@post_save.connect_for(Author)
def welcome(sender: type[Author], instance: Author, created: bool, **kwargs: object) -> None:
    if created:
        print(f"Welcome, {instance.name}!")


def write() -> None:
    """Make two authors and three posts."""
    alice = Author.objects.create(name="Alice", email="alice@example.com", age=30)
    bob = Author.objects.create(name="Bob", email="bob@example.com", age=25)
    hello = Post.objects.create(title="Hello", body="...", author=alice, published=True)
    Post.objects.create(title="Draft", body="...", author=alice)
    Post.objects.create(title="Bob's post", body="...", author=bob, published=True)
    hello.tags.add(Tag.objects.create(name="python"))


def read() -> None:
    """Ask for rows: with what they refer to, with computed values, combined, and counted."""
    for post in Post.objects.select_related("author").filter(published=True):
        print(post.title, "by", post.author.name)
    for post in Post.objects.prefetch_related("tags"):
        print(post.title, [tag.name for tag in post.tags.all()])

    generation = Case(When(age__lt=30, then=Value("young")), default=Value("experienced"))
    for author in Author.objects.annotate(loud=Upper("name"), generation=generation):
        print(author.loud, author.generation)

    young = Author.objects.filter(age__lt=30)
    print("young or senior:", [one.name for one in young.union(Author.objects.filter(age__gte=65))])

    Post.objects.filter(published=True).update(views=F("views") + 1)
    print(Post.objects.aggregate(total=Count("id"), highest=dorm.Max("views")))
    print("average age:", Author.objects.aggregate(age=Avg("age"))["age"])


async def the_same_awaited() -> None:
    """Write and read in async code: each method has a twin that begins with `a`."""
    alice = await Author.objects.aget(email="alice@example.com")
    await Post.objects.acreate(title="Async post", body="...", author=alice, published=True)
    async for post in Post.objects.filter(author=alice):
        print(post.title)
    print("posts:", await Post.objects.acount())


def main() -> None:
    # A file, since sync and async code have connections of their own.
    with tempfile.TemporaryDirectory() as folder:
        database: dorm.DatabaseConfig = {"ENGINE": "sqlite", "NAME": str(Path(folder) / "blog.sqlite3")}
        dorm.configure(DATABASES={"default": database})
        dorm.create_tables()
        write()
        read()
        asyncio.run(the_same_awaited())


if __name__ == "__main__":
    main()
