"""select_for_update(): what it writes, and where it may stand."""

from __future__ import annotations

import threading

import pytest

import dorm
from dorm import FieldError, OperationalError, TransactionManagementError
from tests.queries.models import Author

pytestmark = pytest.mark.usefixtures("rows")


def inside(call, rows):
    """Return the rows, fetched in a transaction."""

    def sync():
        with dorm.transaction.atomic():
            return list(rows)

    async def asynchronous():
        async with dorm.transaction.aatomic():
            return await rows

    return call.run(sync, asynchronous)


@pytest.mark.parametrize(
    ("named", "text"),
    [
        ({}, " FOR UPDATE"),
        ({"nowait": True}, " FOR UPDATE NOWAIT"),
        ({"skip_locked": True}, " FOR UPDATE SKIP LOCKED"),
        ({"no_key": True}, " FOR NO KEY UPDATE"),
        ({"of": ("self",)}, ' FOR UPDATE OF "queries_author"'),
    ],
)
def test_rows_are_locked_where_the_database_can(call, database, statements, named, text):
    with statements() as sent:
        assert len(inside(call, Author.objects.order_by("name").select_for_update(**named))) == 4
    select = next(sql for sql in sent if sql.startswith("SELECT"))
    assert select.endswith(text if database.vendor == "postgresql" else "ASC")


def test_relations_that_are_loaded_may_be_locked(call, database, statements):
    rows = Author.objects.filter(publisher__isnull=False).select_related("publisher")
    with statements() as sent:
        inside(call, rows.select_for_update(of=("self",)))
    assert database.vendor == "sqlite" or any(sql.endswith('OF "queries_author"') for sql in sent)
    if database.vendor == "postgresql":
        with pytest.raises(dorm.NotSupportedError):
            inside(call, rows.select_for_update(of=("publisher",)))


@pytest.mark.parametrize("of", [(), ("self",), ("self", "publisher")])
def test_rows_found_by_a_window_are_not_locked_in_silence(call, database, of):
    number = dorm.Window(dorm.RowNumber(), partition_by="publisher", order_by="name")
    rows = Author.objects.select_related("publisher").annotate(number=number).filter(number=1)
    locked = rows.select_for_update(of=of)
    if database.vendor == "sqlite":
        assert inside(call, locked) == call.list(rows)
        return
    with pytest.raises(dorm.NotSupportedError, match="FOR UPDATE is not allowed with window functions"):
        inside(call, locked)


def test_it_needs_a_transaction(call, statements):
    with statements() as sent:
        with pytest.raises(TransactionManagementError, match="atomic"):
            call.list(Author.objects.select_for_update())
        with pytest.raises(TransactionManagementError):
            call(Author.objects.select_for_update().get, name="Ada")
    assert sent == []


def test_count_and_subqueries_lock_nothing(call):
    rows = Author.objects.select_for_update()
    assert call(rows.count) == 4
    assert call(Author.objects.filter(pk__in=rows).count) == 4
    assert call(rows.update, age=1) == 4


def test_contradictions_are_refused():
    with pytest.raises(ValueError, match="not both"):
        Author.objects.select_for_update(nowait=True, skip_locked=True)
    with pytest.raises(TypeError, match="several"):
        Author.objects.select_for_update(of="self")
    with pytest.raises(FieldError, match="select_related"):
        Author.objects.select_for_update(of=("publisher",))


def test_another_transaction_sees_the_lock(call, database):
    """On PostgreSQL; SQLite lets in one writing transaction at a time."""
    if database.vendor == "sqlite" or call.is_async:
        return
    locked, done = threading.Event(), threading.Event()

    def hold():
        with dorm.transaction.atomic():
            list(Author.objects.filter(name="Ada").select_for_update())
            locked.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert locked.wait(10)
        rows = Author.objects.order_by("name")
        with dorm.transaction.atomic():
            assert [row.name for row in rows.select_for_update(skip_locked=True)] == ["Bob", "Cy", "Dan"]
        with pytest.raises(OperationalError), dorm.transaction.atomic():
            list(rows.select_for_update(nowait=True))
    finally:
        done.set()
        thread.join()
