"""`dorm demo`, from the empty folder to the next two commands.

Each act stands in a file of its own; here is their order.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

import dorm
from dorm._run import run_sync
from dorm._text import plural
from dorm.conf import Database, parse_url
from dorm.db.connection import executor

from ..errors import CommandError
from ..terminal import Terminal
from .checking import check_types
from .filling import Filled, fill
from .folder import emptied_on_failure, imported, models_of, project_folder, write_project
from .questions import Interviewer, read_questions
from .reading import FoundPackage, Reader
from .stubs import check_stubs

TABLES = ("packages", "files", "requirements", "classifiers", "labels")


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--keep", metavar="DIR", help="write the project to DIR, which must be new or empty")
    parser.add_argument(
        "--database", metavar="URL", help="fill this database, such as sqlite:///packages.sqlite3"
    )


def run(arguments: Any) -> int:
    """Run the demo; return 0, or 1 when a type checker did not say what it should."""
    terminal = Terminal()
    with project_folder(arguments.keep) as folder:
        with emptied_on_failure(folder):
            database = None if arguments.database is None else chosen_database(arguments.database)
        is_right = _run_in(folder, database, terminal)
        _show_next(folder, terminal, is_kept=arguments.keep is not None)
    return 0 if is_right else 1


def chosen_database(url: str) -> Database:
    """Return the settings of the database at *url*, its path made absolute.

    Raises CommandError when it cannot be opened or already holds a table of the demo's.
    """
    database = parse_url(url, "--database")
    if database["ENGINE"] == "sqlite":
        if database["NAME"] == ":memory:":
            raise CommandError(
                "--database: the demo asks over two connections, sync and async, and a database in memory is "
                "seen by one alone. Name a file: --database sqlite:///packages.sqlite3"
            )
        database["NAME"] = str(Path(database["NAME"]).absolute())
    try:
        taken = _tables_in(database)
    except dorm.DatabaseError as error:
        raise CommandError(f"--database: {error}") from error
    if taken:
        raise CommandError(
            f"--database: it already has a table {taken[0]!r}, which the demo would make. "
            "Name another database."
        )
    return {key: value for key, value in database.items() if value}


def _tables_in(database: Database) -> list[str]:
    """Return those of the demo's tables that the database has already."""
    with _configured(database):
        run_sync(executor().fetch("SELECT 1"))
        return [table for table in TABLES if _has_table(table)]


def _has_table(table: str) -> bool:
    try:
        run_sync(executor().fetch(f'SELECT COUNT(*) FROM "{table}"'))
    except dorm.ProgrammingError:
        return False
    return True


@contextmanager
def _configured(database: Database) -> Iterator[None]:
    before = dorm.settings.DATABASES
    databases: dict[str, Any] = {"default": database}
    dorm.configure(DATABASES=databases)
    try:
        yield
    finally:
        dorm.configure(DATABASES=before)


def _run_in(folder: Path, database: Database | None, terminal: Terminal) -> bool:
    started = perf_counter()
    terminal.say(f"The Python packages installed in {sys.prefix}, as a database", "title")
    found = _read(terminal)
    with emptied_on_failure(folder):
        names = write_project(folder, database)
    terminal.say(f"Project    {folder} ({', '.join(names)})")
    terminal.say(f"Database   {database['NAME'] if database else folder / 'catalogue.sqlite3'}")
    with imported(folder) as queries:
        with emptied_on_failure(folder):
            filled = fill(models_of(queries), found, terminal)
        _show_filled(filled, terminal)
        _ask(folder, queries, terminal)
    terminal.note(f"all of this took {perf_counter() - started:.1f} s")
    # Both are shown, whatever the first one says.
    return all([check_types(folder, terminal), check_stubs(folder, terminal)])


def _read(terminal: Terminal) -> list[FoundPackage]:
    started = perf_counter()
    reader = Reader()
    found = reader.read(distributions())
    for warning in reader.warnings:
        terminal.warn(warning)
    terminal.note(f"read {plural(len(found), 'package')} in {perf_counter() - started:.2f} s")
    return found


def _show_filled(filled: Filled, terminal: Terminal) -> None:
    counts = [f"{getattr(filled, name):,} {name}" for name in Filled._fields]
    terminal.say(f"Filled     {', '.join(counts)}")


def _ask(folder: Path, queries: Any, terminal: Terminal) -> None:
    questions = read_questions(folder / "catalogue" / "queries.py")
    can_wait = find_spec("aiosqlite") is not None
    if not can_wait:
        terminal.warn(
            "aiosqlite is not installed, so async questions are left out: pip install 'djanorm[sqlite]'"
        )
    Interviewer(queries, terminal, can_wait=can_wait).ask_all(questions)


def _show_next(folder: Path, terminal: Terminal, *, is_kept: bool) -> None:
    python = _python()
    place = shlex.quote(str(folder)) if is_kept else "demo"
    mend = f"cd {place} && {python} -m mypy broken.py"
    explore = f'cd {place} && {python} -i -c "import settings; from catalogue.queries import *"'
    first, second = (mend, explore) if is_kept else (f"{python} -m dorm demo --keep demo", mend)
    terminal.say()
    terminal.say("Next:" if is_kept else "The folder is gone now. Next:", "title")
    terminal.say(f"  {first}")
    terminal.say(f"  {second}")


def _python() -> str:
    """Return what to type for the interpreter that runs this."""
    plain = shutil.which("python")
    return "python" if plain and Path(plain).samefile(sys.executable) else shlex.quote(sys.executable)
