"""PostgreSQL: what a database is, how a connection to it is made ours, and what its state means.

Stands on psycopg; opens nothing by itself, since that is done in two colours.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Mapping
from math import ceil
from typing import Any, Final

from ..._record import Record
from ...exceptions import ImproperlyConfigured
from ...sql.dialects.sqlite import value_from_json

try:
    import psycopg as psycopg
    from psycopg.adapt import Loader
    from psycopg.conninfo import make_conninfo
    from psycopg.pq import TransactionStatus
except ImportError as error:
    raise ImproperlyConfigured(
        f'PostgreSQL needs the package psycopg ({error}): pip install "djanorm[postgresql]"'
    ) from error

VENDOR: Final = "postgresql"
IDLE: Final = TransactionStatus.IDLE
OPEN_TRANSACTION: Final = TransactionStatus.INTRANS
FAILED: Final = TransactionStatus.INERROR
UNKNOWN: Final = TransactionStatus.UNKNOWN
IN_TRANSACTION: Final = frozenset({OPEN_TRANSACTION, FAILED, TransactionStatus.ACTIVE})

# What psycopg.connect() takes and dorm decides.
OURS: Final = ("autocommit", "row_factory", "cursor_factory", "context")
KEYS: Final = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


class Target(Record):
    """What is connected to: *arguments* as psycopg takes them, *label* as messages show it."""

    alias: str
    label: str
    arguments: Mapping[str, Any]
    min_size: int
    max_size: int
    timeout: float
    check: bool
    max_idle: float
    max_lifetime: float


def target_of(alias: str, database: Mapping[str, Any]) -> Target:
    place = f"DATABASES[{alias!r}]['OPTIONS']"
    options = dict(database.get("OPTIONS") or {})
    for name in OURS:
        if name in options:
            raise ImproperlyConfigured(f"{place} has {name!r}, which dorm sets itself: leave it out")
    timeout = database.get("POOL_TIMEOUT", 30.0)
    # The driver would wait for two minutes.
    options.setdefault("connect_timeout", max(2, ceil(timeout)))
    options.setdefault("application_name", "dorm")
    # PgBouncer may give each statement another session, which knows nothing of what was prepared before.
    options.setdefault("prepare_threshold", None if database.get("PGBOUNCER") else 5)
    named = {name: database[key] for key, name in KEYS.items() if database.get(key) not in (None, "")}
    arguments = {"dbname": database["NAME"], **named, **options, "autocommit": True}
    try:
        make_conninfo(
            **{
                key: value
                for key, value in arguments.items()
                if key not in ("prepare_threshold", "autocommit")
            }
        )
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(f"{place}: {str(error).strip()}") from error
    host = database.get("HOST") or options.get("host") or options.get("service") or "a local socket"
    smallest, largest = database.get("MIN_POOL_SIZE"), database.get("MAX_POOL_SIZE")
    if smallest is None:
        smallest = min(1, largest or 1)
    return Target(
        alias=alias,
        label=f"{database['NAME']} on {host}",
        arguments=arguments,
        min_size=smallest,
        max_size=max(smallest, 10) if largest is None else largest,
        timeout=timeout,
        check=database.get("POOL_CHECK", True),
        max_idle=database.get("MAX_IDLE", 600.0),
        max_lifetime=database.get("MAX_LIFETIME", 3600.0),
    )


class JSONLoader(Loader):
    """JSON as our decoder reads it; registered for one connection, never for all of psycopg."""

    def load(self, data: Any) -> Any:
        return value_from_json(str(data, "utf-8"))


def register_loaders(connection: Any) -> None:
    for name in ("jsonb", "json"):
        connection.adapters.register_loader(name, JSONLoader)


def session_statement(connection: Any) -> str | None:
    """Return what makes the session ours; None when it is already."""
    # Times come back in the session's zone, and EXTRACT reads them in it. PgBouncer keeps this one setting.
    return None if connection.info.parameter_status("TimeZone") == "UTC" else "SET TimeZone TO 'UTC'"


def _poll(descriptor: int) -> bool:
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))


def _select(descriptor: int) -> bool:
    return bool(select.select([descriptor], [], [], 0)[0])


_has_news: Final[Callable[[int], bool]] = _poll if hasattr(select, "poll") else _select


def has_news(connection: Any) -> bool:
    """Tell whether the server has sent something unasked: as a rule, that it ends the connection."""
    try:
        return _has_news(connection.pgconn.socket)
    # A connection that is closed has no socket.
    except (psycopg.Error, ValueError, OSError):
        return True
