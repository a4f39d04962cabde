"""Settings: `configure()`, the `settings` object, and what is said about wrong ones.

Stands on the errors and the wording; opens nothing and imports no driver.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias, TypedDict, cast

from ._text import did_you_mean, listed, nearest
from .exceptions import ImproperlyConfigured

# The settings of a database once they are checked.
Database: TypeAlias = dict[str, Any]


class DatabaseConfig(TypedDict, total=False):
    """The keys that an entry of DATABASES may have; ENGINE and NAME are always needed."""

    ENGINE: str
    NAME: str | os.PathLike[str]
    USER: str
    PASSWORD: str
    HOST: str
    PORT: int | str | None
    OPTIONS: Mapping[str, Any]
    MIN_POOL_SIZE: int
    MAX_POOL_SIZE: int
    POOL_TIMEOUT: float
    POOL_CHECK: bool
    MAX_IDLE: float
    MAX_LIFETIME: float
    PGBOUNCER: bool


class Settings(TypedDict, total=False):
    """All settings of dorm as a dict, for `configure(**settings)`; a database is a dict or a URL."""

    DATABASES: Mapping[str, DatabaseConfig | str]
    INSTALLED_APPS: Iterable[str]
    DATABASE_ROUTERS: Iterable[Any]
    USE_TZ: bool
    TIME_ZONE: str
    ASYNC_STRICT: bool


EXAMPLE: Final = """dorm.configure(
    DATABASES={"default": {"ENGINE": "sqlite", "NAME": "db.sqlite3"}},
)"""

ENGINES: Final[dict[str, str]] = {
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "django.db.backends.sqlite3": "sqlite",
    "dorm.db.backends.sqlite": "sqlite",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "django.db.backends.postgresql": "postgresql",
    "dorm.db.backends.postgresql": "postgresql",
}
NAMED_ENGINES: Final = ("sqlite", "postgresql")

DATABASE_KEYS: Final = tuple(DatabaseConfig.__annotations__)

JOURNAL_MODES: Final = ("DELETE", "TRUNCATE", "PERSIST", "MEMORY", "WAL", "OFF")
SYNCHRONOUS: Final = ("OFF", "NORMAL", "FULL", "EXTRA")

_listeners: Final[list[Callable[[frozenset[str]], None]]] = []


class CurrentSettings:
    """One attribute per setting, readable and assignable; an unknown one raises AttributeError."""

    DATABASES: Mapping[str, DatabaseConfig | str]
    INSTALLED_APPS: list[str]
    DATABASE_ROUTERS: list[Any]
    USE_TZ: bool
    TIME_ZONE: str
    ASYNC_STRICT: bool

    def __init__(self) -> None:
        self.__dict__.update(
            DATABASES={},
            INSTALLED_APPS=[],
            DATABASE_ROUTERS=[],
            USE_TZ=True,
            TIME_ZONE="UTC",
            ASYNC_STRICT=False,
        )

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = _checked(name, value)

    def __getattr__(self, name: str) -> Any:
        hint = did_you_mean(nearest(name, self.__dict__)) if not name.startswith("_") else ""
        raise AttributeError(f"there is no setting {name!r}.{hint}", name=name, obj=self)

    def __repr__(self) -> str:
        # Values stay out: DATABASES holds passwords.
        return f"<Settings: {listed(self.__dict__)}>"


settings: Final = CurrentSettings()


_LEFT: Any = object()


def configure(
    *,
    DATABASES: Mapping[str, DatabaseConfig | str] = _LEFT,
    INSTALLED_APPS: Iterable[str] = _LEFT,
    DATABASE_ROUTERS: Iterable[Any] = _LEFT,
    USE_TZ: bool = _LEFT,
    TIME_ZONE: str = _LEFT,
    ASYNC_STRICT: bool = _LEFT,
    **others: Any,
) -> None:
    """Set any settings and keep the others; everything is checked before anything is set.

    Connects to nothing. Connections that were opened with settings that change now are dropped.
    """
    known = {
        "DATABASES": DATABASES,
        "INSTALLED_APPS": INSTALLED_APPS,
        "DATABASE_ROUTERS": DATABASE_ROUTERS,
        "USE_TZ": USE_TZ,
        "TIME_ZONE": TIME_ZONE,
        "ASYNC_STRICT": ASYNC_STRICT,
    }
    values = {name: value for name, value in known.items() if value is not _LEFT} | others
    for name in others:
        _refuse_slip(name)
    checked = {name: _checked(name, value) for name, value in values.items()}
    settings.__dict__.update(checked)
    for listener in _listeners:
        listener(frozenset(checked))


def on_configure(listener: Callable[[frozenset[str]], None]) -> None:
    """Have *listener* called after each `configure()`, with the names that were given."""
    _listeners.append(listener)


def databases() -> dict[str, Database]:
    """Return DATABASES, or what the environment's DATABASE_URL says when none are set."""
    if settings.DATABASES:
        # Whatever was given has been checked, and is dicts now.
        return cast(dict[str, Database], settings.DATABASES)
    url = os.environ.get("DATABASE_URL")
    return {"default": parse_url(url, "DATABASE_URL")} if url else {}


