"""`dorm dbshell`: the database's own command line, sqlite3 or psql, connected as the settings say.

Stands on the settings alone. A password goes by the environment, never by the arguments, which every
user of the machine can read.
"""

from __future__ import annotations

import os
import signal
import subprocess
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, Final

from dorm.conf import database

from .errors import CommandError
from .project import add_database, add_settings, configure, need_database

# Options of the driver, and the variables by which psql is told of them
# (https://www.postgresql.org/docs/current/libpq-envars.html).
VARIABLES: Final = {
    "application_name": "PGAPPNAME",
    "channel_binding": "PGCHANNELBINDING",
    "client_encoding": "PGCLIENTENCODING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "gssencmode": "PGGSSENCMODE",
    "hostaddr": "PGHOSTADDR",
    "options": "PGOPTIONS",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "sslcert": "PGSSLCERT",
    "sslcrl": "PGSSLCRL",
    "sslkey": "PGSSLKEY",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "arguments", nargs="*", metavar="-- ARG", help="what sqlite3 or psql is given beside the database"
    )
    add_database(parser)
    add_settings(parser)


def run(arguments: Any) -> int:
    """Hand the terminal over; return the status of the database's command line."""
    configure(arguments)
    need_database(arguments.database)
    command, environ = command_line(database(arguments.database), arguments.arguments)
    # Ctrl-C interrupts a statement there; it must not end us, and take the terminal away.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run(command, env={**os.environ, **environ}, check=False).returncode
    except FileNotFoundError as error:
        raise CommandError(f"{command[0]!r} is not installed, or not on PATH") from error
    finally:
        signal.signal(signal.SIGINT, before)


def command_line(settings: Mapping[str, Any], more: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return the command that opens a database, and what its environment must have besides."""
    name = settings["NAME"]
    if settings["ENGINE"] == "sqlite":
        if ":memory:" in name:
            raise CommandError("a database in memory is in the process that made it, and nowhere else")
        return ["sqlite3", "-cmd", "PRAGMA foreign_keys = ON", name, *more], {}
    command = ["psql"]
    for key, flag in (("USER", "-U"), ("HOST", "-h"), ("PORT", "-p")):
        if settings.get(key) not in (None, ""):
            command += [flag, str(settings[key])]
    options = settings.get("OPTIONS", {})
    environ = {VARIABLES[key]: str(value) for key, value in options.items() if key in VARIABLES}
    if settings.get("PASSWORD"):
        environ["PGPASSWORD"] = str(settings["PASSWORD"])
    return [*command, "-d", name, *more], environ
