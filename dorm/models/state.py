"""`instance._state`: where an instance comes from, in Django's words.

A view of two attributes of the instance; it keeps nothing itself.
"""

from __future__ import annotations

from typing import Any


class ModelState:
    """Whether the row is yet to be added, and the alias of the database that it is in."""

    __slots__ = ("_instance",)

    def __init__(self, instance: Any) -> None:
        self._instance = instance

    @property
    def adding(self) -> bool:
        """Whether `save()` will insert the row."""
        adding: bool = self._instance._adding
        return adding

    @adding.setter
    def adding(self, value: bool) -> None:
        self._instance._adding = value

    @property
    def db(self) -> str | None:
        """The alias of the database that the row was read from or saved to; None before that."""
        alias: str | None = self._instance._alias
        return alias if alias is not None or self.adding else "default"

    @db.setter
    def db(self, value: str | None) -> None:
        self._instance._alias = None if value == "default" else value

    def __repr__(self) -> str:
        return f"<ModelState: adding={self.adding} db={self.db!r}>"
