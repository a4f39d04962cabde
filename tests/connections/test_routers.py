"""DATABASE_ROUTERS: where reads and writes go when nobody says."""

from __future__ import annotations

import pytest

import dorm
from dorm.db.connection import get_connection
from dorm.db.routers import router_allow_migrate, router_db_for_read, router_db_for_write


class Writer(dorm.Model):
    name = dorm.CharField(max_length=20)

    class Meta:
        db_table = "routed_writer"


class Letter(dorm.Model):
    text = dorm.CharField(max_length=20)
    writer = dorm.ForeignKey(Writer, on_delete=dorm.CASCADE)

    class Meta:
        db_table = "routed_letter"


class Replica:
    """Reads go to the replica."""

    def __init__(self):
        self.asked = []

    def db_for_read(self, model, **hints):
        self.asked.append(("read", model, hints))
        return "replica"

    def db_for_write(self, model, **hints):
        self.asked.append(("write", model, hints))
        return "default"


@pytest.fixture
def replica(call, database, tmp_path):
    """Return the router; both databases hold the tables, and nothing copies rows between them."""
    router = Replica()
    copy = {"ENGINE": "sqlite", "NAME": str(tmp_path / "replica.sqlite3")}
    dorm.configure(DATABASES={"default": database.settings, "replica": copy})
    for alias in ("default", "replica"):
        call(dorm.create_tables, Writer, Letter, using=alias)
    dorm.configure(DATABASE_ROUTERS=[router])
    yield router
    dorm.configure(DATABASE_ROUTERS=[])


def rows(table, alias):
    return get_connection(alias).execute(f"SELECT count(*) FROM {table}")[0][0]


def test_reads_go_to_the_replica_and_writes_to_the_default(call, replica):
    call(Writer.objects.create, name="Ada")
    assert call(Writer.objects.count) == 0
    assert call.list(Writer.objects.all()) == []
    assert rows("routed_writer", "default") == 1
    assert call(Writer.objects.filter(name="Ada").update, name="Eve") == 1
    assert call(Writer.objects.all().delete)[0] == 1
    assert rows("routed_writer", "default") == 0


def test_using_is_stronger_than_any_router(call, replica):
    call(Writer.objects.using("replica").create, name="Ada")
    assert call(Writer.objects.count) == 1
    assert call(Writer.objects.using("default").count) == 0
    writer = Writer(name="Eve")
    call(writer.save, using="replica")
    assert call(Writer.objects.count) == 2


def test_a_read_in_a_transaction_of_the_writer_stays_there(call, replica):
    def sync():
        with dorm.transaction.atomic():
            Writer.objects.create(name="Ada")
            return Writer.objects.count(), Writer.objects.get(name="Ada").name

    async def asynchronous():
        async with dorm.transaction.aatomic():
            await Writer.objects.acreate(name="Ada")
            return await Writer.objects.acount(), (await Writer.objects.aget(name="Ada")).name

    assert call.run(sync, asynchronous) == (1, "Ada")
    assert call(Writer.objects.count) == 0


def test_an_instance_from_the_replica_is_saved_where_the_router_says(call, replica):
    call(Writer.objects.using("replica").create, name="Ada", id=7)
    call(Writer.objects.using("default").create, name="Ada", id=7)
    writer = call(Writer.objects.get, name="Ada")
    writer.name = "Eve"
    call(writer.save)
    assert call(Writer.objects.using("default").get, id=7).name == "Eve"
    assert call(Writer.objects.get, id=7).name == "Ada"
    call(writer.delete)
    assert rows("routed_writer", "default") == 0
    assert rows("routed_writer", "replica") == 1


def test_relations_ask_with_the_instance_as_hint(call, replica):
    writer = call(Writer.objects.create, name="Ada")
    letter = call(writer.letter_set.create, text="Dear")
    assert ("write", Letter, {"instance": writer}) in replica.asked
    assert call(writer.letter_set.count) == 0
    assert ("read", Letter, {"instance": writer}) in replica.asked
    call(Writer.objects.using("replica").create, name="Ada's copy", id=writer.id)
    fresh = call(Letter.objects.using("default").get, id=letter.id)
    assert fresh.writer.name == "Ada's copy"
    assert ("read", Writer, {"instance": fresh}) in replica.asked


def test_an_instance_keeps_the_database_it_came_from_when_no_router_answers(call, replica):
    dorm.configure(DATABASE_ROUTERS=[object()])
    call(Writer.objects.using("replica").create, name="Ada")
    writer = call(Writer.objects.using("replica").get, name="Ada")
    call(writer.letter_set.create, text="Dear")
    writer.name = "Eve"
    call(writer.save)
    assert rows("routed_letter", "replica") == 1
    assert rows("routed_letter", "default") == 0
    assert call(Writer.objects.using("replica").get, name="Eve") == writer


