"""The pytest plugin: a database for tests, each of which leaves nothing in it.

Loaded by its entry point in every run of pytest where dorm is installed; does nothing until a test asks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from .. import conf
from .._run import run_sync
from .._text import plural
from ..db.capture import CapturedQueries, capture_queries
from ..db.connection import executor, get_connection, pinned
from ..exceptions import ImproperlyConfigured
from ..meta.options import options_of
from ..meta.registry import registry
from ..models.tables import create_tables

if TYPE_CHECKING:
    from ..db.block import Block

MARK: Final = (
    "dorm_db(transaction=False, databases=('default',)): let a test use databases. What it writes is rolled "
    "back, in sync and async code alike; with transaction=True it commits, and tables are emptied afterwards"
)

UNMARKED: Final = (
    "In a test: mark it with @pytest.mark.dorm_db, and it has a database of the project's settings."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say what may stand in the configuration."""
    parser.addini("dorm_settings", "the settings module: else DORM_SETTINGS, else `settings`", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", MARK)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell a test that found no database for want of the mark that it wants the mark."""
    error = call.excinfo.value if call.excinfo is not None else None
    if isinstance(error, ImproperlyConfigured) and _asks_for_none(item):
        error.add_note(UNMARKED)
    return (yield)


@pytest.fixture(autouse=True)
def _dorm_mark(request: pytest.FixtureRequest) -> None:
    """Give a test that bears the mark its database."""
    if request.node.get_closest_marker("dorm_db") is not None:
        request.getfixturevalue("dorm_db")


@pytest.fixture(scope="session")
def dorm_db_setup(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make the test databases of this worker, with all tables in them; drop them at the end.

    By the migrations of the project, if it has any, else from its models.
    """

    _load_settings(str(request.config.getini("dorm_settings")))
    real: dict[str, Any] = {alias: dict(database) for alias, database in conf.databases().items()}
    if not real:
        raise pytest.UsageError(
            "dorm_db: no DATABASES. Name the settings by dorm_settings, or call dorm.configure()"
        )
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    with ExitStack() as stack:
        made: dict[str, Any] = {
            alias: stack.enter_context(_database(alias, database, worker, tmp_path_factory))
            for alias, database in real.items()
        }
        conf.configure(DATABASES=made)
        for alias in made:
            _make_tables(alias)
        try:
            yield
        finally:
            # Connections go before the databases do.
            conf.configure(DATABASES=real)


@pytest.fixture
def dorm_db(request: pytest.FixtureRequest, dorm_db_setup: None) -> Iterator[None]:
    """Let the test use its databases, and take back what it wrote."""
    mark = request.node.get_closest_marker("dorm_db")
    given = dict(mark.kwargs) if mark is not None else {}
    aliases, commits = tuple(given.get("databases", ("default",))), given.get("transaction", False)
    with ExitStack() as stack:
        for alias in aliases:
            stack.enter_context(_emptied(alias) if commits else _rolled_back(alias))
        yield


@pytest.fixture
def dorm_assert_num_queries(dorm_db: None) -> Callable[[int], Any]:
    """Return `with dorm_assert_num_queries(2) as queries:`, which fails for another number of statements."""

    @contextmanager
    def counted(number: int) -> Iterator[CapturedQueries]:

        with capture_queries() as queries:
            yield queries
        if len(queries) != number:
            sent = "\n".join(f"  {one.sql}" for one in queries)
            count = f"{plural(len(queries), 'statement')} {'was' if len(queries) == 1 else 'were'} sent"
            pytest.fail(f"{count}, not {number}:\n{sent}".removesuffix(":\n"), pytrace=False)

    return counted


@pytest.fixture
def dorm_capture_on_commit(dorm_db: None) -> Callable[..., Any]:
    """Return `with dorm_capture_on_commit() as functions:`, which holds what waits for a commit.

    A test that is rolled back never commits; with `execute=True` the functions are called when the block is
    left.
    """

    @contextmanager
    def captured(*, using: str = "default", execute: bool = False) -> Iterator[list[Callable[[], Any]]]:

        block = executor(using).current_block()
        if block is None:
            raise pytest.UsageError("dorm_capture_on_commit: in this test transactions are committed")
        before, found = len(block.hooks), list[Callable[[], Any]]()
        yield found
        new = block.hooks[before:]
        del block.hooks[before:]
        found += [hook.function for hook in new]
        for function in found if execute else ():
            function()

    return captured


def _asks_for_none(item: pytest.Item) -> bool:
    """Tell whether a test without a database did not ask for one."""

    return (
        not conf.databases()
        and "dorm_db" not in getattr(item, "fixturenames", ())
        and item.get_closest_marker("dorm_db") is None
    )


# -- settings and databases -----------------------------------------------------------------------


def _load_settings(name: str) -> None:
    """Configure dorm from the settings module, if there is one; what is configured already stays."""

    wanted = name or os.environ.get("DORM_SETTINGS", "")
    if not wanted and conf.databases():
        return
    try:
        module = import_module(wanted or "settings")
    except ModuleNotFoundError:
        if wanted:
            raise
        return
    conf.configure(**{key: value for key, value in vars(module).items() if key.isupper()})
    for app in conf.settings.INSTALLED_APPS:
        import_module(f"{app}.models")


@contextmanager
def _database(
    alias: str, database: dict[str, Any], worker: str, folders: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """Make the test database of an alias; yield its settings."""
    if database["ENGINE"] == "sqlite":
        # A file of its own for each worker, since both faces must see it.
        yield {**database, "NAME": str(folders.mktemp(f"dorm_{alias}") / "test.sqlite3")}
        return
    name = f"test_{database['NAME']}{f'_{worker}' if worker else ''}"
    _on_server(database, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    try:
        yield {**database, "NAME": name}
    finally:
        _on_server(database, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(database: dict[str, Any], *statements: str) -> None:
    """Run statements beside the project's database, which need not be there."""

    before: dict[str, Any] = {alias: dict(one) for alias, one in conf.databases().items()}
    beside: dict[str, Any] = {"default": {**database, "NAME": "postgres"}}
    conf.configure(DATABASES=beside)
    try:
        for statement in statements:
            get_connection().execute(statement)
    finally:
        conf.configure(DATABASES=before)


def _make_tables(alias: str) -> None:
    # Imported here: `import dorm` leaves it out.
    from ..migrations import migrate

    if any(_has_migrations(model) for model in registry):
        migrate(using=alias)
        return
    create_tables(using=alias)


def _has_migrations(model: type[Any]) -> bool:
    """Return whether the app of a model has migrations beside its models."""
    from importlib.util import find_spec

    package = model.__module__.removesuffix(".models").partition(".models.")[0]
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        return False
    places = spec.submodule_search_locations if spec is not None else None
    return any(any(Path(place, "migrations").glob("[0-9]*.py")) for place in places or ())


# -- one test -------------------------------------------------------------------------------------


@contextmanager
def _rolled_back(alias: str) -> Iterator[None]:
    """Have everything in one transaction, which never commits."""

    with pinned(alias) as db:
        block: Block = db.atomic()
        block.enter()
        try:
            yield
        finally:
            block.set_rollback(True)
            run_sync(block.__aexit__(None, None, None))


@contextmanager
def _emptied(alias: str) -> Iterator[None]:
    """Let a test commit, and empty every table after it."""
    # Imported here: `import dorm` leaves it out.
    from ..actions.flush import flush

    try:
        yield
    finally:
        run_sync(flush(executor(alias), [options_of(model).db_table for model in registry]))
