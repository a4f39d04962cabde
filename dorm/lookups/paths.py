"""Read "author__age__gte" over any model: the run time's, the type checker's, a generated stub's.

Rests on the table of lookups; knows models only through the ModelView protocol, and raises nothing:
a name that leads nowhere is a Miss, which carries the facts and the wording of the error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, Protocol, TypeAlias

from .._record import Record
from .._text import did_you_mean, listed, nearest
from .parts import Part, ValueView, is_slice, part_of
from .table import FAMILY_WORDS, LOOKUPS, TRANSFORMS, Family, Lookup, Operand, Transform, words_for

SEPARATOR: Final = "__"

MissKind: TypeAlias = Literal["field", "lookup", "relation"]


class FieldView(Protocol):
    """What a path needs to know of a field, an annotation or a reverse relation."""

    @property
    def name(self) -> str: ...
    @property
    def family(self) -> Family: ...
    @property
    def target(self) -> ModelView | None:
        """The model that a relation leads to; None for a plain column."""

    @property
    def many(self) -> bool:
        """Whether one row may have several values here."""
        ...

    @property
    def nullable(self) -> bool: ...
    @property
    def view(self) -> ValueView | None:
        """What may be named inside the value; None for a value without parts."""


class ModelView(Protocol):
    """What a path needs to know of a model."""

    @property
    def name(self) -> str: ...
    def field(self, name: str) -> FieldView | None:
        """Return what *name* means in a query ("pk" and "author_id" included), or None."""

    def names(self) -> Iterable[str]:
        """Return the names to offer in a message."""
        ...


class Path(Record):
    """Where a name leads: over *hops* to *field*, through *transforms*, to *lookup*."""

    hops: tuple[FieldView, ...]
    field: FieldView
    transforms: tuple[Transform, ...]
    lookup: Lookup | None

    @property
    def family(self) -> Family:
        """The family of the value that is compared."""
        return self.transforms[-1].result if self.transforms else self.field.family

    @property
    def many(self) -> bool:
        """Whether a row may meet several values on the way."""
        return self.field.many or any(hop.many for hop in self.hops)

    @property
    def nullable(self) -> bool:
        """Whether the value may be NULL: by its column, by an outer join, or as a part that is missing."""
        return self.field.nullable or self.inner or any(hop.nullable or hop.many for hop in self.hops)

    @property
    def inner(self) -> bool:
        """Whether the path leads into a value."""
        return any(isinstance(one, Part) for one in self.transforms)

    @property
    def operand(self) -> Operand:
        """What stands on the right of the lookup; without one, a value like that on the left."""
        return "same" if self.lookup is None else self.lookup.operand_for(self.family)


class Miss(Record):
    """A name that leads nowhere: what is wrong, where, and what would be right."""

    kind: MissKind
    message: str
    model: str
    name: str
    position: str
    choices: tuple[str, ...]
    suggestion: str | None


def walk(model: ModelView, key: str) -> Path | Miss:
    """Read *key* as field names, then transforms, then at most one lookup.

    A name that is both a field and a lookup is taken as the field, as Django does; one that is both a lookup
    and a key of JSON, as the lookup.
    """
    return _walk(model, key, may_compare=True)


def _walk(model: ModelView, key: str, *, may_compare: bool) -> Path | Miss:
    parts = key.split(SEPARATOR)
    found = _fields(model, parts, key)
    if isinstance(found, Miss):
        return found
    hops, field, rest = found
    return _lookups(hops, field, rest, may_compare)


def walk_relations(model: ModelView, key: str) -> Path | Miss:
    """Read *key* as relations only, as `select_related("author__publisher")` does."""
    parts = key.split(SEPARATOR)
    found = _fields(model, parts, key)
    if isinstance(found, Miss):
        return found
    hops, field, rest = found
    if field.target is None:
        return _no_relation(_owner(model, hops), field.name, key)
    if rest:
        return _no_field(field.target, rest[0], key)
    return Path(hops, field, (), None)


def walk_column(model: ModelView, key: str) -> Path | Miss:
    """Read *key* as the name of a value, as `order_by()`, `values()` and `F()` do: no lookup may follow."""
    found = _walk(model, key, may_compare=False)
    if isinstance(found, Path) and found.lookup is not None:
        word = found.lookup.name
        return Miss(
            "lookup",
            f"{key!r} names a value here, so no lookup may follow: leave out '{SEPARATOR}{word}'.",
            model.name, word, key, (), None,
        )  # fmt: skip
    return found


def _fields(
    model: ModelView, parts: list[str], key: str
) -> tuple[tuple[FieldView, ...], FieldView, list[str]] | Miss:
    """Take field names off the front for as long as they lead somewhere."""
    hops: list[FieldView] = []
    at: ModelView = model
    for index, part in enumerate(parts):
        field = at.field(part)
        if field is None:
            if not hops or part not in words_for(hops[-1].family):
                return _no_field(at, part, key)
            return tuple(hops[:-1]), hops[-1], parts[index:]
        if field.target is None or index == len(parts) - 1:
            return tuple(hops), field, parts[index + 1 :]
        hops.append(field)
        at = field.target
    raise AssertionError("a key has at least one part")


def _lookups(
    hops: tuple[FieldView, ...], field: FieldView, rest: list[str], may_compare: bool
) -> Path | Miss:
    family: Family = field.family
    view = field.view
    transforms: list[Transform] = []
    seen = field.name
    for index, part in enumerate(rest):
        lookup = LOOKUPS.get(part)
        if lookup is not None and family in lookup.families and index == len(rest) - 1:
            # Where nothing is compared, JSON may have a key that is called so.
            if may_compare or view is None or view.part(part) is None:
                return _whole(Path(hops, field, tuple(transforms), lookup), seen)
        transform = TRANSFORMS.get(part)
        if transform is None or family not in transform.families:
            transform = part_of(view, part) if view is not None else None
        if transform is None:
            return _no_lookup(seen, family, view, part, rest[index + 1 :])
        transforms.append(transform)
        family, seen = transform.result, f"{seen}{SEPARATOR}{part}"
        view = transform.view if isinstance(transform, Part) else None
    return _whole(Path(hops, field, tuple(transforms), None), seen)


def _whole(path: Path, seen: str) -> Path | Miss:
    """Return *path*, unless it ends at a list in a list: PostgreSQL gives NULL for one."""
    last = path.transforms[-1] if path.transforms else None
    if not isinstance(last, Part) or last.result != "array" or is_slice(last):
        return path
    return Miss(
        "lookup",
        f"{seen!r} is a list in a list, which PostgreSQL does not give: go on to an item of it, "
        f"'{seen}{SEPARATOR}0'.",
        path.field.name, last.name, seen, (), None,
    )  # fmt: skip


def _owner(model: ModelView, hops: tuple[FieldView, ...]) -> ModelView:
    target = hops[-1].target if hops else None
    return target if target is not None else model


def _no_field(model: ModelView, name: str, key: str) -> Miss:
    choices = tuple(sorted(model.names()))
    suggestion = nearest(name, choices)
    where = f" (in {key!r})" if key != name else ""
    return Miss(
        "field",
        f"{model.name} has no field {name!r}{where}.{did_you_mean(suggestion)} Fields: {listed(choices)}.",
        model.name, name, key, choices, suggestion,
    )  # fmt: skip


def _no_lookup(seen: str, family: Family, view: ValueView | None, word: str, after: list[str]) -> Miss:
    lookups = sorted(words_for(family))
    inside = sorted(view.names()) if view is not None else []
    choices = (*inside, *lookups)
    known = word in LOOKUPS and family in LOOKUPS[word].families
    suggestion = None if known else nearest(word, choices)
    kind = view.kind if view is not None and view.kind else FAMILY_WORDS[family]
    what = f"{seen!r} ({kind})"
    if known:
        message = f"{word!r} is a lookup and ends the name, so {SEPARATOR.join(after)!r} may not follow it."
    elif family == "json":
        keys = f" Keys: {listed(inside)}." if inside else ""
        hint = did_you_mean(suggestion)
        message = f"{what} has no key or lookup {word!r}.{hint}{keys} Lookups: {listed(lookups)}."
    else:
        message = f"{what} has no lookup {word!r}.{did_you_mean(suggestion)} Lookups: {listed(choices)}."
    return Miss("lookup", message, seen, word, f"{seen}{SEPARATOR}{word}", choices, suggestion)


def _no_relation(model: ModelView, name: str, key: str) -> Miss:
    choices = tuple(sorted(_relations(model)))
    suggestion = nearest(name, choices)
    where = f" (in {key!r})" if key != name else ""
    offered = f" Relations: {listed(choices)}." if choices else f" {model.name} has no relations."
    return Miss(
        "relation",
        f"{model.name}.{name} is not a relation{where}.{did_you_mean(suggestion)}{offered}",
        model.name, name, key, choices, suggestion,
    )  # fmt: skip


def _relations(model: ModelView) -> Iterable[str]:
    for name in model.names():
        field = model.field(name)
        if field is not None and field.target is not None:
            yield name
