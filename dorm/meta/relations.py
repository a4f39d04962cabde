"""The reverse of a foreign key: from a row to those that refer to it.

A FieldView for the path walker, as a field is; rests on fields.
"""

from __future__ import annotations

from typing import Any

from ..fields.related import ForeignKey, RelatedOptions
from ..lookups.table import Family


class ReverseRelation:
    """From a row of *owner* to the rows of *target* whose *field* refers to it."""

    family: Family = "relation"
    many: bool = True
    nullable: bool = True

    def __init__(self, field: ForeignKey, owner: RelatedOptions, target: RelatedOptions) -> None:
        self.field = field
        self.owner = owner
        self.target = target

    def __repr__(self) -> str:
        return f"<{self.owner.name}.{self.accessor}: reverse of {self.target.name}.{self.field.name}>"

    @property
    def name(self) -> str:
        """The name in queries: the related_name, or the model's name in lower case."""
        return self.field.related_name or self.target.name.lower()

    @property
    def accessor(self) -> str | None:
        """The attribute of an instance; None when related_name is "+"."""
        if self.field.related_name == "+":
            return None
        return self.field.related_name or f"{self.target.name.lower()}_set"

    @property
    def local_column(self) -> str:
        """The column of the join on the owner's side."""
        return self.field.remote_column

    @property
    def remote_column(self) -> str:
        """The column of the join on the target's side."""
        return self.field.column

    def prepare_operand(self, value: Any) -> Any:
        """Return the key of an instance of *target*, or the key that *value* is, for a comparison."""
        if not hasattr(value, "_meta"):
            return self.target.pk.prepare_operand(value)
        if type(value)._meta is not self.target:
            raise self.field.wrong_model(self.target.name, value)
        return self.field.key_in(value, self.target.pk)