def database(alias: str) -> Database:
    """Return the checked settings of one database.

    Raises ImproperlyConfigured when no database is set at all, or none under this alias.
    """
    known = databases()
    if alias in known:
        return known[alias]
    if not known:
        raise ImproperlyConfigured(f"no database is configured. Before the first query, say:\n\n{EXAMPLE}\n")
    hint = did_you_mean(nearest(alias, known))
    raise ImproperlyConfigured(
        f"there is no database {alias!r} in DATABASES.{hint} Aliases: {listed(known)}."
    )


# -- checks ---------------------------------------------------------------------------------------


def _refuse_slip(name: str) -> None:
    """Refuse a name that is a known setting but for a letter or its case; others are the user's own."""
    known = list(Settings.__annotations__)
    if name in known:
        return
    meant = nearest(name, known, cutoff=0.9)
    if meant is not None:
        raise ImproperlyConfigured(f"there is no setting {name!r}.{did_you_mean(meant)}")


def _checked(name: str, value: Any) -> Any:
    check = _CHECKS.get(name)
    return value if check is None else check(name, value)


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}")
    return value


def _list(name: str, value: Any) -> list[Any]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise ImproperlyConfigured(f"{name} must be a list, not {value!r}")
    return list(value)


def _apps(name: str, value: Any) -> list[str]:
    apps = _list(name, value)
    for app in apps:
        if not isinstance(app, str) or not all(part.isidentifier() for part in app.split(".")):
            raise ImproperlyConfigured(
                f"{name} must hold dotted package names such as 'shop.payments', not {app!r}"
            )
    return apps


def _time_zone(name: str, value: Any) -> str:
    if value == "UTC":
        return "UTC"
    # Imported here: few programs name a zone, and zoneinfo is no small import.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise ImproperlyConfigured(
            f"{name} must be the name of a time zone such as 'Europe/Vienna', not {value!r}"
        ) from error
    return str(value)


def _databases(name: str, value: Any) -> dict[str, Database]:
    if not isinstance(value, Mapping):
        raise ImproperlyConfigured(
            f"{name} must be a dict from alias to database, not {value!r}. Such as:\n\n{EXAMPLE}"
        )
    return {_alias(alias): _database(alias, given) for alias, given in value.items()}


def _alias(alias: Any) -> str:
    if not isinstance(alias, str) or not alias:
        raise ImproperlyConfigured(f"an alias in DATABASES must be a non-empty text, not {alias!r}")
    return alias


