"""`dorm squashmigrations`: one migration in place of several, which it replaces.

Stands on the making of migrations.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from dorm._text import plural
from dorm.exceptions import MigrationError
from dorm.migrations import making
from dorm.migrations.loader import MigrationLoader, migration_files
from dorm.migrations.questions import Interview
from dorm.migrations.squasher import squash

from .errors import FINDINGS, CommandError
from .migrations import add_no_input, asked, folders_of, is_asking, shown
from .project import add_settings, load
from .terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.usage = "dorm squashmigrations [options] APP [START] END"
    parser.add_argument("app", metavar="APP", help="the app")
    parser.add_argument(
        "names",
        metavar="[START] END",
        nargs="+",
        help="the first and the last migration to squash, by name, its beginning or its number; "
        "without START it is the app's first",
    )
    parser.add_argument(
        "--squashed-name", metavar="NAME", help="what the migration is called, after its number"
    )
    parser.add_argument("--no-optimize", action="store_true", help="keep every operation as it is")
    add_no_input(parser)
    add_settings(parser)


def run(arguments: Namespace) -> int:
    """Write the migration; return 1 when it cannot be made, or is not wanted after all."""
    if len(arguments.names) > 2:
        raise CommandError("squashmigrations takes APP [START] END. See: dorm squashmigrations --help")
    name = arguments.squashed_name
    if name is not None and not f"_{name}".isidentifier():
        raise CommandError(f"--squashed-name takes letters, digits and underscores, not {name!r}")
    project = load(arguments)
    label = project.label(arguments.app)
    folders = folders_of(project)
    if not folders[label].is_dir():
        raise CommandError(f"{label} has no migrations directory: dorm makemigrations {label}", FINDINGS)
    if not migration_files(folders[label]):
        raise CommandError(f"No migrations found in {shown(folders[label])}", FINDINGS)
    try:
        loader = MigrationLoader(folders, partial=bool(project.broken))
        return _squash(arguments, loader, label)
    except MigrationError as error:
        raise CommandError(str(error), FINDINGS) from error


def _squash(arguments: Namespace, loader: MigrationLoader, label: str) -> int:
    terminal = Terminal()
    *start, end = arguments.names
    made = squash(loader, label, end, start[0] if start else None, arguments.squashed_name)
    names = [name for _, name in made.parts]
    terminal.say("Squashing:")
    for name in names:
        terminal.say(f"  {name}")
    if is_asking(arguments) and not Interview(terminal.note, asked).confirm("Go on?"):
        return FINDINGS
    migration = made.migration
    if arguments.no_optimize:
        every = [operation for key in made.parts for operation in loader.graph.get(key).operations]
        migration = migration.reduced(every)
    else:
        terminal.say(f"Optimized {plural(made.count, 'operation')} to {len(migration.operations)}.")
    making.written(loader, {label: [migration]})
    terminal.say(f"Created squashed migration {shown(making.path_of(loader, migration))}")
    terminal.say(f"  Replaces {', '.join(names)}")
    terminal.say("Once it is applied everywhere, remove these files and the line `replaces` of the new one.")
    return 0
