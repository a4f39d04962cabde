"""migrate(): forwards and backwards, each migration a transaction of its own, and what is told meanwhile."""

from __future__ import annotations

import pytest

import dorm
from dorm.db.connection import get_connection
from dorm.migrations.api import migrate, plan
from dorm.migrations.recorder import MigrationRecorder
from tests.migrations.folders import Apps


@pytest.fixture
def apps(tmp_path):
    return Apps(tmp_path)


@pytest.fixture
def blog(apps):
    """Two apps: the second migration of shop stands on that of blog."""
    apps.table("blog", "0001_initial", "blog_one")
    apps.table("blog", "0002_two", "blog_two")
    apps.table("shop", "0001_initial", "shop_one")
    apps.table("shop", "0002_blog", "shop_two", after=[("blog", "0002_two")])
    apps.table("blog", "0003_three", "blog_three")
    return apps


def tables():
    """Return the tables that the migrations here make, as far as they are there."""
    names = ("blog_one", "blog_two", "blog_three", "shop_one", "shop_two")
    return {name for name in names if get_connection().table_exists(name)}


def recorded(alias="default"):
    return {".".join(key) for key in MigrationRecorder(get_connection(alias)).applied_migrations()}


def told(steps):
    return [f"-{step}" if step.backwards else str(step) for step in steps]


ALL = {"blog.0001_initial", "blog.0002_two", "blog.0003_three", "shop.0001_initial", "shop.0002_blog"}


def test_everything_is_applied_once_in_the_order_of_its_dependencies(call, blog):
    steps = told(call(migrate, apps=blog))
    assert set(steps) == ALL
    assert steps.index("blog.0002_two") < steps.index("shop.0002_blog")
    assert len(tables()) == 5
    assert recorded() == ALL
    assert call(migrate, apps=blog) == []


def test_an_app_brings_what_it_depends_on(call, blog):
    assert set(told(call(migrate, "shop", apps=blog))) == ALL - {"blog.0003_three"}
    assert told(call(migrate, "blog", apps=blog)) == ["blog.0003_three"]


def test_a_target_is_named_in_full_or_by_its_beginning(call, blog):
    assert told(call(migrate, "blog", "0001_initial", apps=blog)) == ["blog.0001_initial"]
    assert told(call(migrate, "blog", "0002", apps=blog)) == ["blog.0002_two"]
    assert told(call(migrate, "blog", "3", apps=blog)) == ["blog.0003_three"]
    assert told(call(migrate, "blog", "1", apps=blog)) == ["-blog.0003_three", "-blog.0002_two"]


def test_what_depends_on_a_migration_is_undone_before_it(call, blog):
    call(migrate, apps=blog)
    assert told(call(migrate, "blog", "0001", apps=blog)) in (
        ["-shop.0002_blog", "-blog.0003_three", "-blog.0002_two"],
        ["-blog.0003_three", "-shop.0002_blog", "-blog.0002_two"],
    )
    assert tables() == {"blog_one", "shop_one"}
    assert recorded() == {"blog.0001_initial", "shop.0001_initial"}


def test_zero_undoes_an_app_and_what_stands_on_it(call, blog):
    call(migrate, apps=blog)
    assert told(call(migrate, "blog", "zero", apps=blog))[-1] == "-blog.0001_initial"
    assert tables() == {"shop_one"}
    assert call(migrate, "blog", "zero", apps=blog) == []
    assert len(call(migrate, apps=blog)) == 4


def test_a_target_that_there_is_not_is_refused_with_the_nearest(call, blog):
    with pytest.raises(dorm.MigrationError, match=r"no migration blog\.0002_tow\. Did you mean '0002_two'"):
        call(migrate, "blog", "0002_tow", apps=blog)
    with pytest.raises(dorm.MigrationError, match="'000' is the beginning of several migrations of blog"):
        call(migrate, "blog", "000", apps=blog)
    assert tables() == set()


