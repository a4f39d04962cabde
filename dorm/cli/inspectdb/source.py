"""Python source of the models: calls laid out in lines, classes, and the file around them.

Pure text. What is written is as a formatter would leave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from dorm._record import Record

WIDTH: Final = 88


class Named(Record):
    """An argument by keyword, whose value is a call."""

    name: str
    value: Call

    def __str__(self) -> str:
        return f"{self.name}={self.value}"

    def lines(self, before: str, after: str) -> list[str]:
        """Return the argument between *before* and *after*."""
        return self.value.lines(f"{before}{self.name}=", after)


class Call(Record):
    """A call in source."""

    function: str
    arguments: tuple[str | Named | Call, ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"

    def lines(self, before: str, after: str = "") -> list[str]:
        """Return the call between *before* and *after*, in one line where it fits."""
        line = f"{before}{self}{after}"
        if len(line) <= WIDTH or not self.arguments:
            return [line]
        indent = " " * (len(before) - len(before.lstrip()))
        found = [f"{before}{self.function}("]
        for argument in self.arguments:
            found += _argument(argument, f"{indent}    ")
        return [*found, f"{indent}){after}"]


def _argument(argument: str | Named | Call, indent: str) -> list[str]:
    return [f"{indent}{argument},"] if isinstance(argument, str) else argument.lines(indent, ",")


class ModelSource(Record):
    """One class: *fields* by name, *meta* as (option, value or values), *notes* that stand above it."""

    name: str
    fields: list[tuple[str, Call]]
    meta: list[tuple[str, str | list[str | Call]]]
    notes: list[str]

    def lines(self) -> list[str]:
        """Return the class's source."""
        found = [f"# {note}" for note in self.notes]
        found.append(f"class {self.name}(dorm.Model):")
        for name, call in self.fields:
            found += call.lines(f"    {name} = ")
        found += ["", "    class Meta:"] if self.fields else ["    class Meta:"]
        for option, value in self.meta:
            found += [f"        {option} = {value}"] if isinstance(value, str) else _list(option, value)
        return found


class FieldClass(Record):
    """A class of fields for a type that dorm has none for."""

    name: str
    base: str
    type: str

    def lines(self) -> list[str]:
        """Return the class's source."""
        return [
            f"class {self.name}(dorm.{self.base}[T]):",
            f'    """A column of type {self.type}."""',
            "",
            "    def db_type(self, connection: object) -> str:",
            f"        return {text(self.type)}",
        ]


def file_source(
    origin: str, fields: Sequence[FieldClass], models: Sequence[ModelSource], left_out: Sequence[str]
) -> str:
    """Return the whole file, which says where it is from, and which tables have no model."""
    head = [
        f"# Written by `dorm inspectdb` from {origin}. Rename classes and fields as you like:",
        "# db_table and db_column keep to the names in the database.",
        *(f"# The table {name!r} is left out: dorm cannot name it, or what is in it." for name in left_out),
        "",
    ]
    blocks = ["\n".join(each.lines()) for each in [*fields]] + ["\n".join(each.lines()) for each in models]
    imports = (
        ["from typing import TypeVar", "", "import dorm", "", 'T = TypeVar("T")']
        if fields
        else ["import dorm"]
    )
    return "\n".join([*head, *imports]) + "".join(f"\n\n\n{block}" for block in blocks) + "\n"


def text(value: str) -> str:
    """Return *value* as a literal in the quotes that formatters want."""
    plain = repr(value)
    if plain[0] == "'" and '"' not in value:
        return f'"{plain[1:-1]}"'
    return plain


def texts(values: Iterable[str]) -> str:
    """Return a list of texts in source."""
    return f"[{', '.join(map(text, values))}]"


def _list(option: str, values: Sequence[str | Call]) -> list[str]:
    line = f"        {option} = [{', '.join(map(str, values))}]"
    if len(line) <= WIDTH:
        return [line]
    inner = [line for value in values for line in _argument(value, " " * 12)]
    return [f"        {option} = [", *inner, "        ]"]
