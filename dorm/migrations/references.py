"""What in a state names something else: relations by label, options and expressions by field.

Pure: gives changed copies, and never touches what it was given. Rests on fields and expressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any, TypeVar

from .._record import Record
from ..constraints import BaseConstraint, UniqueConstraint
from ..expressions import Expression, F, OrderBy, Q
from ..expressions.functions import Function
from ..fields import Field, GeneratedField
from ..fields.related import ForeignKey, ManyToManyField, RelationField
from ..indexes import Index
from ..lookups.paths import SEPARATOR
from ..meta.options import options_of
from ..models.meta_options import groups_of_names

E = TypeVar("E")


def label_of(key: str) -> str:
    """Return the app of a model's key or full label."""
    return key.rpartition(".")[0]


# -- relations, by label --------------------------------------------------------------------------


def full_label(to: Any, home: str, own: str = "") -> str:
    """Return "app.Name" for what a relation of the app *home* refers to; "self" is the model *own*."""
    if not isinstance(to, str):
        options = options_of(to)
        return f"{options.app_label}.{options.name}"
    if to == "self":
        return f"{home}.{own}"
    return to if "." in to else f"{home}.{to}"


def related_models(fields: Iterable[Field[Any]], home: str, own: str) -> list[str]:
    """Return "app.Name" of each model that fields of the model *own*, of the app *home*, lead to."""
    found: list[str] = []
    for field in fields:
        if isinstance(field, RelationField):
            through = field.through if isinstance(field, ManyToManyField) else None
            found += [full_label(to, home, own) for to in (field.to, through) if to is not None]
    return found


def means(to: Any, home: str, label: str) -> bool:
    """Whether a relation of the app *home* to *to* is one to the model *label*; not so for "self"."""
    return to != "self" and full_label(to, home).lower() == label.lower()


def with_labels(field: Field[Any], home: str) -> Field[Any]:
    """Return *field* with names in the place of model classes."""
    if not isinstance(field, RelationField):
        return field
    for name in ("to", "through"):
        given = getattr(field, name, None)
        if given is not None and not isinstance(given, str) and not (name == "through" and _is_made(field)):
            field = field.altered(name, full_label(given, home))
    return field


def _is_made(field: Field[Any]) -> bool:
    return isinstance(field, ManyToManyField) and field.makes_table


def relabelled(field: Field[Any], home: str, old: str, new: str) -> Field[Any]:
    """Return *field*, of the app *home*, with relations to the model *old* leading to *new*."""
    for name in ("to", "through"):
        given = getattr(field, name, None)
        if isinstance(field, RelationField) and given is not None and means(given, home, old):
            plain = isinstance(given, str) and "." not in given
            field = field.altered(name, new.rpartition(".")[2] if plain else new)
    return field


# -- fields, by name ------------------------------------------------------------------------------