def test_an_app_that_there_is_not_is_refused_with_the_nearest(call, blog):
    with pytest.raises(dorm.MigrationError, match=r"no app 'blogg'\. Did you mean 'blog'"):
        call(migrate, "blogg", apps=blog)
    with pytest.raises(TypeError, match="needs the label"):
        call(migrate, target="0001", apps=blog)


def test_a_plan_changes_nothing(call, blog):
    assert set(told(call(plan, apps=blog))) == ALL
    assert told(call(plan, "blog", "0001", apps=blog)) == ["blog.0001_initial"]
    assert not get_connection().table_exists("dorm_migrations")
    call(migrate, apps=blog)
    assert told(call(plan, "shop", "zero", apps=blog)) == ["-shop.0002_blog", "-shop.0001_initial"]
    assert len(tables()) == 5


# -- one transaction each -------------------------------------------------------------------------


def test_a_migration_that_raises_leaves_nothing_and_those_before_it_stay(call, blog):
    blog.write(
        "blog",
        "0004_half",
        """
        def fail(app_label, registry):
            raise ZeroDivisionError("half way")

        operations = [RunSQL("CREATE TABLE half (id INTEGER)"), RunPython(fail)]
        """,
    )
    with pytest.raises(ZeroDivisionError, match="half way") as caught:
        call(migrate, apps=blog)
    assert caught.value.__notes__ == ["in blog.0004_half, operation 2: Run Python"]
    assert not get_connection().table_exists("half")
    assert {"blog.0001_initial", "blog.0002_two", "blog.0003_three"} <= recorded()
    assert "blog.0004_half" not in recorded()


def test_a_migration_that_cannot_be_recorded_leaves_nothing(call, apps):
    apps.table("blog", "0001_initial", "blog_one")
    call(migrate, apps=apps)
    apps.table("blog", "0002_two", "blog_two")
    get_connection().execute("ALTER TABLE dorm_migrations RENAME COLUMN applied TO applied_at")
    with pytest.raises(dorm.DatabaseError):
        call(migrate, apps=apps)
    assert tables() == {"blog_one"}


def test_a_migration_that_raises_as_it_is_undone_stays_whole(call, apps):
    apps.write(
        "blog",
        "0001_initial",
        """
        def fail(app_label, registry):
            raise ZeroDivisionError("no way back")

        operations = [
            RunPython(lambda app_label, registry: None, fail),
            RunSQL("CREATE TABLE blog_one (id INTEGER)", "DROP TABLE blog_one"),
        ]
        """,
    )
    call(migrate, apps=apps)
    with pytest.raises(ZeroDivisionError) as caught:
        call(migrate, "blog", "zero", apps=apps)
    assert caught.value.__notes__ == ["in blog.0001_initial, operation 1: Run Python"]
    assert tables() == {"blog_one"}
    assert recorded() == {"blog.0001_initial"}


def test_what_cannot_be_undone_is_refused_before_anything_is(call, apps):
    apps.write(
        "blog",
        "0001_initial",
        """
        operations = [
            RunPython(lambda app_label, registry: None),
            RunSQL("CREATE TABLE blog_one (id INTEGER)", "DROP TABLE blog_one"),
        ]
        """,
    )
    call(migrate, apps=apps)
    with pytest.raises(dorm.MigrationError, match="Run Python cannot be undone"):
        call(migrate, "blog", "zero", apps=apps)
    assert tables() == {"blog_one"}


def test_a_migration_that_is_no_transaction_keeps_what_was_done_before_it_failed(call, apps):
    apps.write(
        "blog",
        "0001_initial",
        """
        atomic = False
        operations = [RunSQL("CREATE TABLE blog_one (id INTEGER)", "DROP TABLE blog_one"), RunSQL("NONSENSE")]
        """,
    )
    with pytest.raises(dorm.DatabaseError):
        call(migrate, apps=apps)
    assert tables() == {"blog_one"}
    assert recorded() == set()


def test_outside_of_a_transaction_there_is_none(call, apps):
    apps.write(
        "blog",
        "0001_initial",
        """
        atomic = False

        def look(app_label, registry):
            from dorm.db.connection import open_block
            assert open_block("default") is None

        operations = [RunPython(look, look, atomic=False)]
        """,
    )
    assert told(call(migrate, apps=apps)) == ["blog.0001_initial"]
    assert told(call(migrate, "blog", "zero", apps=apps)) == ["-blog.0001_initial"]


