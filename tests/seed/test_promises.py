"""What the first manual of the API promises, block by block, is so.

Each test runs one block's calls in both modes and on each database; the models are in `models.py`.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

import dorm
from dorm import Abs, Avg, Case, Cast, Coalesce, Concat, Count, F, Length, Lower, Max, Q, Upper, Value, When
from dorm.db.connection import get_async_connection, get_connection
from dorm.signals import post_save
from tests.seed.models import MODELS, Author, Book, Contract, Publisher


@pytest.fixture(autouse=True)
def people(call: Any) -> None:
    """Four authors, two of them with books."""
    call(dorm.create_tables, *MODELS)
    press = call(Publisher.objects.create, name="Press")
    alice = Author(name="Alice", email="alice@example.com", age=30, publisher=press)
    bob = Author(name="Bob", email="bob@example.com", age=25, bio="Wrote.")
    carol = Author(name="Carol", email="carol@example.com", age=70)
    dave = Author(name="Dave", email="dave@example.com", age=16, active=False)
    call(Author.objects.bulk_create, [alice, bob, carol, dave])
    alice = call(Author.objects.get, name="Alice")
    call(Book.objects.bulk_create, [Book(title="One", author=alice), Book(title="Two", author=alice)])


def names(call: Any, queryset: Any) -> list[str]:
    return [author.name for author in call.list(queryset)]


LOOKUPS: list[tuple[dict[str, Any], str]] = [
    ({"age__exact": 30}, "A"),
    ({"age__gt": 30}, "C"),
    ({"age__gte": 30}, "AC"),
    ({"age__lt": 30}, "BD"),
    ({"age__lte": 30}, "ABD"),
    ({"age__range": (20, 30)}, "AB"),
    ({"name__contains": "li"}, "A"),
    ({"name__icontains": "LI"}, "A"),
    ({"name__startswith": "Al"}, "A"),
    ({"name__endswith": "ce"}, "A"),
    ({"name__iexact": "alice"}, "A"),
    ({"bio__isnull": True}, "ACD"),
    ({"name__in": ["Alice", "Bob"]}, "AB"),
    ({"joined__year": 1999}, ""),
    ({"joined__month__gte": 1}, "ABCD"),
]


@pytest.mark.parametrize(("lookup", "initials"), LOOKUPS, ids=lambda value: str(value))
def test_each_lookup_finds_its_rows(call, lookup, initials):
    assert "".join(name[0] for name in names(call, Author.objects.filter(**lookup))) == initials


def test_q_objects_combine(call):
    assert names(call, Author.objects.filter(Q(age__lt=18) | Q(age__gt=65))) == ["Carol", "Dave"]
    assert names(call, Author.objects.filter(~Q(name="Alice"), Q(active=True) & Q(age__gte=18))) == [
        "Bob",
        "Carol",
    ]


def test_get_or_create_and_update_or_create_say_whether_they_created(call):
    found = call(Author.objects.get_or_create, email="carol@example.com", defaults={"name": "C", "age": 1})
    assert (found[0].name, found[1]) == ("Carol", False)
    changed = call(Author.objects.update_or_create, email="carol@example.com", defaults={"age": 29})
    assert (changed[0].age, changed[1]) == (29, False)
    made = call(Author.objects.get_or_create, email="eve@example.com", defaults={"name": "Eve", "age": 31})
    assert (made[0].name, made[1]) == ("Eve", True)


def test_order_slices_first_and_last(call):
    by_age = Author.objects.order_by("age")
    assert (call(by_age.first).name, call(by_age.last).name) == ("Dave", "Carol")
    assert names(call, Author.objects.order_by("-age")[:3]) == ["Carol", "Alice", "Bob"]
    assert names(call, Author.objects.order_by("name")[10:20]) == []
    assert call(Author.objects.get_or_none, email="nobody@example.com") is None


def test_values_are_dicts_tuples_or_single_values(call):
    alice = Author.objects.filter(name="Alice")
    assert call.list(alice.values("name", "age")) == [{"name": "Alice", "age": 30}]
    assert call.list(alice.values_list("name", "age")) == [("Alice", 30)]
    assert call.list(alice.values_list("name", flat=True)) == ["Alice"]


async def terminal_values() -> tuple[list[Any], list[Any]]:
    alice = Author.objects.filter(name="Alice")
    return await alice.avalues("name"), await alice.avalues_list("name", flat=True)


def test_avalues_gives_rows_at_once(call):
    if call.is_async:
        assert call.run(lambda: None, terminal_values) == ([{"name": "Alice"}], ["Alice"])


def test_update_and_delete_count_rows(call):
    assert call(Author.objects.filter(active=False).update, active=True) == 1
    count, detail = call(Author.objects.filter(age__lt=18).delete)
    assert (count, sum(detail.values())) == (1, 1)
    assert call(Author.objects.filter(name="Alice").update, age=F("age") + 1) == 1
    assert call(Author.objects.get, name="Alice").age == 31


def test_an_instance_saves_the_fields_named_reloads_and_deletes(call):
    author = call(Author.objects.get, name="Bob")
    author.age, author.name = 31, "Robert"
    call(author.save, update_fields=["age"])
    call(author.refresh_from_db)
    assert (author.age, author.name) == (31, "Bob")
    call(author.delete)
    assert call(Author.objects.count) == 3


def test_protect_names_the_objects_that_forbid(call):
    author = call(Author.objects.get, name="Alice")
    contract = call(Contract.objects.create, author=author)
    with pytest.raises(dorm.ProtectedError) as caught:
        call(author.delete)
    assert list(caught.value.protected_objects) == [contract]


def test_nested_relations_come_with_one_statement(call):
    [book, *_] = call.list(Book.objects.select_related("author", "author__publisher").order_by("title"))
    assert book.author.publisher.name == "Press"
    [author, *_] = call.list(Author.objects.prefetch_related("book_set"))
    assert sorted(book.title for book in call.list(author.book_set.all())) == ["One", "Two"]


def test_aggregates_and_annotations(call):
    result = call(Author.objects.aggregate, total=Count("id"), avg_age=Avg("age"), max_age=Max("age"))
    assert result == {"total": 4, "avg_age": 35.25, "max_age": 70}
    assert names(call, Author.objects.annotate(books=Count("book")).filter(books__gte=2)) == ["Alice"]


def test_database_functions(call):
    author = call(
        Author.objects.annotate(
            category=Case(
                When(age__lt=18, then=Value("minor")),
                When(age__lt=65, then=Value("adult")),
                default=Value("senior"),
            ),
            display_bio=Coalesce(F("bio"), Value("No bio provided")),
            upper=Upper(F("name")),
            lower=Lower(F("name")),
            length=Length(F("name")),
            display=Concat(F("name"), Value(" ("), F("email"), Value(")")),
            age_str=Cast(F("age"), output_field="text"),
            age_abs=Abs(F("age") - 100),
        ).get,
        name="Alice",
    )
    assert (author.category, author.display_bio) == ("adult", "No bio provided")
    assert (author.upper, author.lower, author.length) == ("ALICE", "alice", 5)
    assert (author.display, author.age_str, author.age_abs) == ("Alice (alice@example.com)", "30", 70)


def test_set_operations(call):
    young, seniors = Author.objects.filter(age__lt=30), Author.objects.filter(age__gte=65)
    assert names(call, young.union(seniors).order_by("name")) == ["Bob", "Carol", "Dave"]
    assert call(young.union(young, all=True).count) == 4
    active = Author.objects.filter(active=True)
    assert names(call, active.intersection(seniors)) == ["Carol"]
    assert names(call, Author.objects.all().difference(active)) == ["Dave"]


def test_streams_give_every_row(call):
    assert (
        len(
            call(Author.objects.all().iterator, chunk_size=2)
            if call.is_async
            else list(Author.objects.all().iterator(chunk_size=2))
        )
        == 4
    )


def test_raw_rows_are_instances_with_what_else_they_bring(call):
    tables = "seed_authors a LEFT JOIN seed_books b ON b.author_id = a.id "
    sql = f"SELECT a.*, COUNT(b.id) AS book_count FROM {tables}"
    rows = call.list(Author.objects.raw(sql + "WHERE a.age > %s GROUP BY a.id ORDER BY a.id", [25]))
    assert [(author.name, author.book_count) for author in rows] == [("Alice", 2), ("Carol", 0)]


def test_in_takes_a_queryset_sliced_ones_too(call):
    top = Author.objects.order_by("-age")[:2]
    assert call(Book.objects.filter(author__in=top).count) == 2
    assert call(Book.objects.filter(author__in=Author.objects.filter(active=False)).count) == 0


def test_save_of_a_new_instance_finds_the_twin_as_validate_unique_does(call):
    before = call(Author.objects.count)
    author = Author(name="A", age=1, email="alice@example.com")
    said = []
    for method in (author.validate_unique, author.save, author.full_clean):
        try:
            call(method)
        except dorm.ValidationError as e:
            said.append(str(e.message))
    assert len(said) == 3 and all("already exists" in text for text in said)
    with pytest.raises(dorm.IntegrityError):
        call(Author(name="A", age=1, email="alice@example.com").save)
    assert call(Author.objects.count) == before


def test_full_clean_collects_and_validate_unique_finds_the_twin(call):
    with pytest.raises(dorm.ValidationError) as caught:
        call(Author(name="", age=-5, email="not-an-email").full_clean)
    assert caught.value.message
    with pytest.raises(dorm.ValidationError):
        call(Author(name="A", age=1, email="alice@example.com").validate_unique)


def test_a_receiver_is_told_of_the_sender_it_asked_for(call):
    seen: list[tuple[str, bool]] = []

    @post_save.connect_for(Author)
    def welcome(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
        seen.append((instance.name, created))

    try:
        call(Author.objects.create, name="Fay", email="fay@example.com", age=3)
        call(Publisher.objects.create, name="Other")
    finally:
        post_save.disconnect(welcome, Author)
    assert seen == [("Fay", True)]


def test_an_inner_block_that_fails_leaves_the_outer_one_whole(call):
    def sync() -> None:
        with dorm.transaction.atomic():
            Publisher.objects.create(name="Kept")
            with pytest.raises(ValueError), dorm.transaction.atomic():
                Publisher.objects.create(name="Undone")
                raise ValueError

    async def coroutine() -> None:
        async with dorm.transaction.aatomic():
            await Publisher.objects.acreate(name="Kept")
            with pytest.raises(ValueError):
                async with dorm.transaction.aatomic():
                    await Publisher.objects.acreate(name="Undone")
                    raise ValueError

    call.run(sync, coroutine)
    assert sorted(call.list(Publisher.objects.values_list("name", flat=True))) == ["Kept", "Press"]


def test_without_autocommit_rows_wait_for_commit(call):
    def sync() -> None:
        connection = get_connection()
        connection.set_autocommit(False)
        Publisher.objects.create(name="Kept")
        connection.commit()
        Publisher.objects.create(name="Undone")
        connection.rollback()
        connection.set_autocommit(True)

    async def coroutine() -> None:
        connection = get_async_connection()
        await connection.set_autocommit(False)
        await Publisher.objects.acreate(name="Kept")
        await connection.commit()
        await Publisher.objects.acreate(name="Undone")
        await connection.rollback()
        await connection.set_autocommit(True)

    call.run(sync, coroutine)
    assert sorted(call.list(Publisher.objects.values_list("name", flat=True))) == ["Kept", "Press"]


def test_the_health_check_says_ok(call):
    assert call(dorm.health_check)["status"] == "ok"


def test_the_health_check_never_raises(call):
    status = call(dorm.health_check, alias="replica")
    assert (status["status"], status["alias"]) == ("error", "replica")
    assert status["error"]


def test_pool_stats_name_the_vendor(call, database):
    call(Author.objects.count)

    # The async pool is the event loop's own, and is asked inside of it.
    async def coroutine() -> dict[str, Any]:
        return get_async_connection().pool_stats()

    stats = call.run(lambda: get_connection().pool_stats(), coroutine)
    assert (stats["open"], stats["vendor"]) == (True, database.vendor)
    if database.vendor == "postgresql":
        assert {"min_size", "max_size", "pool_size", "pool_available", "requests_waiting"} <= set(stats)


class ReplicaRouter:
    """Reads from one alias, writes to the other."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "replica"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"