def test_the_first_router_that_answers_wins(database):
    class Silent:
        def db_for_read(self, model, **hints):
            return None

    class Analytics:
        def db_for_read(self, model, **hints):
            return "analytics" if hints.get("slow") else None

    dorm.configure(DATABASE_ROUTERS=[object(), Silent(), Analytics(), Replica()])
    try:
        assert router_db_for_read(Writer) == "replica"
        assert router_db_for_read("anything", slow=True) == "analytics"
        assert router_db_for_write(Writer) == "default"
    finally:
        dorm.configure(DATABASE_ROUTERS=[])
    assert router_db_for_read(Writer) == "default"


def test_a_router_may_be_named_by_its_class_or_its_path(database):
    try:
        for router in (Replica, "tests.connections.test_routers.PathRouter"):
            dorm.configure(DATABASE_ROUTERS=[router])
            assert router_db_for_read(Writer) == "replica"
        dorm.configure(DATABASE_ROUTERS=["tests.nowhere.Router"])
        with pytest.raises(dorm.ImproperlyConfigured, match=r"tests\.nowhere\.Router"):
            router_db_for_read(Writer)
    finally:
        dorm.configure(DATABASE_ROUTERS=[])


class PathRouter(Replica):
    """A router that is named by its path."""


def test_an_alias_that_is_no_database_is_refused(call, replica):
    class Wrong:
        def db_for_read(self, model, **hints):
            return "replicaa"

    dorm.configure(DATABASE_ROUTERS=[Wrong()])
    with pytest.raises(dorm.ImproperlyConfigured, match="Did you mean 'replica'"):
        call(Writer.objects.count)


# -- relations between databases ------------------------------------------------------------------


class Apart:
    """Everything goes to the default, and nothing may be related but by leave."""

    def __init__(self, leave):
        self.leave = leave
        self.asked = []

    def allow_relation(self, one, other, **hints):
        self.asked.append((one, other, hints))
        return self.leave


def test_rows_of_two_databases_are_not_related_unless_a_router_lets_them(call, replica):
    dorm.configure(DATABASE_ROUTERS=[])
    writer = call(Writer.objects.using("replica").create, name="Ada")
    letter = Letter(text="Dear")
    letter.writer = writer
    call(letter.writer.save, using="default")
    call(letter.save)
    elsewhere = call(Writer.objects.using("replica").get, name="Ada")
    with pytest.raises(dorm.FieldError, match=r"Letter\.writer.*'replica'.*'default'.*allow_relation"):
        letter.writer = elsewhere
    dorm.configure(DATABASE_ROUTERS=[Apart(True)])
    letter.writer = elsewhere
    assert letter.writer is elsewhere


def test_a_router_may_forbid_what_is_of_one_database(call, replica):
    writer = call(Writer.objects.create, name="Ada")
    letter = call(Letter.objects.create, text="Dear", writer=writer)
    router = Apart(False)
    dorm.configure(DATABASE_ROUTERS=[object(), router])
    with pytest.raises(dorm.FieldError, match="no router lets them be related"):
        letter.writer = writer
    assert router.asked == [(writer, letter, {})]


class Reader(dorm.Model):
    name = dorm.CharField(max_length=20)
    letters = dorm.ManyToManyField(Letter, related_name="readers")


def test_pairs_are_asked_for_too(call, replica):
    for alias in ("default", "replica"):
        call(dorm.create_tables, Reader, using=alias)
    dorm.configure(DATABASE_ROUTERS=[])
    writer = call(Writer.objects.create, name="Ada")
    letter = call(Letter.objects.create, text="Dear", writer=writer)
    reader = call(Reader.objects.using("replica").create, name="Eve")
    with pytest.raises(dorm.FieldError, match=r"Reader\.letters.*allow_relation"):
        call(reader.letters.add, letter)
    with pytest.raises(dorm.FieldError, match=r"Reader\.letters.*allow_relation"):
        call(reader.letters.set, [letter])


# -- migrations -----------------------------------------------------------------------------------


def test_a_migration_runs_where_the_first_router_with_an_opinion_says():
    class Silent:
        def allow_migrate(self, db, app_label, model_name=None, **hints):
            return None

    class Shop:
        def allow_migrate(self, db, app_label, model_name=None, **hints):
            if hints.get("everywhere"):
                return True
            return db == ("shop" if app_label == "shop" and model_name != "note" else "default")

    dorm.configure(DATABASE_ROUTERS=[object(), Silent(), Shop()])
    try:
        assert router_allow_migrate("shop", "shop")
        assert not router_allow_migrate("default", "shop", "item")
        assert router_allow_migrate("default", "shop", model_name="note")
        assert router_allow_migrate("shop", "blog", everywhere=True)
    finally:
        dorm.configure(DATABASE_ROUTERS=[])
    assert router_allow_migrate("default", "shop")
