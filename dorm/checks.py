"""System checks: what is wrong with models before a query finds out, each with an id and the fix.

Rests on the registry and on what would create the tables; opens no connection. What cannot be right whatever
else is defined (a clash of names, SET_NULL without null) is an error of the class definition already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from ._record import Record
from .actions.table_definitions import table_statements
from .conf import databases, settings
from .exceptions import DataError, FieldError, ImproperlyConfigured, NotSupportedError, ValidationError
from .fields import CharField, Field, JSONField
from .fields.related import RelationField
from .fields.structured import ArrayField
from .meta.options import Options, options_of
from .meta.registry import registry
from .query.query import Query
from .sql.dialects import Dialect
from .sql.dialects.postgresql import PostgreSQLDialect
from .sql.dialects.sqlite import SQLiteDialect

Level: TypeAlias = Literal["error", "warning"]

DIALECTS: Final[dict[str, type[Dialect]]] = {"sqlite": SQLiteDialect, "postgresql": PostgreSQLDialect}

# A class of the model, or a field of it, is told by its label: "shop.Product" or "shop.Product.price".
MUTABLE: Final = (list, dict, set, bytearray)


class Message(Record):
    """One finding: *object* is where, *hint* what would be right."""

    id: str
    level: Level
    message: str
    hint: str
    object: str

    def __str__(self) -> str:
        return f"{self.object}: ({self.id}) {self.message} {self.hint}"


def run_checks(models: Iterable[type[Any]] | None = None) -> list[Message]:
    """Return what is wrong with *models*, or with every model; `[]` when nothing is."""
    every = [options_of(model) for model in (registry if models is None else models)]
    found = [message for options in every for message in _looked_at(options)]
    return [*found, *_tables(every), *_index_names(every)]


def refuse_errors(options: Options) -> None:
    """Raise ImproperlyConfigured if a model that is asked about for the first time has errors.

    What depends on the database is left to it, and warnings to `dorm check`.
    """
    # Models of migrations, and classes that were defined again, are in nobody's hands to correct.
    if options.is_checked or registry.models.get(options.label) is not options.model:
        return
    found = [one for one in _looked_at(options) if one.level == "error" and one.id != "models.E003"]
    if found:
        raise ImproperlyConfigured("\n".join(map(str, found)))
    options.is_checked = True


def _looked_at(options: Options) -> list[Message]:
    """Return what is wrong with one model; the queries that the checks make of it are not its first."""
    before, options.is_checked = options.is_checked, True
    try:
        return list(_of_model(options))
    finally:
        options.is_checked = before
        if not before:
            options.cache.pop("query", None)


Query.first_asked = refuse_errors


def _of_model(options: Options) -> Iterator[Message]:
    if options.proxy:
        return
    for field in (*options.fields, *options.many_to_many):
        for check in FIELD_CHECKS:
            yield from check(options, field)
    # Statements name the tables of other models: these must be known first.
    if all(field.related_model is not None for field in options.foreign_keys):
        yield from _ordering(options)
        yield from _definition(options)


# -- fields ---------------------------------------------------------------------------------------


def _target(options: Options, field: Field[Any]) -> Iterator[Message]:
    if isinstance(field, RelationField) and field.related_model is None:
        yield Message(
            "fields.E001",
            "error",
            f"It refers to {field.to!r}, which is not defined.",
            "Import the module of that model, or correct the name.",
            _where(options, field),
        )


def _default(options: Options, field: Field[Any]) -> Iterator[Message]:
    default, where = field.default, _where(options, field)
    if isinstance(default, MUTABLE) and not isinstance(field, (JSONField, ArrayField)):
        yield Message(
            "fields.W001",
            "warning",
            f"All instances share one {type(default).__name__} as their default.",
            f"Give a callable: default={type(default).__name__}.",
            where,
        )
    if isinstance(default, date) and _is_now(default):
        yield Message(
            "fields.W002",
            "warning",
            f"Its default is the moment at which the program began: {default}.",
            "Give a callable, as in default=date.today, or auto_now_add=True.",
            where,
        )
    if not field.has_default() or callable(default) or default is None or default in field.empty_values:
        return
    try:
        field.clean(default)
    except (ValidationError, TypeError) as error:
        words = f"It refuses its own default: {error}"
        yield Message("fields.E002", "error", words, "Change one of them.", where)


def _is_now(default: date) -> bool:
    now = datetime.now(UTC)
    day = default if not isinstance(default, datetime) else default.date()
    return abs(day - now.date()) <= timedelta(days=1)


def _length(options: Options, field: Field[Any]) -> Iterator[Message]:
    if not isinstance(field, CharField):
        return
    where = _where(options, field)
    if type(field) is CharField and not field.was_given("max_length") and field.choices is None:
        yield Message(
            "fields.W003",
            "warning",
            "It has no max_length, so it takes 255 characters.",
            "Say max_length=255, or what fits.",
            where,
        )
    limit = field.max_length or 0
    longest = max((len(str(value)) for value, _ in field.flatchoices if value is not None), default=0)
    if longest > limit:
        yield Message(
            "fields.E003",
            "error",
            f"One of its choices has {longest} characters, and max_length is {limit}.",
            f"Set max_length={longest} at least.",
            where,
        )


def _unique_for(options: Options, field: Field[Any]) -> Iterator[Message]:
    for span in ("date", "month", "year"):
        name: str | None = getattr(field, f"unique_for_{span}")
        if name is None:
            continue
        by = next((own for own in options.fields if own.name == name), None)
        if by is None or by.family not in ("date", "datetime"):
            days = [own.name for own in options.fields if own.family in ("date", "datetime")]
            yield Message(
                "fields.E004",
                "error",
                f"unique_for_{span} names {name!r}, which is no date of {options.name}.",
                f"Name one of its dates: {', '.join(days) or 'there is none yet'}.",
                _where(options, field),
            )


FIELD_CHECKS: Final[tuple[Callable[[Options, Field[Any]], Iterator[Message]], ...]] = (
    _target, _default, _length, _unique_for,
)  # fmt: skip


# -- models ---------------------------------------------------------------------------------------


def _ordering(options: Options) -> Iterator[Message]:
    try:
        Query.of(options).ordered(options.ordering)
    except FieldError as error:
        yield Message(
            "models.E001", "error", f"Meta.ordering: {error}", "Name fields of the model.", options.label
        )


def _definition(options: Options) -> Iterator[Message]:
    """Write what would create the table: that finds what a database cannot do, and names in conditions."""
    if options.abstract or not options.managed:
        return
    dialect = _dialect()
    try:
        for statement in table_statements(options, dialect):
            dialect.write(statement)
    except (FieldError, ImproperlyConfigured, DataError) as error:
        yield Message("models.E002", "error", str(error), "Correct the definition.", options.label)
    except (NotSupportedError, NotImplementedError) as error:
        hint = "Use a database that can, or leave it out."
        yield Message("models.E003", "error", str(error), hint, options.label)


def _dialect() -> Dialect:
    """Return the dialect of the default database; that of SQLite while there is none."""
    engine = databases().get("default", {}).get("ENGINE", "sqlite")
    return DIALECTS.get(str(engine).rpartition(".")[2], SQLiteDialect)(use_tz=settings.USE_TZ)


def _tables(every: list[Options]) -> Iterator[Message]:
    taken: dict[str, Options] = {}
    for options in every:
        if options.proxy or options.abstract:
            continue
        other = taken.setdefault(options.db_table, options)
        # A subclass of a concrete model may share its table.
        if other is not options and not _related(other.model, options.model):
            yield Message(
                "models.E004",
                "error",
                f"Its table {options.db_table!r} is that of {other.label} too.",
                "Give one of them another Meta.db_table.",
                options.label,
            )


def _related(one: type[Any], other: type[Any]) -> bool:
    return issubclass(one, other) or issubclass(other, one)


def _index_names(every: list[Options]) -> Iterator[Message]:
    taken: dict[str, Options] = {}
    for options in every:
        if options.proxy or options.abstract:
            continue
        names = [index.get_name(options.db_table) for index in options.indexes]
        for name in [*names, *(str(one.name) for one in options.constraints)]:
            other = taken.setdefault(name, options)
            if other.db_table != options.db_table:
                yield Message(
                    "models.E005",
                    "error",
                    f"Its index or constraint {name!r} has the name of one of {other.label}.",
                    "Give it its own; in an abstract model, by '%(class)s' in the name.",
                    options.label,
                )


def _where(options: Options, field: Field[Any]) -> str:
    return f"{options.label}.{field.name}"
