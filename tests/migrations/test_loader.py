"""Files of migrations: both shapes, what is said of bad ones, and squashed ones on every kind of database."""

from __future__ import annotations

import sys
import textwrap

import pytest

from dorm import MigrationError
from dorm.migrations.loader import MigrationLoader, read_migration

CREATE = """
import dorm
from dorm.migrations.operations import CreateModel

operations = [CreateModel("Author", [("id", dorm.BigAutoField(primary_key=True)), ("name",
dorm.CharField())])]
"""


@pytest.fixture
def write(tmp_path):
    """Write the files of an app's migrations; return the folder."""

    def files(label: str = "blog", **texts: str):
        folder = tmp_path / label / "migrations"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name.removeprefix('m')}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        return folder

    return files


def after(*parents: str, more: str = "") -> str:
    pairs = [tuple(parent.split(".")) for parent in parents]
    return f"dependencies = {pairs!r}\noperations = []\n{more}"


def names(loader: MigrationLoader, label: str = "blog") -> list[str]:
    return loader.names(label)


# -- reading ----------------------------------------------------------------------------------------


def test_a_file_may_say_all_in_its_module(write):
    folder = write(m0001_initial=CREATE + 'atomic = False\nrun_before = [("shop", "0001")]\ninitial = True\n')

    migration = read_migration("blog", folder / "0001_initial.py")

    assert (migration.label, migration.name, migration.key) == (
        "blog",
        "0001_initial",
        ("blog", "0001_initial"),
    )
    assert [type(operation).__name__ for operation in migration.operations] == ["CreateModel"]
    assert (migration.atomic, migration.initial, migration.run_before) == (False, True, [("shop", "0001")])
    assert (migration.dependencies, migration.replaces) == ([], [])


def test_a_file_may_say_all_in_a_class(write):
    text = """
    import dorm
    from dorm.migrations.operations import AddIndex

    class Migration:
        dependencies = [("blog", "0001_initial")]
        operations = [AddIndex(model_name="Author", index=dorm.Index(fields=["name"]))]
    """

    migration = read_migration("blog", write(m0002_x=text) / "0002_x.py")

    assert migration.dependencies == [("blog", "0001_initial")]
    assert migration.operations[0].index.fields == ["name"]


def test_a_class_without_operations_has_none(write):
    migration = read_migration(
        "blog", write(m0002_x="class Migration:\n    dependencies = []\n") / "0002_x.py"
    )

    assert migration.operations == []


def test_functions_of_the_file_are_there_for_run_python(write):
    text = """
    from dorm.migrations.operations import RunPython

    def seed(app_label, registry):
        return helper()

    def helper():
        return 7

    operations = [RunPython(seed)]
    """

    migration = read_migration("blog", write(m0001_x=text) / "0001_x.py")

    assert migration.operations[0].code("blog", None) == 7


def test_a_file_that_has_changed_is_read_anew(write):
    folder = write(m0001_x="operations = []\natomic = True \n")
    assert read_migration("blog", folder / "0001_x.py").atomic is True

    write(m0001_x="operations = []\natomic = False\n")

    assert read_migration("blog", folder / "0001_x.py").atomic is False
    assert not (folder / "__pycache__").exists()


def test_reading_leaves_no_module_behind(write):
    folder = write(
        m0001_x="import dataclasses\n@dataclasses.dataclass\nclass A:\n    b: int\noperations = []\n"
    )
    before = set(sys.modules)

    read_migration("blog", folder / "0001_x.py")

    assert {name for name in set(sys.modules) - before if "0001" in name} == set()


def test_only_the_modules_of_the_folder_are_read(write):
    folder = write(m0001_x="operations = []\n", __init__="", _helpers="1/0\n")
    (folder / "tests").mkdir()
    (folder / "tests" / "0002_y.py").write_text("1/0")
    (folder / "notes.txt").write_text("1/0")

    assert names(MigrationLoader({"blog": folder})) == ["0001_x"]


def test_an_app_without_a_folder_has_no_migrations(tmp_path):
    loader = MigrationLoader({"blog": tmp_path / "nowhere"})

    assert names(loader) == []
    assert loader.state().models == {}


