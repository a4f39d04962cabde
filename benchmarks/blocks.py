"""Transactions on SQLite: an empty block, and one with one UPDATE in it.

The floor writes BEGIN and COMMIT out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from dorm.transaction import atomic

from .library import Book, Library
from .measure import Operation
from .read import keys

UPDATE = "UPDATE book SET pages = ? WHERE id = ?"


def operations(library: Library) -> Iterator[Operation]:
    execute = library.connection.execute
    floor_keys, dorm_keys = keys(library.size), keys(library.size)
    # SQLite writes nothing where a row stays as it is, so each turn has another value.
    floor_pages, dorm_pages = cycle(range(20, 919)), cycle(range(20, 919))

    def empty_floor() -> None:
        execute("BEGIN IMMEDIATE")
        execute("COMMIT")

    def empty_dorm() -> None:
        with atomic():
            pass

    def update_floor() -> Any:
        key = next(floor_keys)
        execute("BEGIN IMMEDIATE")
        changed = execute(UPDATE, (next(floor_pages), key)).rowcount
        execute("COMMIT")
        return changed

    def update_dorm() -> Any:
        key = next(dorm_keys)
        with atomic():
            return Book.objects.filter(pk=key).update(pages=next(dorm_pages))

    yield Operation("atomic_empty", empty_floor, empty_dorm, calls=3_000)
    yield Operation("atomic_update", update_floor, update_dorm, calls=500)