# -- what is there already ------------------------------------------------------------------------


def test_fake_records_without_running(call, blog):
    call(migrate, apps=blog, fake=True)
    assert tables() == set()
    assert recorded() == ALL
    call(migrate, "blog", "zero", apps=blog, fake=True)
    assert recorded() == {"shop.0001_initial"}


def test_a_history_with_a_gap_is_refused(call, blog):
    call(migrate, apps=blog, fake=True)
    MigrationRecorder(get_connection()).record_unapplied("blog", "0002_two")
    with pytest.raises(dorm.MigrationError, match=r"blog\.0003_three is applied before blog\.0002_two"):
        call(migrate, apps=blog)


# -- who is told ----------------------------------------------------------------------------------


def test_progress_is_told_as_it_happens(call, apps):
    apps.table("blog", "0001_initial", "blog_one")
    seen = []

    def watch(progress):
        seen.append((progress.event, str(progress.step), progress.fake, "blog.0001_initial" in recorded()))

    call(migrate, apps=apps, on_progress=watch)
    assert seen == [
        ("start", "blog.0001_initial", False, False),
        ("done", "blog.0001_initial", False, True),
    ]


def test_signals_tell_each_app_before_and_after(call, blog):
    seen = []

    def watch(sender, app_label, using, plan, apps, verbosity):
        seen.append((sender, app_label, using, len(plan), len(tables())))

    dorm.pre_migrate.connect(watch)
    dorm.post_migrate.connect(watch)
    try:
        call(migrate, apps=blog)
        call(migrate, apps=blog)
    finally:
        dorm.pre_migrate.disconnect(watch)
        dorm.post_migrate.disconnect(watch)
    assert seen == [
        ("blog", "blog", "default", 5, 0),
        ("shop", "shop", "default", 5, 0),
        ("blog", "blog", "default", 5, 5),
        ("shop", "shop", "default", 5, 5),
        ("blog", "blog", "default", 0, 5),
        ("shop", "shop", "default", 0, 5),
        ("blog", "blog", "default", 0, 5),
        ("shop", "shop", "default", 0, 5),
    ]


# -- several databases ----------------------------------------------------------------------------


class ShopRouter:
    def __init__(self):
        self.asked = []

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        self.asked.append((db, app_label, model_name, hints))
        return hints.get("everywhere") or (db == "shop") == (app_label == "shop")


@pytest.fixture
def router(call, database, tmp_path):
    made = ShopRouter()
    other = {"ENGINE": "sqlite", "NAME": str(tmp_path / "shop.sqlite3")}
    dorm.configure(DATABASES={"default": database.settings, "shop": other}, DATABASE_ROUTERS=[made])
    yield made
    dorm.configure(DATABASE_ROUTERS=[])


def test_each_database_has_its_own_record(call, blog, router):
    dorm.configure(DATABASE_ROUTERS=[])
    call(migrate, "shop", "0001", apps=blog, using="shop")
    assert recorded("shop") == {"shop.0001_initial"}
    assert recorded() == set()
    assert get_connection("shop").table_exists("shop_one")


def test_an_operation_that_routers_refuse_is_passed_over_and_recorded(call, blog, router):
    blog.write(
        "blog",
        "0004_everywhere",
        """
        operations = [
            RunSQL("CREATE TABLE both (id INTEGER)", "DROP TABLE both", hints={"everywhere": True}),
        ]
        """,
    )
    call(migrate, apps=blog, using="shop")
    names = ("shop_one", "blog_one", "both")
    present = {name for name in names if get_connection("shop").table_exists(name)}
    assert present == {"shop_one", "both"}
    assert recorded("shop") == {*ALL, "blog.0004_everywhere"}
    assert ("shop", "blog", None, {"everywhere": True}) in router.asked
    call(migrate, "blog", "zero", apps=blog, using="shop")
    assert not get_connection("shop").table_exists("both")


