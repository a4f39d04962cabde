"""Write the stubs of the field classes: the value type of each, with and without null.

The overloads on `null=` cannot be inherited (a subclass that has none of its own loses the inference in
mypy and pyright), so they are written out in every class, from the tables below.
Run it after a change of a field's options; `--check` exits 1 when a stub is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOM = Path(__file__).parents[1] / "dorm-stubs" / "fields"

# What every field takes, in the order of the run time's signature; {null} is set by the overload.
OPTIONS = """\
primary_key: bool = False
unique: bool = False
{null}
blank: bool = False
default: Any = ...
db_index: bool = False
db_column: str | None = None
choices: Choices | None = None
validators: Iterable[Callable[[Any], object]] = ()
editable: bool = True
verbose_name: str | None = None
help_text: str = ""
""".splitlines()

LENGTH = "max_length: int | None = None"
STAMPS = ("auto_now: bool = False", "auto_now_add: bool = False")

# The overloads: whether the value is nullable, and what `null` must be for it. The last one is for a `null`
# that is not known before the run.
NULLS = (
    (False, "null: Literal[False] = False"),
    (True, "null: Literal[True]"),
    (True, "null: bool"),
)

ABC = "from collections.abc import Callable, Iterable\n"
TYPING = "from typing import Any, Literal, TypeVar, overload\n"

# Per module: what it imports, and per class its value type, its base and its own options.
MODULES: dict[str, tuple[str, dict[str, tuple[str, str, tuple[str, ...]]]]] = {
    "text": (
        ABC + TYPING,
        {
            "CharField": ("str", "Field", (LENGTH,)),
            "TextField": ("str", "Field", ()),
            "EmailField": ("str", "CharField", (LENGTH,)),
            "URLField": ("str", "CharField", (LENGTH,)),
            "SlugField": ("str", "CharField", (LENGTH,)),
        },
    ),
    "numbers": (
        ABC + "from decimal import Decimal\n" + TYPING,
        {
            "IntegerField": ("int", "Field", ()),
            "AutoField": ("int", "IntegerField", ()),
            "BigAutoField": ("int", "AutoField", ()),
            "BigIntegerField": ("int", "IntegerField", ()),
            "SmallIntegerField": ("int", "IntegerField", ()),
            "PositiveIntegerField": ("int", "IntegerField", ()),
            "PositiveSmallIntegerField": ("int", "PositiveIntegerField", ()),
            "FloatField": ("float", "Field", ()),
            "DecimalField": ("Decimal", "Field", ("max_digits: int = 10", "decimal_places: int = 2")),
            "BooleanField": ("bool", "Field", ()),
        },
    ),
    "temporal": (
        "import datetime as dt\n" + ABC + TYPING,
        {
            "DateField": ("dt.date", "Field", STAMPS),
            "TimeField": ("dt.time", "Field", STAMPS),
            "DateTimeField": ("dt.datetime", "Field", STAMPS),
        },
    ),
    "structured": (
        ABC + TYPING + "from uuid import UUID\n",
        {
            "UUIDField": ("UUID", "Field", ()),
            "JSONField": ("Any", "Field", ()),
        },
    ),
}

HEAD = """\
# Written by scripts/field_stubs.py: change the tables there.
"""


def overload(name: str, value: str, null: str, own: tuple[str, ...]) -> str:
    """Return one `__init__` of class *name*, for the value type *value*."""
    options = [option.format(null=null) for option in (*own, *OPTIONS)]
    return "\n".join(
        (
            "    @overload",
            "    def __init__(",
            f"        self: {name}[{value}],",
            "        *,",
            *(f"        {option}," for option in options),
            "    ) -> None: ...",
            "",
        )
    )


def scalar(name: str, value: str, base: str, own: tuple[str, ...]) -> str:
    """Return the stub of a field that is one plain column."""
    overloads = [
        overload(name, f"{value} | None" if nullable and value != "Any" else value, null, own)
        for nullable, null in NULLS
    ]
    return f"class {name}({base}[_T]):\n" + "".join(overloads)


def relation(name: str, base: str) -> str:
    """Return the stub of a field that refers to one row of another model.

    A target given as text leaves T open (default Any): an annotation, a subscript or the plugin closes it.
    """
    targets = ("type[_M]", "str")
    own = ("related_name: str | None = None", "to_field: str | None = None")
    overloads = []
    for target in targets:
        for nullable, null in NULLS:
            value = ("_M | None" if nullable else "_M") if target == "type[_M]" else "_R"
            text = overload(name, value, null, own)
            overloads.append(
                text.replace(
                    "        *,\n", f"        to: {target},\n        on_delete: OnDelete,\n        *,\n", 1
                )
            )
    return f"class {name}({base}[_R]):\n" + "".join(overloads)


def render() -> dict[Path, str]:
    """Return the text of every generated stub."""
    files = {}
    for module, (imports, classes) in MODULES.items():
        files[ROOM / f"{module}.pyi"] = (
            f"{HEAD}\n{imports}\nfrom dorm.fields.base import Choices, Field\n\n"
            '_T = TypeVar("_T")\n\n' + "\n".join(scalar(name, *facts) for name, facts in classes.items())
        )
    files[ROOM / "related.pyi"] = (
        f"{HEAD}\n{ABC}from typing import Any, Literal, overload\n\nfrom typing_extensions import TypeVar\n\n"
        "from dorm.fields.base import Choices, Field\nfrom dorm.models.base import Model\n\n"
        '_M = TypeVar("_M", bound=Model)\n_R = TypeVar("_R", default=Any)\n\n'
        "class OnDelete: ...\n\n"
        + "".join(
            f"{name}: OnDelete\n"
            for name in ("CASCADE", "PROTECT", "RESTRICT", "SET_NULL", "SET_DEFAULT", "DO_NOTHING")
        )
        + "\n"
        + relation("ForeignKey", "Field")
    )
    return files


def main(argv: list[str]) -> int:
    """Write the stubs, or with `--check` only say which are stale."""
    stale = [path for path, text in render().items() if not path.exists() or path.read_text() != text]
    for path in stale:
        if "--check" in argv:
            print(f"{path} is stale: run python scripts/field_stubs.py")
        else:
            path.write_text(render()[path])
    return 1 if stale and "--check" in argv else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