def _database(alias: str, given: Any) -> Database:
    place = f"DATABASES[{alias!r}]"
    if isinstance(given, str):
        return parse_url(given, place)
    if not isinstance(given, Mapping):
        raise ImproperlyConfigured(f"{place} must be a dict or a URL, not a {type(given).__name__}")
    found: Database = {}
    for key, value in given.items():
        upper = str(key).upper()
        if upper not in DATABASE_KEYS:
            hint = did_you_mean(nearest(upper, DATABASE_KEYS))
            raise ImproperlyConfigured(f"{place} has no key {key!r}.{hint} Keys: {listed(DATABASE_KEYS)}.")
        if upper in found:
            raise ImproperlyConfigured(f"{place} gives {upper!r} twice, in different case")
        found[upper] = value
    return _checked_database(place, found)


def _checked_database(place: str, found: Database) -> Database:
    found["ENGINE"] = engine = _engine(place, found.get("ENGINE"))
    options = found.get("OPTIONS") or {}
    if not isinstance(options, Mapping):
        raise ImproperlyConfigured(f"{place}['OPTIONS'] must be a dict, not {options!r}")
    found["OPTIONS"] = (
        _sqlite_options(place, options) if engine == "sqlite" else _driver_options(place, options)
    )
    found["NAME"] = _name(place, engine, found.get("NAME"))
    for key, check, wanted in _NUMBERS:
        if key in found and not check(found[key]):
            raise ImproperlyConfigured(f"{place}[{key!r}] must be {wanted}, not {found[key]!r}")
    if found.get("MIN_POOL_SIZE", 1) > found.get("MAX_POOL_SIZE", 10):
        raise ImproperlyConfigured(f"{place}: MIN_POOL_SIZE must not be above MAX_POOL_SIZE")
    return found


def _engine(place: str, given: Any) -> str:
    choices = " or ".join(repr(engine) for engine in NAMED_ENGINES)
    if given is None:
        raise ImproperlyConfigured(f"{place} has no 'ENGINE'. It must be {choices}.")
    engine = ENGINES.get(given.lower()) if isinstance(given, str) else None
    if engine is None:
        hint = did_you_mean(nearest(given, NAMED_ENGINES)) if isinstance(given, str) else ""
        raise ImproperlyConfigured(
            f"{place} has an unknown ENGINE {given!r}.{hint} It must be {choices} "
            "(Django's 'django.db.backends.sqlite3' and 'django.db.backends.postgresql' mean the same)."
        )
    return engine


