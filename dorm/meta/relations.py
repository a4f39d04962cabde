"""The directions of relations that no column of the model itself stands for.

One record per direction, a FieldView for the path walker as a field is; rests on fields.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ..exceptions import RelatedObjectDoesNotExist
from ..fields.base import Field
from ..fields.related import ForeignKey, ManyToManyField, OneToOneField, RelatedOptions, RelationField, Step
from ..lookups.table import Family


class Relation:
    """From a row of *owner* to rows of *target*, by *field*, which may stand on either."""

    family: Family = "relation"
    nullable: bool = True
    view: None = None
    # Nothing on the owner's own row says where it leads: even the key of the other side takes a join.
    joined: bool = True

    def __init__(self, field: RelationField, owner: RelatedOptions, target: RelatedOptions) -> None:
        self.field = field
        self.owner = owner
        self.target = target

    def __repr__(self) -> str:
        return f"<{self.owner.name}.{self.name}, by {self.field.model.__name__}.{self.field.name}>"

    @property
    def many(self) -> bool:
        """Whether one row may lead to several."""
        return True

    @property
    def name(self) -> str:
        """The name in queries."""
        field = self.field
        named = field.related_query_name or field.related_name
        return named if named not in (None, "+") else self.target.name.lower()

    @property
    def accessor(self) -> str | None:
        """The attribute of an instance; None when related_name is "+"."""
        if self.field.related_name == "+":
            return None
        return self.field.related_name or f"{self.target.name.lower()}_set"

    @property
    def steps(self) -> tuple[Step, ...]:
        """The joins on the way."""
        raise NotImplementedError

    @property
    def key(self) -> Field[Any]:
        """The field of *target* that a bare value is compared with."""
        return self.target.pk

    def prepare_operand(self, value: Any) -> Any:
        """Return the key of an instance of *target*, or the key that *value* is, for a comparison."""
        if not hasattr(value, "_meta"):
            return self.key.prepare_operand(value)
        return self.key_of(value)

    def key_of(self, instance: Any) -> Any:
        """Return the key of an instance of *target*; FieldError for another model's or an unsaved one."""
        if not isinstance(instance, self.target.model):
            raise self.field.wrong_model(self.target.name, instance)
        return self.field.key_in(instance, self.key)


class ReverseRelation(Relation):
    """From a row of *owner* to the rows of *target* whose foreign key *field* refers to it."""

    field: ForeignKey

    @property
    def many(self) -> bool:
        """Whether several rows may refer to one: not by a OneToOneField."""
        return not isinstance(self.field, OneToOneField)

    @property
    def accessor(self) -> str | None:
        if self.many or self.field.related_name is not None:
            return super().accessor
        return self.target.name.lower()

    @property
    def cache_name(self) -> str:
        """The attribute of an instance that keeps the one row of a OneToOneField's other side."""
        return f"_{self.accessor}_object"

    @property
    def steps(self) -> tuple[Step, ...]:
        key = self.field.target_field.column
        return (Step(self.target.db_table, key, self.field.column, many=self.many, nullable=True),)

    @cached_property
    def missing(self) -> type[RelatedObjectDoesNotExist]:
        """The error of a OneToOneField's other side that has no row; a DoesNotExist of *target* too."""
        model: Any = self.target.model
        name = f"{self.owner.name}.{self.accessor}.RelatedObjectDoesNotExist"
        return type(name, (RelatedObjectDoesNotExist, model.DoesNotExist), {"__module__": model.__module__})


class ManyToMany(Relation):
    """From a row of *owner* to those rows of *target* that a table of pairs joins it with.

    *through* is the model of that table: its key *source* refers to the owner, its key *goal* to the target.
    """

    field: ManyToManyField

    def __init__(self, field: ManyToManyField, through: Any, source: ForeignKey, goal: ForeignKey) -> None:
        super().__init__(field, source.target, goal.target)
        self.through = through
        self.source = source
        self.goal = goal
        # The same pairs, seen from the other side.
        self.backward = self

    @property
    def is_forward(self) -> bool:
        """Whether this is the direction that the field itself stands for."""
        return self.owner.model is self.field.model and self.source is self.field.source

    @property
    def name(self) -> str:
        return self.field.name if self.is_forward else super().name

    @property
    def accessor(self) -> str | None:
        return self.field.name if self.is_forward else super().accessor

    @property
    def steps(self) -> tuple[Step, ...]:
        source, goal = self.source, self.goal
        table = self.through._meta.db_table
        pair = Step(table, source.target_field.column, source.column, many=True, nullable=True)
        return (pair, *goal.steps)
