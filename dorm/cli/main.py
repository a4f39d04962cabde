"""Find the command, run it, and turn what goes wrong into one line and an exit status.

Rests on argparse. A command is a module of `add_arguments()` and `run()`, imported when it is asked for.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NoReturn, Protocol, cast

from dorm import ImproperlyConfigured, __version__
from dorm._text import did_you_mean, listed, nearest

from .errors import FINDINGS, USAGE, CommandError

COMMANDS: Final = {
    "init": "write settings.py into this folder; with --app NAME, an app beside it",
    "startapp": "make a package with a models.py",
    "makemigrations": "write what has changed in the models as migrations",
    "migrate": "apply a project's migrations to a database, or undo them",
    "showmigrations": "show which migrations there are, and which are applied",
    "sqlmigrate": "print the SQL of a migration",
    "squashmigrations": "write one migration in place of several",
    "shell": "open Python with the models imported: IPython, else a console that takes await",
    "dbshell": "open the database's own command line, sqlite3 or psql",
    "flush": "delete every row of the project's tables",
    "sql": "show what creates the tables of models",
    "inspectdb": "write the models of the tables that a database has",
    "check": "look for mistakes in the models of a project",
    "dbcheck": "compare the tables of the database with the models",
    "typegen": "write stubs of the models, for checkers and editors without a plugin",
    "demo": "catalogue the packages installed here, query them, type-check the queries",
    "help": "show this list, or what a command takes",
}

INTERRUPTED: Final = 130


class Command(Protocol):
    """What each command's module holds."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what the command takes."""
        ...

    def run(self, arguments: Any) -> int:
        """Do it; return the exit status."""
        ...


class Parser(ArgumentParser):
    """A parser whose errors are CommandErrors, so that they look like all others."""

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message}. See: {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv*, or the process's own arguments, names; return the exit status.

    0: done. 1: findings, or a failure. 2: wrong usage or configuration. 130: interrupted.
    """
    given = sys.argv[1:] if argv is None else list(argv)
    try:
        status = _dispatch(given)
        # Written here, where a closed pipe is still ours to handle.
        sys.stdout.flush()
        return status
    # argparse ends so after --help and --version, and a program in `dorm shell` when it likes.
    except SystemExit as ended:
        return _status(ended)
    except KeyboardInterrupt:
        print("\ndorm: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _leave_pipe()
        return FINDINGS
    # The one place for everything: a user gets a line, and the traceback for the asking.
    except Exception as error:
        return _failed(error, wants_traceback="--traceback" in given or _is_debugging())


def top_parser() -> Parser:
    """Return the parser of what stands before the command; its help lists all commands."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {what}" for name, what in COMMANDS.items()]
    parser = Parser(
        prog="dorm",
        usage="dorm [options] COMMAND ...",
        description="A typed ORM with Django's query API.",
        epilog="\n".join(["commands:", *lines, "", "`dorm COMMAND --help` shows what a command takes."]),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dorm {__version__}")
    parser.add_argument(
        "--print-completion", metavar="SHELL", help="print a script that completes commands: bash, zsh, tcsh"
    )
    _add_traceback(parser)
    return parser


def command_parser(name: str) -> tuple[Command, Parser]:
    """Return a command's module and its parser. Raises CommandError for a name that is no command."""
    if name not in COMMANDS:
        hint = did_you_mean(nearest(name, COMMANDS))
        raise CommandError(f"there is no command {name!r}.{hint} Commands: {listed(COMMANDS)}.")
    command = _command(name)
    parser = Parser(prog=f"dorm {name}", description=_sentence(COMMANDS[name]), allow_abbrev=False)
    command.add_arguments(parser)
    _add_traceback(parser)
    return command, parser


def _command(name: str) -> Command:
    # Imported here, by name: `dorm --help` must not wait for what only one command needs.
    return cast(Command, import_module(f"dorm.cli.{name}"))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _add_traceback(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--traceback", action="store_true", help="show where an error came from (or set DORM_DEBUG=1)"
    )


def _dispatch(given: list[str]) -> int:
    place = next((at for at, word in enumerate(given) if not word.startswith("-")), len(given))
    parser = top_parser()
    place += place < len(given) and given[place - 1 : place] == ["--print-completion"]
    options = parser.parse_args(given[:place])
    if options.print_completion is not None:
        return _print_completion(options.print_completion)
    if place == len(given):
        parser.print_help(sys.stderr)
        return USAGE
    command, parser = command_parser(given[place])
    return command.run(parser.parse_args(given[place + 1 :]))


def _print_completion(shell: str) -> int:
    # Imported here: few will ever ask for it, and it loads every command.
    from .completion import completion

    parser = top_parser()
    commands = parser.add_subparsers()
    for name, what in COMMANDS.items():
        own = commands.add_parser(name, help=what)
        _command(name).add_arguments(own)
        _add_traceback(own)
    print(completion(parser, shell))
    return 0


def _is_debugging() -> bool:
    return os.environ.get("DORM_DEBUG", "") not in ("", "0")


def _failed(error: Exception, wants_traceback: bool) -> int:
    if wants_traceback:
        # Imported here: it is wanted when something is wrong, and `dorm --help` is measured.
        from traceback import print_exception

        print_exception(error)
    if isinstance(error, CommandError | ImproperlyConfigured):
        print(f"dorm: {error}", file=sys.stderr)
        return error.status if isinstance(error, CommandError) else USAGE
    hint = "" if wants_traceback else " (--traceback shows where)"
    print(f"dorm: {type(error).__name__}: {error}{hint}", file=sys.stderr)
    return FINDINGS


def _status(ended: SystemExit) -> int:
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    print(ended.code, file=sys.stderr)
    return FINDINGS


def _leave_pipe() -> None:
    """Let the interpreter end in peace after the reader of our output has gone (`dorm demo | head`)."""
    # https://docs.python.org/3/library/signal.html#note-on-sigpipe
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