# -- bad files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("operations = [\n", ":1: SyntaxError: '[' was never closed"),
        ("x = 1\n\nimport nowhere_at_all\n", ":3: ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("x = 1\ny = 1 / 0\noperations = []\n", ":2: ZeroDivisionError: division by zero"),
        ("x = 1\n", ": there is no list called operations, and no class Migration"),
        ("operations = 3\n", ": operations takes a list of operations, not 3"),
        ("operations = [3]\n", ": 3 is no operation"),
        (
            "from dorm.migrations.operations import RunSQL\noperations = [RunSQL]\n",
            ": RunSQL is no operation: call it",
        ),
        ("operations = []\ndependencies = ['0001_initial']\n", ": dependencies takes a list of pairs"),
        ("operations = []\nreplaces = [('a', 1)]\n", ": replaces takes a list of pairs"),
        ("operations = []\nclass Migration:\n    operations = []\n", "keep one"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(write, text, words):
    folder = write(m0001_bad=text)

    with pytest.raises(MigrationError) as caught:
        MigrationLoader({"blog": folder})

    assert str(caught.value).startswith(str(folder / "0001_bad.py"))
    assert words in str(caught.value)


def test_a_missing_dependency_is_named_with_the_nearest(write):
    folder = write(m0001_initial="operations = []\n", m0002_x=after("blog.0001_intial"))

    with pytest.raises(MigrationError) as caught:
        MigrationLoader({"blog": folder})

    assert str(caught.value) == (
        f"{folder / '0002_x.py'} depends on blog.0001_intial: there is no migration blog.0001_intial. "
        "Did you mean '0001_initial'? Migrations of blog: 0001_initial, 0002_x."
    )


def test_a_dependency_on_an_unknown_app_is_refused_but_for_a_part_of_a_project(write):
    folder = write(m0001_initial=after("shop.0001_initial"))

    with pytest.raises(MigrationError, match=r"No app 'shop' has migrations here"):
        MigrationLoader({"blog": folder})

    assert names(MigrationLoader({"blog": folder}, partial=True)) == ["0001_initial"]


def test_a_circle_between_files_is_shown(write):
    folder = write(m0001_a=after("blog.0002_b"), m0002_b=after("blog.0001_a"))

    with pytest.raises(MigrationError, match=r"in a circle: blog\.000\d_. -> blog\.000\d_. -> blog\.000\d_."):
        MigrationLoader({"blog": folder})


def test_two_last_migrations_are_a_conflict_that_names_the_way_out(write):
    first = "operations = []\n"
    folder = write(m0001_a=first, m0002_b=after("blog.0001_a"), m0002_c=after("blog.0001_a"))
    loader = MigrationLoader({"blog": folder})

    with pytest.raises(
        MigrationError, match=r"\(0002_b, 0002_c in blog\)\. Run 'dorm makemigrations --merge'"
    ):
        loader.check_conflicts()

    loader.check_conflicts(["shop"])


def test_an_operation_that_does_not_fit_is_told_with_its_migration(write):
    text = "from dorm.migrations.operations import RemoveField\noperations = [RemoveField('Author', 'x')]\n"

    with pytest.raises(MigrationError, match=r"^blog\.0001_a: .*'blog' has no model 'Author'"):
        MigrationLoader({"blog": write(m0001_a=text)}).state()


# -- dependencies -----------------------------------------------------------------------------------


def test_apps_depend_on_one_another(write):
    blog = write("blog", m0001_a=after("shop.0001_a"), m0002_b=after("blog.0001_a"))
    shop = write("shop", m0001_a="operations = []\n", m0002_b=after("blog.__latest__", "shop.0001_a"))

    loader = MigrationLoader({"blog": blog, "shop": shop})

    assert [".".join(key) for key in loader.graph.full_plan()] == [
        "shop.0001_a", "blog.0001_a", "blog.0002_b", "shop.0002_b",
    ]  # fmt: skip


def test_run_before_puts_a_migration_before_anothers(write):
    blog = write("blog", m0001_a="operations = []\nrun_before = [('auth', '0001_a')]\n")
    auth = write("auth", m0001_a="operations = []\n")

    plan = MigrationLoader({"auth": auth, "blog": blog}).graph.full_plan()

    assert plan == [("blog", "0001_a"), ("auth", "0001_a")]


def test_the_first_of_an_app_without_migrations_needs_nothing(write):
    blog = write("blog", m0001_a=after("shop.__first__"))

    assert names(MigrationLoader({"blog": blog, "shop": write("shop")})) == ["0001_a"]


def test_the_state_at_a_migration_has_what_came_before(write):
    add = """
    import dorm
    from dorm.migrations.operations import AddField
    dependencies = [("blog", "0001_initial")]
    operations = [AddField("Author", "age", dorm.IntegerField(null=True))]
    """
    loader = MigrationLoader({"blog": write(m0001_initial=CREATE, m0002_age=add)})

    assert list(loader.state().models["blog.author"]["fields"]) == ["id", "name", "age"]
    assert list(loader.state([("blog", "0001_initial")]).models["blog.author"]["fields"]) == ["id", "name"]
    assert list(loader.graph.state_before(("blog", "0002_age")).models["blog.author"]["fields"]) == [
        "id",
        "name",
    ]


# -- names ------------------------------------------------------------------------------------------


def test_a_migration_is_found_by_name_beginning_or_number(write):
    first = "operations = []\n"
    folder = write(
        m0001_initial=first, m0002_age=after("blog.0001_initial"), m0002_x=after("blog.0001_initial")
    )
    loader = MigrationLoader({"blog": folder})

    assert loader.find("blog", "0001_initial").name == "0001_initial"
    assert loader.find("blog", "0001").name == "0001_initial"
    assert loader.find("blog", "1").name == "0001_initial"
    with pytest.raises(
        MigrationError, match=r"'0002' is the beginning of several migrations of blog: 0002_age, 0002_x"
    ):
        loader.find("blog", "0002")
    with pytest.raises(MigrationError, match=r"Did you mean '0002_age'\?"):
        loader.find("blog", "0002_agee")
    with pytest.raises(MigrationError, match=r"Did you mean 'blog'\?"):
        loader.find("blgo", "0001")


def test_a_history_with_a_gap_is_refused(write):
    folder = write(m0001_a="operations = []\n", m0002_b=after("blog.0001_a"))

    with pytest.raises(MigrationError, match=r"blog\.0002_b is applied before blog\.0001_a"):
        MigrationLoader({"blog": folder}, [("blog", "0002_b")]).check_history()

    MigrationLoader({"blog": folder}, [("blog", "0001_a")]).check_history()


# -- squashed migrations ------------------------------------------------------------------------------

SQUASHED = after(more="replaces = [('blog', '0001_a'), ('blog', '0002_b')]\n")


@pytest.fixture
def squashed(write):
    return write(
        m0001_a="operations = []\n", m0001_squashed_0002_b=SQUASHED, m0002_b=after("blog.0001_a"),
        m0003_c=after("blog.0002_b"),
    )  # fmt: skip


def keys(*found: str) -> set[tuple[str, str]]:
    return {("blog", name) for name in found}


def test_a_fresh_database_gets_the_squashed_migration(squashed):
    loader = MigrationLoader({"blog": squashed})

    assert names(loader) == ["0001_squashed_0002_b", "0003_c"]
    assert loader.applied == set()


def test_a_database_with_all_parts_has_the_squashed_migration(squashed):
    loader = MigrationLoader({"blog": squashed}, keys("0001_a", "0002_b"))

    assert names(loader) == ["0001_squashed_0002_b", "0003_c"]
    assert ("blog", "0001_squashed_0002_b") in loader.applied


def test_a_database_with_some_parts_goes_on_with_the_parts(squashed):
    loader = MigrationLoader({"blog": squashed}, keys("0001_a"))

    assert names(loader) == ["0001_a", "0002_b", "0003_c"]
    assert loader.applied == keys("0001_a")


def test_the_parts_may_go_once_they_are_applied(squashed):
    for name in ("0001_a", "0002_b"):
        (squashed / f"{name}.py").unlink()

    fresh = MigrationLoader({"blog": squashed})
    migrated = MigrationLoader({"blog": squashed}, keys("0001_a", "0002_b", "0001_squashed_0002_b"))
    recorded = MigrationLoader({"blog": squashed}, keys("0001_squashed_0002_b"))

    assert names(fresh) == names(migrated) == ["0001_squashed_0002_b", "0003_c"]
    assert fresh.applied == set()
    assert ("blog", "0001_squashed_0002_b") in migrated.applied
    assert ("blog", "0001_squashed_0002_b") in recorded.applied


def test_parts_that_are_gone_and_half_applied_are_refused(squashed):
    (squashed / "0002_b.py").unlink()

    with pytest.raises(MigrationError, match="the files of others have gone: 0002_b"):
        MigrationLoader({"blog": squashed}, keys("0001_a"))


def test_other_apps_may_depend_on_a_part(squashed, write):
    shop = write("shop", m0001_a=after("blog.0001_a"))

    loader = MigrationLoader({"blog": squashed, "shop": shop})

    assert names(loader, "shop") == ["0001_a"]
    assert ("blog", "0001_squashed_0002_b") in loader.graph.forwards_plan(("shop", "0001_a"))


def test_a_squash_of_squashes_is_taken(squashed, write):
    write(
        m0001_squashed_0003_c=after(
            more="replaces = [('blog', '0001_squashed_0002_b'), ('blog', '0003_c')]\n"
        )
    )

    assert names(MigrationLoader({"blog": squashed})) == ["0001_squashed_0003_c"]
    assert names(MigrationLoader({"blog": squashed}, keys("0001_a", "0002_b", "0003_c"))) == [
        "0001_squashed_0003_c"
    ]