def test_routers_are_told_the_model_that_an_operation_is_about(call, apps, router):
    apps.write(
        "blog",
        "0001_initial",
        'operations = [CreateModel("Note", [("id", dorm.BigAutoField(primary_key=True))])]',
    )
    apps.write("blog", "0002_memo", 'operations = [RenameModel("Note", "Memo")]')
    call(migrate, apps=apps, using="shop")
    assert not get_connection("shop").table_exists("blog_memo")
    told = [(db, label, name, hints["model"].__name__) for db, label, name, hints in router.asked]
    assert told == [("shop", "blog", "note", "Note"), ("shop", "blog", "memo", "Memo")]
    call(migrate, apps=apps)
    assert get_connection().table_exists("blog_memo")


# -- tables that are there already ----------------------------------------------------------------

INITIAL = """
operations = [
    CreateModel("Tag", [("id", dorm.BigAutoField(primary_key=True))]),
    CreateModel("Post", [
        ("id", dorm.BigAutoField(primary_key=True)),
        ("title", dorm.CharField(max_length=50)),
        ("tags", dorm.ManyToManyField("blog.Tag")),
    ]),
    AddField("Post", "body", dorm.TextField()),
]
"""
THERE = (
    "CREATE TABLE blog_post (id INTEGER, title TEXT, body TEXT, extra TEXT)",
    "CREATE TABLE blog_tag (id INTEGER)",
    "CREATE TABLE blog_post_tags (id INTEGER, post_id INTEGER, tag_id INTEGER)",
)


def test_fake_initial_records_a_first_migration_whose_tables_are_there(call, apps):
    apps.write("blog", "0001_initial", INITIAL)
    apps.table("blog", "0002_two", "blog_two")
    for statement in THERE:
        get_connection().execute(statement)
    seen = []
    call(migrate, apps=apps, fake_initial=True, on_progress=lambda progress: seen.append(progress.fake))
    assert seen == [True, True, False, False]
    assert tables() == {"blog_two"}


@pytest.mark.parametrize(
    "instead",
    [
        "CREATE TABLE blog_post (id INTEGER, title TEXT)",
        "CREATE TABLE blog_posts (id INTEGER, title TEXT, body TEXT)",
    ],
)
def test_a_table_or_a_column_that_is_missing_is_not_taken_for_granted(call, apps, instead):
    apps.write("blog", "0001_initial", INITIAL)
    for statement in (instead, *THERE[1:]):
        get_connection().execute(statement)
    with pytest.raises(dorm.DatabaseError):
        call(migrate, apps=apps, fake_initial=True)


def test_fake_initial_is_for_first_migrations_alone(call, apps):
    apps.table("blog", "0001_initial", "blog_one")
    apps.write("blog", "0002_more", INITIAL)
    for statement in THERE:
        get_connection().execute(statement)
    with pytest.raises(dorm.DatabaseError):
        call(migrate, apps=apps, fake_initial=True)
    assert recorded() == {"blog.0001_initial"}


# -- more than one migrator -----------------------------------------------------------------------


def test_a_step_that_someone_else_has_taken_meanwhile_is_passed_over(call, apps):
    apps.table("blog", "0001_initial", "blog_one")
    apps.table("blog", "0002_two", "blog_two")
    seen = []

    def watch(progress):
        seen.append((progress.event, str(progress.step)))
        if seen == [("start", "blog.0001_initial"), ("done", "blog.0001_initial")]:
            MigrationRecorder(get_connection()).record_applied("blog", "0002_two")

    call(migrate, apps=apps, on_progress=watch)
    assert seen[2:] == [("skipped", "blog.0002_two")]
    assert tables() == {"blog_one"}


# -- functions of migrations ----------------------------------------------------------------------

NOTES = """
operations = [CreateModel("Note", [("id", dorm.BigAutoField(primary_key=True)), ("text", dorm.TextField())])]
"""


def notes(alias="default"):
    return [text for (text,) in get_connection(alias).execute("SELECT text FROM blog_note ORDER BY id")]