def _name(place: str, engine: str, given: Any) -> str:
    if isinstance(given, os.PathLike):
        given = os.fspath(given)
    if isinstance(given, str) and given and "\0" not in given:
        return given
    wanted = "the path of a file, or ':memory:'" if engine == "sqlite" else "the name of a database"
    if given is None or given == "":
        raise ImproperlyConfigured(f"{place} has no 'NAME'. It must be {wanted}.")
    raise ImproperlyConfigured(f"{place}['NAME'] must be {wanted}, not {given!r}")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_duration(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def _is_port(value: Any) -> bool:
    if value is None or value == "":
        return True
    text = str(value)
    return not isinstance(value, bool) and text.isascii() and text.isdigit() and 0 < int(text) < 65536


_NUMBERS: Final[tuple[tuple[str, Callable[[Any], bool], str], ...]] = (
    ("PORT", _is_port, "a port number"),
    ("MIN_POOL_SIZE", _is_count, "a whole number, 0 or more"),
    ("MAX_POOL_SIZE", lambda value: _is_count(value) and value > 0, "a whole number above 0"),
    ("POOL_TIMEOUT", _is_duration, "a number of seconds"),
    ("POOL_CHECK", lambda value: isinstance(value, bool), "True or False"),
    ("PGBOUNCER", lambda value: isinstance(value, bool), "True or False"),
    ("MAX_IDLE", _is_duration, "a number of seconds"),
    ("MAX_LIFETIME", _is_duration, "a number of seconds"),
)


def _driver_options(place: str, options: Mapping[Any, Any]) -> dict[str, Any]:
    """Check options that go straight to the driver, whose names are lower case."""
    for key in options:
        if not isinstance(key, str) or key != key.lower():
            fix = f" Did you mean {str(key).lower()!r} here, or {key!r} beside 'OPTIONS'?"
            raise ImproperlyConfigured(
                f"{place}['OPTIONS'] has no {key!r}: the driver's names are lower case.{fix}"
            )
    return dict(options)


def _sqlite_options(place: str, options: Mapping[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in options.items():
        name = str(key).lower()
        check = _SQLITE_OPTIONS.get(name)
        if check is None:
            hint = did_you_mean(nearest(name, _SQLITE_OPTIONS))
            raise ImproperlyConfigured(
                f"{place}['OPTIONS'] has no {key!r}.{hint} Options: {listed(_SQLITE_OPTIONS)}."
            )
        found[name] = check(f"{place}['OPTIONS'][{key!r}]", value)
    return found


def _one_of(choices: tuple[str, ...]) -> Callable[[str, Any], str]:
    def check(place: str, value: Any) -> str:
        if not isinstance(value, str) or value.upper() not in choices:
            raise ImproperlyConfigured(f"{place} must be one of {', '.join(choices)}, not {value!r}")
        return value.upper()

    return check


def _milliseconds(place: str, value: Any) -> int:
    if not _is_count(value) or value > 2**31 - 1:
        raise ImproperlyConfigured(f"{place} must be a whole number of milliseconds, not {value!r}")
    return int(value)


def _count(place: str, value: Any) -> int:
    if not _is_count(value) or value > 2**31 - 1:
        raise ImproperlyConfigured(f"{place} must be a whole number, 0 or more, not {value!r}")
    return int(value)


_SQLITE_OPTIONS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "journal_mode": _one_of(JOURNAL_MODES),
    "busy_timeout": _milliseconds,
    "foreign_keys": _flag,
    "synchronous": _one_of(SYNCHRONOUS),
    "cached_statements": _count,
}

_CHECKS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "DATABASES": _databases,
    "INSTALLED_APPS": _apps,
    "DATABASE_ROUTERS": _list,
    "USE_TZ": _flag,
    "TIME_ZONE": _time_zone,
    "ASYNC_STRICT": _flag,
}


# -- URLs -----------------------------------------------------------------------------------------


def parse_url(url: str, place: str) -> Database:
    """Return the database that a URL names; what stands after "?" are its options.

    `sqlite:///relative`, `sqlite:////absolute`, `sqlite://:memory:`, `postgresql://user:password@host:5432/name`.
    """
    # Imported here: most programs give a dict, and this module is on the path of `import dorm`.
    from urllib.parse import parse_qsl, unquote, urlsplit

    scheme, colon, rest = url.partition("://")
    if not colon:
        raise ImproperlyConfigured(f"{place} is not a database URL such as 'sqlite:///db.sqlite3'")
    body, _, query = rest.partition("?")
    options: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    engine = _engine(place, scheme)
    if engine == "sqlite":
        options = {key: _url_value(value) for key, value in options.items()}
        name = body.removeprefix("/")
        if name == body and body != ":memory:":
            raise ImproperlyConfigured(
                f"{place}: a sqlite URL has three slashes before the path: 'sqlite:///{body}'"
            )
        return _checked_database(place, {"ENGINE": engine, "NAME": unquote(name), "OPTIONS": options})
    try:
        parts = urlsplit(f"postgresql://{body}")
        port = parts.port
    # The message must not hold the URL: it bears a password.
    except ValueError as error:
        raise ImproperlyConfigured(f"{place} is not a database URL: {error}") from None
    found: Database = {"ENGINE": engine, "NAME": unquote(parts.path.removeprefix("/")), "OPTIONS": options}
    given = {"USER": parts.username, "PASSWORD": parts.password, "HOST": parts.hostname, "PORT": port}
    found |= {
        key: unquote(value) if isinstance(value, str) else value for key, value in given.items() if value
    }
    return _checked_database(place, found)


def _url_value(text: str) -> Any:
    """Return a number or flag where the text is one: a URL knows no types."""
    if text.isascii() and text.isdigit():
        return int(text)
    return {"true": True, "false": False, "on": True, "off": False}.get(text.lower(), text)