class Renaming(Record):
    """A field of the model *name* of the app *label* that gets another name."""

    label: str
    name: str
    old: str
    new: str

    def of_name(self, name: str) -> str:
        """Return a name as Meta writes it: "-" before it, "_id" after it or lookups behind it may stay."""
        sign = "-" if name.startswith("-") else ""
        first, separator, rest = name.removeprefix("-").partition(SEPARATOR)
        if first == self.old:
            first = self.new
        elif first == f"{self.old}_id":
            first = f"{self.new}_id"
        return f"{sign}{first}{separator}{rest}"

    def of_field(self, field: Field[Any], home: str, model_name: str) -> Field[Any]:
        """Return a field of the model *model_name* of the app *home*, with its references brought along."""
        own = f"{self.label}.{self.name}"
        if isinstance(field, ForeignKey) and field.to_field == self.old:
            if full_label(field.to, home, model_name).lower() == own.lower():
                return field.altered("to_field", self.new)
        if isinstance(field, ManyToManyField) and field.through is not None and field.through_fields:
            if full_label(field.through, home, model_name).lower() == own.lower():
                return field.altered("through_fields", tuple(map(self.of_name, field.through_fields)))
        if isinstance(field, GeneratedField) and f"{home}.{model_name}".lower() == own.lower():
            changed = self.of_expression(field.expression)
            return field if changed is field.expression else field.altered("expression", changed)
        return field

    def of_expression(self, given: E) -> E:
        """Return an expression with the names in it changed; the same object if nothing is to change."""
        changed = self._changed(given)
        return given if repr(changed) == repr(given) else changed

    def _changed(self, given: Any) -> Any:
        if isinstance(given, Q):
            children = tuple(
                (self.of_name(child[0]), self._changed(child[1]))
                if isinstance(child, tuple)
                else self._changed(child)
                for child in given.children
            )
            return Q.__new__(Q)._become(children, given.connector, given.negated)
        if isinstance(given, F):
            return F(self.of_name(given.name))
        if isinstance(given, (Expression, OrderBy)):
            own: Any = copy(given)
            for kind in type(own).__mro__:
                for slot in getattr(kind, "__slots__", ()):
                    if slot == "_arguments":
                        own._arguments = self._call(given)
                    elif hasattr(own, slot):
                        is_named = isinstance(own, Function) and slot == "arguments"
                        setattr(own, slot, self._part(getattr(own, slot), is_named))
            return own
        return given

    def _call(self, given: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments that an expression was made with, changed as it is itself."""
        named = given.arguments if isinstance(given, Function) else ()
        args, kwargs = given._arguments
        return (
            tuple(self._part(each, isinstance(each, str) and each in named) for each in args),
            {
                name: self._part(each, isinstance(each, str) and each in named)
                for name, each in kwargs.items()
            },
        )

    def _part(self, value: Any, is_named: bool) -> Any:
        if isinstance(value, tuple):
            return tuple(self._part(each, is_named) for each in value)
        # An argument of a function that is a text is the name of a field.
        return self.of_name(value) if is_named and isinstance(value, str) else self._changed(value)

    def of_index(self, index: Index) -> Index:
        """Return a copy of an index."""
        own = copy(index)
        own.fields = [self.of_name(name) for name in index.fields]
        own.include = tuple(map(self.of_name, index.include))
        own.expressions = tuple(self.of_expression(term) for term in index.expressions)
        own.condition = self.of_expression(index.condition)
        return own

    def of_constraint(self, constraint: BaseConstraint) -> BaseConstraint:
        """Return a copy of a constraint."""
        own: Any = copy(constraint)
        own.condition = self.of_expression(own.condition)
        if isinstance(constraint, UniqueConstraint):
            own.fields = tuple(map(self.of_name, constraint.fields))
            own.include = tuple(map(self.of_name, constraint.include))
            own.expressions = tuple(self.of_expression(term) for term in constraint.expressions)
        return own  # type: ignore[no-any-return]  # a copy of what was given


def renamed_options(options: Mapping[str, Any], renaming: Renaming) -> dict[str, Any]:
    """Return the options of a state's model, with every name of the field changed."""
    found = dict(options)
    for name in ("ordering", "get_latest_by"):
        value = found.get(name)
        if isinstance(value, str):
            found[name] = renaming.of_name(value)
        elif value:
            found[name] = type(value)(
                renaming.of_name(term) if isinstance(term, str) else renaming.of_expression(term)
                for term in value
            )
    if found.get("unique_together"):
        found["unique_together"] = tuple(
            tuple(map(renaming.of_name, group)) for group in groups(found["unique_together"])
        )
    if found.get("indexes"):
        found["indexes"] = [renaming.of_index(index) for index in found["indexes"]]
    if found.get("constraints"):
        found["constraints"] = [renaming.of_constraint(each) for each in found["constraints"]]
    return found


def groups(given: Any) -> tuple[tuple[str, ...], ...]:
    """Return `unique_together` as groups of names: one group may stand there without a list around it."""
    return groups_of_names("Model", given or ())


# -- comparing ------------------------------------------------------------------------------------


def definition_of_field(field: Field[Any], home: str) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """Return what says all of an unbound field of the app *home*, to be compared: its class and arguments.

    Relations are by full labels in lower case; expressions and callables by their repr and name.
    """
    _, path, _, kwargs = with_labels(field, home).deconstruct()
    for name in ("to", "through"):
        if isinstance(kwargs.get(name), str) and kwargs[name] != "self":
            kwargs[name] = full_label(kwargs[name], home).lower()
    return path, tuple(sorted((name, comparable(value)) for name, value in kwargs.items()))


def same_field(one: Field[Any], other: Field[Any], home: str) -> bool:
    """Whether two unbound fields of the app *home* are made by calls that say the same."""
    return one is other or definition_of_field(one, home) == definition_of_field(other, home)


def comparable(value: Any) -> Any:
    """Return what is equal for equal arguments: fields by their definition, expressions by their repr."""
    if isinstance(value, Field):
        return definition_of_field(value, "")
    if isinstance(value, (Expression, OrderBy)):
        return repr(value)
    if isinstance(value, (Index, BaseConstraint)):
        return type(value), tuple(comparable(each) for each in value.__dict__.values())
    if isinstance(value, Mapping):
        return {name: comparable(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(comparable(each) for each in value)
    return value