def test_a_coroutine_function_takes_part_in_the_migration_in_either_colour(call, apps):
    apps.write("blog", "0001_initial", NOTES)
    apps.write(
        "blog",
        "0002_notes",
        """
        import asyncio

        async def fill(app_label, registry):
            Note = registry["Note"]
            await Note.objects.acreate(text="one")
            await asyncio.sleep(0)
            async with dorm.transaction.aatomic():
                await Note(text="two").asave()
            assert await Note.objects.acount() == 2
            assert [note.text async for note in Note.objects.order_by("id")] == ["one", "two"]

        async def clear(app_label, registry):
            await registry["Note"].objects.all().adelete()

        operations = [RunPython(fill, clear)]
        """,
    )
    call(migrate, apps=apps)
    assert notes() == ["one", "two"]
    call(migrate, "blog", "0001", apps=apps)
    assert notes() == []


def test_a_coroutine_function_that_fails_leaves_nothing(call, apps):
    apps.write("blog", "0001_initial", NOTES)
    apps.write(
        "blog",
        "0002_notes",
        """
        async def fill(app_label, registry):
            await registry["Note"].objects.acreate(text="one")
            raise ZeroDivisionError

        operations = [RunPython(fill)]
        """,
    )
    with pytest.raises(ZeroDivisionError):
        call(migrate, apps=apps)
    assert notes() == []


def test_the_models_of_a_migration_are_of_the_database_that_is_migrated(call, apps, router):
    apps.write("shop", "0001_initial", NOTES.replace("Note", "Item"))
    apps.write(
        "shop",
        "0002_items",
        """
        async def afill(app_label, registry):
            Item = registry["Item"]
            await Item.objects.acreate(text="one")
            await Item(text="two").asave()
            assert await Item.objects.acount() == 2

        def fill(app_label, registry):
            Item = registry["Item"]
            Item.objects.create(text="one")
            Item(text="two").save()
            assert Item.objects.count() == 2
            item = Item.objects.get(text="two")
            item.save()
            assert Item.objects.using("shop").count() == 2

        operations = [RunPython(FILL)]
        """.replace("FILL", "afill" if call.is_async else "fill"),
    )
    call(migrate, apps=apps, using="shop")
    rows = get_connection("shop").execute("SELECT text FROM shop_item ORDER BY id")
    assert rows == [("one",), ("two",)]


def test_a_plain_function_takes_part_in_the_migration_in_either_colour(call, apps):
    apps.write("blog", "0001_initial", NOTES.replace("dorm.TextField()", "dorm.TextField(unique=True)"))
    apps.write(
        "blog",
        "0002_notes",
        """
        def fill(app_label, registry):
            Note = registry["Note"]
            Note.objects.create(text="one")
            try:
                with dorm.transaction.atomic():
                    Note.objects.create(text="two")
                    Note.objects.create(text="one")
            except dorm.IntegrityError:
                pass
            with dorm.transaction.atomic():
                Note(text="three").save()
            texts = [note.text for note in Note.objects.order_by("id").iterator(chunk_size=1)]
            assert texts == ["one", "three"]
            told = []
            dorm.transaction.on_commit(lambda: told.append(Note.objects.count()))
            assert told == []

        def clear(app_label, registry):
            registry["Note"].objects.all().delete()

        operations = [RunPython(fill, clear)]
        """,
    )
    call(migrate, apps=apps)
    assert notes() == ["one", "three"]
    call(migrate, "blog", "0001", apps=apps)
    assert notes() == []


def test_a_plain_function_that_fails_leaves_nothing(call, apps):
    apps.write("blog", "0001_initial", NOTES)
    apps.write(
        "blog",
        "0002_notes",
        """
        def fill(app_label, registry):
            registry["Note"].objects.create(text="one")
            raise ZeroDivisionError

        operations = [RunPython(fill)]
        """,
    )
    with pytest.raises(ZeroDivisionError) as caught:
        call(migrate, apps=apps)
    assert caught.traceback[-1].path.name == "0002_notes.py"
    assert notes() == []
