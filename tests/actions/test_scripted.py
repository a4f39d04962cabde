"""Actions over a scripted driver: answers in, statements out, no database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from dorm import F, IntegrityError
from dorm._run import run_sync
from dorm.actions import bulk, read, save
from dorm.actions import delete as deletion
from dorm.actions import update as updating
from dorm.sql.dialects.sqlite import SQLiteDialect
from tests.queries.models import Author, Book, Publisher


class Scripted:
    """An executor that notes what it is sent, and gives the answers that it was given."""

    alias = "default"
    vendor = "sqlite"
    is_async = False
    in_atomic = False

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, list[Any]]] = []
        self.dialect = SQLiteDialect()

    async def _answer(self, sql: str, params: Sequence[Any]) -> Any:
        self.sent.append((sql, list(params)))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    fetch = execute = _answer

    def atomic(self, **named: Any) -> Scripted:
        return self

    async def __aenter__(self) -> None:
        self.sent.append(("BEGIN", []))

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.sent.append(("ROLLBACK" if kind else "COMMIT", []))

    @property
    def words(self) -> list[str]:
        """The first words of the statements."""
        return [sql.split()[0] for sql, _ in self.sent]


def asked() -> str:
    return "get()"


def test_get_asks_for_two_rows_and_builds_the_one():
    db = Scripted([(1, "Acme", None)])
    publisher = run_sync(read.get(db, Publisher.objects.filter(name="Acme").query, asked))
    assert (publisher.pk, publisher.name, publisher.city) == (1, "Acme", None)
    assert db.sent[0][1][0] == "Acme"
    assert "LIMIT" in db.sent[0][0]


def test_get_counts_only_when_there_are_two():
    db = Scripted([(1, "a", None), (2, "b", None)], [(7,)])
    with pytest.raises(Publisher.MultipleObjectsReturned, match="7"):
        run_sync(read.get(db, Publisher.objects.all().query, asked))
    assert len(db.sent) == 2


def test_an_empty_query_is_answered_without_a_statement():
    db = Scripted()
    query = Author.objects.none().query
    assert run_sync(read.fetch(db, query)) == []
    assert run_sync(read.count(db, query)) == 0
    assert run_sync(read.exists(db, query)) is False
    assert run_sync(updating.update(db, query, {"age": 1})) == 0
    assert run_sync(deletion.delete(db, query)) == (0, {})
    assert db.sent == []


def test_save_of_a_new_row_is_an_insert_and_takes_its_key():
    db = Scripted([(41,)])
    publisher = Publisher(name="Acme")
    run_sync(save.save(db, publisher))
    assert publisher.pk == 41
    assert db.words == ["INSERT"]
    assert db.sent[0][1] == ["Acme", None]


def test_save_of_a_given_key_updates_and_inserts_only_if_there_was_no_row():
    db = Scripted(0, [(5,)])
    run_sync(save.save(db, Publisher(pk=5, name="Acme")))
    assert db.words == ["UPDATE", "INSERT"]
    db = Scripted(1)
    run_sync(save.save(db, Publisher(pk=5, name="Acme")))
    assert db.words == ["UPDATE"]


def test_an_insert_that_fails_leaves_the_instance_new():
    db = Scripted(IntegrityError("no"))
    publisher = Publisher(name="Acme")
    with pytest.raises(IntegrityError):
        run_sync(save.save(db, publisher))
    assert publisher.pk is None
    db = Scripted([(1,)])
    run_sync(save.save(db, publisher))
    assert db.words == ["INSERT"]


def test_bulk_create_is_one_transaction_of_batches():
    db = Scripted([(1,), (2,)], [(3,)])
    made = run_sync(
        bulk.bulk_create(db, Publisher._meta, [Publisher(name=name) for name in "abc"], batch_size=2)
    )
    assert [one.pk for one in made] == [1, 2, 3]
    assert db.words == ["BEGIN", "INSERT", "INSERT", "COMMIT"]
    assert db.sent[1][1] == ["a", None, "b", None]


def test_bulk_create_that_fails_in_its_second_batch_gives_no_keys():
    db = Scripted([(1,), (2,)], IntegrityError("no"))
    given = [Publisher(name=name) for name in "abc"]
    with pytest.raises(IntegrityError):
        run_sync(bulk.bulk_create(db, Publisher._meta, given, batch_size=2))
    assert [one.pk for one in given] == [None] * 3
    assert db.words[-1] == "ROLLBACK"


def test_an_update_is_one_statement_with_its_values_in_order():
    db = Scripted(2)
    rows = Author.objects.filter(name="Ada", age__in=[1, 2]).query
    assert run_sync(updating.update(db, rows, {"age": F("age") + 5, "active": False})) == 2
    assert db.words == ["UPDATE"]
    assert db.sent[0][1] == [5, False, "Ada", 1, 2]


def test_a_delete_reads_before_it_writes_and_writes_in_one_transaction():
    book = (9, "t", 1, None, 4)
    db = Scripted([(4, "Ada", 3, 1, None, None)], [], [book], 1, 1)
    total, by_model = run_sync(deletion.delete(db, Author.objects.filter(name="Ada").query))
    assert (total, by_model) == (2, {"queries.Author": 1, "queries.Book": 1})
    assert db.words == ["BEGIN", "SELECT", "SELECT", "SELECT", "DELETE", "DELETE", "COMMIT"]


def test_a_delete_of_rows_that_nothing_refers_to_reads_none():
    db = Scripted(3)
    assert run_sync(deletion.delete(db, Book.objects.filter(pages=1).query)) == (3, {"queries.Book": 3})
    assert db.words == ["DELETE"]