def test_routers_are_asked_only_when_no_alias_is_given(call, database, tmp_path):
    replica = {"ENGINE": "sqlite", "NAME": str(tmp_path / "replica.sqlite3")}
    dorm.configure(DATABASES={"default": database.settings, "replica": replica})
    call(dorm.create_tables, *MODELS, using="replica")
    dorm.configure(DATABASE_ROUTERS=[ReplicaRouter()])
    try:
        call(Publisher.objects.create, name="Written")
        assert call(Publisher.objects.count) == 0
        assert call(Publisher.objects.using("default").count) == 2
    finally:
        dorm.configure(DATABASE_ROUTERS=[])


def test_atomic_decorates_with_and_without_a_call(call):
    @dorm.transaction.atomic
    def sync(name: str) -> None:
        Publisher.objects.create(name=name)
        raise LookupError

    @dorm.transaction.aatomic("default")
    async def coroutine(name: str) -> None:
        await Publisher.objects.acreate(name=name)
        raise LookupError

    with pytest.raises(LookupError):
        call.run(lambda: sync("Undone"), lambda: coroutine("Undone"))
    assert call(Publisher.objects.count) == 1


def test_settings_may_come_from_the_environment(monkeypatch, database, tmp_path):
    monkeypatch.setenv("DB_NAME", str(tmp_path / "fake.sqlite3"))
    dorm.configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": os.environ["DB_NAME"]}})
    assert dorm.health_check()["status"] == "ok"
