"""What the rows of a chain of calls are: instances, dicts or tuples, and the types of what they hold.

Rests on models of the source and the walker of paths. The types of computed values are left to type
variables, which a checker fills in from the expressions themselves.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, Literal, TypeAlias

from .._record import Record, replace
from ..lookups.paths import Path, walk_column
from ..source.calls import Made, Shaping, is_unnamed
from ..source.models import SourceField, SourceModel
from .scope import StubScope

RowKind: TypeAlias = Literal["instance", "dict", "tuple", "flat", "named"]

# The longest name of a row class that still says what it holds.
LONGEST: Final = 60

# Classes of expressions that take one name: the type that they give, "" for that of the column, and whether
# it may be None: always, or where the column may.
GIVES: Final[dict[str, tuple[str, Literal["always", "column"]]]] = {
    **dict.fromkeys(("Sum", "Min", "Max"), ("", "always")),
    "Avg": ("average", "always"),
    **dict.fromkeys(("StdDev", "Variance"), ("float", "always")),
    **dict.fromkeys(("F", "Abs"), ("", "column")),
    **dict.fromkeys(("Lower", "Upper", "Trim", "LTrim", "RTrim", "Reverse"), ("str", "column")),
    "Length": ("int", "column"),
}


class Row(Record):
    """What a row of a model is: *names* of what a dict or tuple holds, and the *computed* ones of the query.

    *hidden* are those of `alias()`, which are no part of the row's type.
    """

    kind: RowKind = "instance"
    names: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def free(self) -> tuple[str, ...]:
        """The computed values that are part of the row's type."""
        if self.kind == "instance":
            return self.computed
        return tuple(name for name in self.computed if name in self.names)


PLAIN: Final = Row()


def after(model: SourceModel, row: Row, call: Shaping) -> Row | None:
    """Return what a row is once *call* was made; None where that cannot be told."""
    made = tuple(one.keyword for one in call.made)
    if not call.whole or set(made) & set(row.computed):
        return None
    if call.method == "alias":
        return replace(row, hidden=(*row.hidden, *made))
    unnamed = tuple(name for name in call.names if is_unnamed(name))
    computed = (*row.computed, *unnamed, *made)
    if call.method == "annotate":
        return _annotated(row, made, computed)
    names = (*call.names, *made) or (*(field.attname for field in model.columns), *row.computed)
    known = (*computed, *row.hidden)
    if any(name not in known and column(model, name) is None for name in names):
        return None
    kind = _kind(call)
    unclear = len(set(names)) < len(names) or unnamed
    if (kind in ("dict", "named") and unclear) or (kind == "flat" and len(names) != 1):
        return None
    return Row(kind, tuple(names), computed, row.hidden)


def _annotated(row: Row, made: tuple[str, ...], computed: tuple[str, ...]) -> Row | None:
    if row.kind in ("instance", "dict", "tuple"):
        names = (*row.names, *made) if row.kind != "instance" else ()
        return Row(row.kind, names, computed, row.hidden)
    return None


def _kind(call: Shaping) -> RowKind:
    if call.method == "values":
        return "dict"
    return "flat" if "flat" in call.flags else "named" if "named" in call.flags else "tuple"


# -- types ----------------------------------------------------------------------------------------


def column(model: SourceModel, name: str) -> Path | None:
    """Return the path to the value called *name*, None if no such value is known."""
    found = walk_column(model, name)
    return found if isinstance(found, Path) else None


def value_type(scope: StubScope, model: SourceModel, name: str) -> str:
    """Return the annotation of the values at the end of *name*."""
    path = column(model, name)
    if path is None:
        return "_Any"
    return scope.nullable(path_value(path), path.nullable or path.field.many)


def path_value(path: Path) -> str:
    """Return the type of the values at the end of a path, without None."""
    if path.transforms:
        return {"date": "datetime.date", "time": "datetime.time", "integer": "int"}.get(path.family, "Any")
    field = path.field
    if not isinstance(field, SourceField):
        return "Any"
    if field.target is not None and (field.many or field.accessor is not None):
        return field.target.pk.value
    return field.value


def result_of(scope: StubScope, model: SourceModel, made: Made) -> str | None:
    """Return the type of a computed value where its text gives it away, None where the checker must say."""
    gives = GIVES.get(made.called)
    if gives is None or made.text is None:
        return None
    path = column(model, made.text)
    if path is None:
        return None
    held, null = gives
    value = held or path_value(path)
    if held == "average":
        value = "decimal.Decimal" if path_value(path) == "decimal.Decimal" else "float"
    return scope.nullable(value, null == "always" or path.nullable)


# -- classes --------------------------------------------------------------------------------------


class RowTypes:
    """The row types that one model needs; writes a class for each of them once."""

    def __init__(self, scope: StubScope, model: SourceModel) -> None:
        self.scope = scope
        self.model = model
        self.classes: dict[str, str] = {}

    def text(self, row: Row, filled: dict[str, str]) -> str:
        """Return the type of a row; *filled* has types, or type variables, for its computed values."""
        if row.kind == "instance" and not row.computed:
            return self.scope.model(self.model)
        if row.kind == "tuple":
            return f"tuple[{', '.join(self._held(name, filled) for name in row.names)}]"
        if row.kind == "flat":
            return self._held(row.names[0], filled)
        arguments = ", ".join(filled[name] for name in row.free)
        return f"{self._class(row)}[{arguments}]" if arguments else self._class(row)

    def aggregate(self, keywords: tuple[str, ...], filled: dict[str, str]) -> str:
        """Return the type of what `aggregate()` gives for these keywords."""
        name = self._named("Aggregate", keywords)
        held = [f"    {keyword}: {variable(at)}\n" for at, keyword in enumerate(keywords)]
        self.classes[name] = f"class {name}(_TypedDict, _Generic[{variables(keywords)}]):\n{''.join(held)}"
        return f"{name}[{', '.join(filled[keyword] for keyword in keywords)}]"

    def _held(self, name: str, filled: dict[str, str]) -> str:
        return filled[name] if name in filled else value_type(self.scope, self.model, name)

    def _class(self, row: Row) -> str:
        suffix = {"instance": "With", "dict": "Row", "named": "Named"}[row.kind]
        name = self._named(suffix, row.names if row.kind != "instance" else row.computed)
        if name not in self.classes:
            own = {**dict.fromkeys(row.hidden, "_Any"), **filled_with(row)}
            bases = [self._base(row)]
            if row.free:
                bases.append(f"_Generic[{', '.join(filled_with(row).values())}]")
            names = row.names if row.kind != "instance" else row.computed
            held = [f"    {one}: {self._held(one, own)}\n" for one in names]
            self.classes[name] = f"class {name}({', '.join(bases)}):\n{''.join(held)}"
        return name

    def _base(self, row: Row) -> str:
        if row.kind == "instance":
            return self.scope.model(self.model)
        return "_TypedDict" if row.kind == "dict" else "_NamedTuple"

    def _named(self, suffix: str, names: tuple[str, ...]) -> str:
        joined = "_".join(names)
        if len(joined) > LONGEST:
            joined = sha256(joined.encode()).hexdigest()[:8]
        return f"_{self.model.name}{suffix}_{joined}"


def variable(at: int) -> str:
    """Return the name of the type variable for a computed value."""
    return f"_A{at + 1}"


def variables(names: tuple[str, ...]) -> str:
    return ", ".join(variable(at) for at in range(len(names)))


def filled_with(row: Row) -> dict[str, str]:
    """Return a type variable for each computed value that a row's type has."""
    return {name: variable(at) for at, name in enumerate(row.free)}
