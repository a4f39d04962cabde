"""Generate the functions between rows and Python: one loop per result, with its conversions inline.

Rests on a dialect's codecs. A converter is called only for the columns that need one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, TypeAlias

from .._generate import generate
from .._record import Record
from ..sql.dialects import Dialect
from ..sql.nodes import Bind, BindItem, BindList
from ..sql.types import ColumnType

Build: TypeAlias = Callable[[list[Any], "str | None"], list[Any]]
BindParams: TypeAlias = Callable[[tuple[Any, ...]], Sequence[Any]]


class Cell(Record):
    """One column of a row: the name that it gets, its type, whether it may be NULL."""

    name: str
    type: ColumnType
    nullable: bool


class Part(Record):
    """One instance in a row: its class and cells, and the attribute of part *parent* that holds it.

    `key` is the place of the primary key among the cells; without a parent it is the row's own instance.
    """

    model: type[Any]
    cells: tuple[Cell, ...]
    key: int
    parent: int | None = None
    attribute: str = ""


# -- rows to Python -------------------------------------------------------------------------------


def build_instances(parts: Sequence[Part], extra: Sequence[Cell], dialect: Dialect) -> Build:
    """Return the function from rows to instances; *extra* cells become attributes of the first part."""
    names: dict[str, Any] = {"new": object.__new__}
    variables: list[str] = []
    body: list[str] = []
    for number, part in enumerate(parts):
        names[f"Model{number}"] = part.model
        own = [f"v{len(variables) + index}" for index in range(len(part.cells))]
        variables += own
        body += _make(number, part, own, parts, names, dialect)
    own = [f"v{len(variables) + index}" for index in range(len(extra))]
    variables += own
    body += [f"o0.{cell.name} = {_decoded(cell, name, names, dialect)}" for cell, name in zip(extra, own)]
    lines = "\n        ".join([*body, "add(o0)"])
    source = f"""\
def generated(rows, alias):
    objects = []
    add = objects.append
    for {_unpacked(variables)} in rows:
        {lines}
    return objects
"""
    return generate(source, names, f"rows of {parts[0].model.__name__}")


def _make(
    number: int, part: Part, own: list[str], parts: Sequence[Part], names: dict[str, Any], dialect: Dialect
) -> list[str]:
    pairs = zip(part.cells, own)
    if _makes_its_own(part.model):
        names[f"names{number}"] = tuple(cell.name for cell in part.cells)
        values = "".join(f"{_decoded(cell, name, names, dialect)}, " for cell, name in pairs)
        lines = [f"o{number} = Model{number}.from_db(alias or 'default', names{number}, ({values}))"]
    else:
        lines = [f"o{number} = new(Model{number})"]
        lines += [f"o{number}.{cell.name} = {_decoded(cell, name, names, dialect)}" for cell, name in pairs]
        lines += [f"if alias is not None: o{number}._alias = alias"]
    if part.parent is None:
        return lines
    # An outer join that found nothing gives a row of NULLs; a parent that is missing has no attribute to set.
    lines = [f"if {own[part.key]} is None: o{number} = None", "else:", *("    " + line for line in lines)]
    attach = f"o{part.parent}.{part.attribute} = o{number}"
    always = parts[part.parent].parent is None
    return [*lines, attach if always else f"if o{part.parent} is not None: {attach}"]


def _makes_its_own(model: type[Any]) -> bool:
    """Whether a class overrides `from_db()`."""
    made: Any = getattr(model, "from_db", None)
    return made is not None and made.__func__.__module__ != "dorm.models.base"


def build_dicts(cells: Sequence[Cell], dialect: Dialect) -> Build:
    """Return the function from rows to dicts by name."""
    return _comprehension(cells, dialect, lambda values: "{" + ", ".join(
        f"{cell.name!r}: {value}" for cell, value in zip(cells, values)) + "}")  # fmt: skip


def build_tuples(cells: Sequence[Cell], dialect: Dialect) -> Build:
    """Return the function from rows to tuples; rows that need no conversion are tuples already."""
    if all(_is_ready(cell, dialect) for cell in cells):
        return _as_they_are
    return _comprehension(cells, dialect, lambda values: "(" + ", ".join(values) + ",)")


def build_flat(cells: Sequence[Cell], dialect: Dialect) -> Build:
    """Return the function from rows of one column to its values."""
    if _is_ready(cells[0], dialect):
        return _chained
    return _comprehension(cells, dialect, lambda values: values[0])


def _chained(rows: list[Any], alias: str | None) -> list[Any]:
    return list(chain.from_iterable(rows))


def _as_they_are(rows: list[Any], alias: str | None) -> list[Any]:
    return rows


def _comprehension(cells: Sequence[Cell], dialect: Dialect, display: Callable[[list[str]], str]) -> Build:
    names: dict[str, Any] = {}
    variables = [f"v{index}" for index in range(len(cells))]
    values = [_decoded(cell, name, names, dialect) for cell, name in zip(cells, variables)]
    source = f"def generated(rows, alias): return [{display(values)} for {_unpacked(variables)} in rows]\n"
    return generate(source, names, "values")


def _is_ready(cell: Cell, dialect: Dialect) -> bool:
    """Whether the driver's value is Python's already."""
    return cell.type.load is None and dialect.decoder(cell.type) is None


def _decoded(cell: Cell, name: str, names: dict[str, Any], dialect: Dialect) -> str:
    codec = dialect.decoder(cell.type)
    value = name if codec is None else codec.apply(name, names, nullable=cell.nullable)
    if cell.type.load is None:
        return value
    names[f"load_{name}"] = cell.type.load
    return f"load_{name}({value})"


def _unpacked(variables: Sequence[str]) -> str:
    return ", ".join(variables) + ("," if len(variables) == 1 else "")


# -- Python to parameters -------------------------------------------------------------------------


def bind_params(
    binds: Sequence[Bind | BindList | BindItem], slots: int, dialect: Dialect
) -> BindParams | None:
    """Return the function from a query's values to the statement's parameters; None if they are the same."""
    names: dict[str, Any] = {}
    items = [item for bind in binds if (item := _parameter(bind, names, dialect))]
    if items == [f"p[{slot}]" for slot in range(slots)]:
        return None
    source = f"def generated(p): return ({''.join(item + ', ' for item in items)})\n"
    return generate(source, names, "parameters")


def _parameter(bind: Bind | BindList | BindItem, names: dict[str, Any], dialect: Dialect) -> str:
    codec = dialect.encoder(bind.type)
    if isinstance(bind, BindList):
        encoded = f"p[{bind.slot}]"
        if codec is not None:
            encoded = f"[{codec.apply('v', names, nullable=False)} for v in {encoded}]"
        return dialect.list_parameter(encoded, bind.size, names)
    value = f"p[{bind.slot}]" if isinstance(bind, Bind) else f"p[{bind.slot}][{bind.index}]"
    if codec is not None:
        # The new values of an UPDATE stand here too, and those may be None.
        value = codec.apply(value, names, nullable=True)
    form = dialect.form(bind.form) if isinstance(bind, Bind) else None
    return value if form is None else form.apply(value, names, nullable=False)
