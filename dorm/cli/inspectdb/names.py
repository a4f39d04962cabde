"""Names of classes and fields, made of those of tables and columns.

Pure text; nothing here knows a database.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable

import dorm


def class_names(tables: Iterable[str], app: str | None) -> dict[str, str]:
    """Return table -> name of its class: "blog_post" is BlogPost.

    The first word is left out where it is that of *app*, or of every table: "blog_post" is Post.
    """
    every = list(tables)
    heads = {table.partition("_")[0] for table in every}
    shared = heads.pop() if len(heads) == 1 and all("_" in table.strip("_") for table in every) else None
    head = f"{app or shared}_"
    found: dict[str, str] = {}
    for table in every:
        name = class_name(table.removeprefix(head) or table)
        found[table] = unique(name, [*found.values(), "T"])
    return found


def class_name(text: str) -> str:
    """Return the words of *text* as the name of a class: "order line" and "orderLine" are OrderLine."""
    words = re.findall(r"[^\W_]+", text)
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if name.isidentifier() and not keyword.iskeyword(name) else f"Table{name}"


def field_name(column: str, taken: Collection[str]) -> str:
    """Return the name of a field for *column*: snake case, free, and none that Python or a model has."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column)
    name = re.sub(r"[\W_]+", "_", spaced).strip("_").lower()
    if not name or name[0].isdigit():
        name = f"n{name}"
    if keyword.iskeyword(name) or hasattr(dorm.Model, name) or name in ("pk", "objects", "dorm"):
        name = f"{name}_field"
    return unique(name, taken)


def unique(name: str, taken: Collection[str]) -> str:
    """Return *name*, with the first number behind it that makes it free."""
    number, found = 2, name
    while found in taken:
        found = f"{name}{number}"
        number += 1
    return found
