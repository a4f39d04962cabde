"""How one stub names things: its own classes, those of other modules, and the types of values.

Rests on what models are in the source. Whatever is not the module's own bears a leading underscore, so that
no name of the user's is in the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ..source.models import SourceModel

# A value of each type as the operand of a lookup, expressions included.
OPERANDS: Final = {
    "str": "_Text",
    "int": "_Int",
    "float": "_Float",
    "bool": "_Bool",
    "bytes": "_Bytes",
    "decimal.Decimal": "_Decimal",
    "datetime.date": "_Date",
    "datetime.time": "_Time",
    "datetime.datetime": "_DateTime",
    "datetime.timedelta": "_Duration",
    "uuid.UUID": "_UUID",
    "Any": "_Any",
}

WIDTH: Final = 110

BUILTINS: Final = frozenset({"str", "int", "float", "bool", "bytes", "Any"})
STANDARD: Final = re.compile(r"\b(datetime|decimal|uuid)\.")


class StubScope:
    """The names of one stub; remembers which other modules it takes classes from."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.modules: set[str] = set()

    def imports(self) -> str:
        """Return the imports of the modules that were named."""
        return "".join(f"import {name} as {_alias(name)}\n" for name in sorted(self.modules))

    def annotation(self, value: str) -> str:
        """Return a type of values, as the readers of the source have it, as this stub writes it."""
        if value.startswith("list["):
            return f"list[{self.annotation(value[5:-1])}]"
        if value == "Any":
            return "_Any"
        if value in BUILTINS:
            return value
        if STANDARD.match(value):
            return f"_{value}"
        return self.qualified(value)

    def nullable(self, value: str, null: bool) -> str:
        """Return the annotation of values that may be None."""
        text = self.annotation(value)
        return f"{text} | None" if null and text != "_Any" else text

    def operand(self, value: str) -> str:
        """Return the annotation of what may be compared with values of a type, or stored as one."""
        if value in OPERANDS:
            return OPERANDS[value]
        # The members of an enumeration are stored as texts or numbers, and may be given so.
        plain = "" if value.startswith("list[") else "str | int | "
        return f"{self.annotation(value)} | {plain}_E"

    def qualified(self, full: str, module: str | None = None) -> str:
        """Return how this stub calls the class of a full name."""
        owner = module if module is not None else _module_of(full)
        name = full[len(owner) + 1 :]
        if owner == self.module:
            return name
        self.modules.add(owner)
        return f"{_alias(owner)}.{name}"

    def model(self, model: SourceModel) -> str:
        """Return how this stub calls a model."""
        return self.qualified(model.full, model.module)

    def own(self, model: SourceModel, suffix: str) -> str:
        """Return how this stub calls a class that was written for a model: "_AuthorQuery"."""
        return self.qualified(f"{model.module}._{model.name}{suffix}", model.module)


def _module_of(full: str) -> str:
    """Return the module of a full name whose classes begin with a capital letter."""
    parts = full.split(".")
    at = next((at for at, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1)
    return ".".join(parts[:at])


def _alias(module: str) -> str:
    return f"_{module.replace('.', '_')}"


def wrapped(parts: Iterable[str], indent: int = 8) -> str:
    """Return *parts* with commas, as many to a line as fit."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 2 <= WIDTH:
            lines[-1] += f" {part},"
        else:
            lines.append(f"{' ' * indent}{part},")
    return "".join(f"{line}\n" for line in lines)
