"""The whole example of the first manual, as one program: models, a signal, sync and async on one file.

Runs in a process of its own, as a reader would run it; only the tables are made by `create_tables()`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import asyncio
import dorm
from dorm import Case, Upper, Value, When
from dorm.signals import post_save

dorm.configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": "blog.db"}})

class TimestampedModel(dorm.Model):
    created_at = dorm.DateTimeField(auto_now_add=True, null=True)
    updated_at = dorm.DateTimeField(auto_now=True, null=True)
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

class Post(TimestampedModel):
    title = dorm.CharField(max_length=200)
    body = dorm.TextField()
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE)
    published = dorm.BooleanField(default=False)
    views = dorm.IntegerField(default=0)
    tags = dorm.ManyToManyField(Tag, related_name="posts")
    class Meta:
        db_table = "posts"
        ordering = ["-created_at"]

@post_save.connect_for(Author)
def welcome_author(sender, instance, created, **kwargs):
    if created:
        print(f"Welcome, {instance.name}!")

def sync_demo():
    alice = Author.objects.create(name="Alice", email="alice@example.com", age=30)
    bob = Author.objects.create(name="Bob", email="bob@example.com", age=25)
    p1 = Post.objects.create(title="Hello World", body="...", author=alice, published=True)
    Post.objects.create(title="Draft", body="...", author=alice)
    Post.objects.create(title="Bob's Post", body="...", author=bob, published=True)
    p1.tags.add(Tag.objects.create(name="python"))
    posts = list(Post.objects.select_related("author").filter(published=True))
    print([p.author.name for p in posts])
    print([[t.name for t in p.tags.all()] for p in Post.objects.prefetch_related("tags")])
    category = Case(When(age__lt=30, then=Value("young")), default=Value("experienced"))
    print(Author.objects.annotate(name_up=Upper(dorm.F("name")), category=category)[0].category)
    print(len(Author.objects.filter(age__lt=30).union(Author.objects.filter(age__gte=65))))
    print(len(list(Post.objects.iterator())))
    print(Post.objects.aggregate(total=dorm.Count("id"), avg_views=dorm.Avg("views")))
    Post.objects.filter(published=True).update(views=dorm.F("views") + 1)

async def async_demo():
    author = await Author.objects.aget(email="alice@example.com")
    await Post.objects.acreate(title="Async Post", body="...", author=author, published=True)
    async for post in Post.objects.filter(author=author).order_by("title"):
        print(post.title)
    print(len([post async for post in Post.objects.all().aiterator()]))
    print(await Post.objects.aaggregate(total=dorm.Count("id")))

dorm.create_tables()
sync_demo()
asyncio.run(async_demo())
"""

PRINTED = """\
Welcome, Alice!
Welcome, Bob!
['Bob', 'Alice']
[[], [], ['python']]
experienced
1
3
{'total': 3, 'avg_views': 0.0}
Async Post
Draft
Hello World
4
{'total': 4}
"""


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_example_prints_what_it_should_and_ends_by_itself(tmp_path):
    done = run(tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == (PRINTED, "", 0)


def test_a_second_run_meets_the_address_that_is_taken(tmp_path):
    run(tmp_path)
    assert "UniqueViolation" in run(tmp_path).stderr
