"""Query: the frozen description that every method of a queryset refines.

Rests on shapes and on `describe`. Each method returns a new Query; a wrong name or operand raises here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from keyword import iskeyword
from typing import Any, ClassVar, Final, Literal, Self, cast

from .._record import replace
from .._text import did_you_mean, nearest
from ..exceptions import FieldError
from ..expressions import Column, Expression, Q, Reference
from ..expressions.outer import Outer
from ..lookups.paths import SEPARATOR, FieldView, Path, walk_column, walk_relations
from ..lookups.table import FAMILY_OF
from ..meta.options import Options, read
from ..sql.nodes import Bind, BindList, Node, find
from .columns import shown_annotations
from .combine import combined_order, combined_rows, refused
from .describe import Describer, room_for, type_of, unwrapped
from .nodes import Annotation, AnnotationRef, Condition, FieldRef, Output
from .redefine import aside, renamed, set_aside
from .shape import MAX_SHAPES, Check, Described, Instances, Locked, Rows, Shape

# Values of these types never change the SQL, so the names alone say which shape comes next.
SIMPLE: Final = frozenset(
    {int, str, float, bool, bytes, Decimal, datetime.datetime, datetime.date, datetime.time}
)


class Query(Described):
    """A shape and its values. Equal calls on equal shapes share everything but the values."""

    __slots__ = ()

    # Set where databases are known: how `str()` writes it.
    written: ClassVar[Callable[[Query], str]]

    # Set by the checks: what looks at a model before its first query.
    first_asked: ClassVar[Callable[[Options], None]]

    def __str__(self) -> str:
        """Return the SELECT with its values, as the default database would get it."""
        return type(self).written(self)

    @classmethod
    def of(cls, options: Options) -> Self:
        """Return the query for every row of a model."""
        query: Self | None = options.cache.get("query")
        if query is None or query.shape.size > MAX_SHAPES:
            query = options.cache["query"] = cls._root(options)
        return query

    @classmethod
    def _root(cls, options: Options) -> Self:
        cls.first_asked(options)
        shape, describer = Shape(options), Describer(Shape(options))
        if any(not isinstance(term, str) or term == "?" for term in options.ordering):
            terms = tuple(describer.term(term) for term in options.ordering)
            if any(describer.aggregates(term.node) or next(find(term.node, Outer), None) for term in terms):
                raise FieldError(f"{options.name}.Meta.ordering takes values of single rows")
            shape.default_order, shape.slots = terms, len(describer.values)
        return cls(shape, tuple(describer.values))

    def _grown(self, shape: Shape, values: Sequence[Any]) -> Query:
        return Query(shape, (*self.params, *values))

    # -- filter and exclude ----------------------------------------------------------------------

    def filtered(
        self, conditions: tuple[Any, ...], lookups: Mapping[str, Any], *, negated: bool = False
    ) -> Query:
        """Keep the rows that meet every condition; with *negated*, those that do not."""
        if conditions:
            conditions = tuple(map(_as_q, conditions))
        values = [value for condition in conditions for value in condition.values]
        values += lookups.values()
        if not SIMPLE.issuperset(map(type, values)):
            return self._described(conditions, lookups, negated, None)
        names = (negated, *[condition.outline for condition in conditions], *lookups)
        known = self.shape.next.get(names)
        if known is None:
            return self._described(conditions, lookups, negated, names)
        _fit(values, known.checks)
        return Query(known, (*self.params, *values))

    def referring_to(self, relation: FieldView, key: Any) -> Query:
        """Keep the rows that *relation* of theirs leads from to the row of that key."""
        shape = self.shape
        child = shape.next.get(("refers", relation))
        if child is None:
            right = Bind(shape.slots, type_of(_just(relation)))
            child = self._with_condition(("refers", relation), relation, "exact", right)
        return Query(child, (*self.params, key))

    def referring_to_any(self, relation: FieldView, keys: Sequence[Any]) -> Query:
        """Keep the rows that *relation* of theirs leads from to a row of one of *keys*."""
        right = BindList(self.shape.slots, type_of(_just(relation)), room_for(len(keys)))
        key = ("refers", relation, right.size)
        child = self.shape.next.get(key) or self._with_condition(key, relation, "in", right)
        return Query(child, (*self.params, tuple(keys)))

    def _with_condition(self, key: Any, relation: FieldView, lookup: str, right: Node) -> Shape:
        shape = self.shape
        condition = Condition(FieldRef(_just(relation)), lookup, right, "relation")
        return shape.derive(key, where=(*shape.where, condition), slots=shape.slots + 1)

    def marked(self, name: str, relation: FieldView) -> Query:
        """Give each instance, as attribute *name*, the key that *relation* leads to in the latest join."""
        shape = self.shape
        child = shape.next.get(("mark", name, relation))
        if child is None:
            path = _just(relation)
            mark = Annotation(name, FieldRef(path), type_of(path), "any", False, len(shape.where))
            child = shape.derive(("mark", name, relation), annotations={**shape.annotations, name: mark})
        return Query(child, self.params)

    def _described(
        self,
        conditions: tuple[Q, ...],
        lookups: Mapping[str, Any],
        negated: bool,
        names: tuple[Any, ...] | None,
    ) -> Query:
        """Read conditions in full. With *names*, all values are simple: the names may stand for the shape."""
        shape = self.shape
        conditions = tuple(condition for condition in conditions if condition)
        if not conditions and not lookups:
            return self
        if shape.combination is not None:
            raise refused("filter() or get() with conditions")
        if shape.sliced:
            raise TypeError("a sliced queryset cannot be filtered: filter first, then slice")
        describer = Describer(shape)
        node = describer.where(conditions, lookups, negated=negated)
        key: Any = names if names and _binds_every_value(node) else ("where", node)
        child = shape.next.get(key)
        if child is None:
            child = shape.derive(key, where=(*shape.where, node), **_slots(shape, describer))
        return self._grown(child, describer.values)

    # -- what a row is ---------------------------------------------------------------------------

    def annotated(self, annotations: Mapping[str, Expression[Any]], *, hidden: bool = False) -> Query:
        """Add a computed value to each row; a *hidden* one may be named, and is no part of the row."""
        query = self
        for name, expression in annotations.items():
            query = query._annotated_once(name, expression, hidden)
        return query

    def _annotated_once(self, name: str, expression: Any, hidden: bool) -> Query:
        shape = self.shape
        if shape.combination is not None:
            raise refused("annotate()")
        if isinstance(expression, Reference) and expression.name == name and name in shape.hidden:
            return self if hidden else self._shown(name)
        _check_alias(shape, name, "annotation")
        if not isinstance(expression, Expression):
            raise FieldError(
                f"annotate({name}=...) takes an expression such as F() or Count(), not {expression!r}"
            )
        if shape.sliced:
            raise TypeError("a sliced queryset cannot be annotated: annotate first, then slice")
        describer = Describer(shape)
        resolved = expression.resolve(describer)
        node = resolved.node
        if name in shape.annotations:
            # What the new one, a filter or an order says of the name means the old one.
            key = ("set aside", name)
            node = renamed(node, name, aside(shape, name))
            shape = shape.next.get(key) or shape.derive(key, **set_aside(shape, name))
        family = FAMILY_OF[resolved.type.name]
        after = len(shape.where)
        added = Annotation(name, node, resolved.type, family, resolved.aggregate, after)
        step = ("annotate", added, hidden)
        child = shape.next.get(step)
        if child is None:
            changes: dict[str, Any] = {"annotations": {**shape.annotations, name: added}}
            changes["hidden"] = shape.hidden | {name} if hidden else shape.hidden - {name}
            rows = shape.projection
            if isinstance(rows, Rows) and not hidden:
                output = Output(name, AnnotationRef(name), resolved.type)
                changes["projection"] = Rows(rows.kind, (*rows.outputs, output), rows.after)
            if resolved.aggregate and not shape.grouped:
                changes["grouping"] = rows if isinstance(rows, Rows) else "pk"
            child = shape.derive(step, **changes, **_slots(shape, describer))
        return self._grown(child, describer.values)

    def _shown(self, name: str) -> Query:
        """Make a hidden annotation a part of the row."""
        shape = self.shape
        changes: dict[str, Any] = {"hidden": shape.hidden - {name}}
        if isinstance(shape.projection, Rows):
            output = Output(name, AnnotationRef(name), shape.annotations[name].type)
            outputs = (*shape.projection.outputs, output)
            changes["projection"] = replace(shape.projection, outputs=outputs)
        key = ("show", name)
        return Query(shape.next.get(key) or shape.derive(key, **changes), self.params)

    def rows(self, kind: Literal["dict", "tuple", "named", "flat"], names: tuple[Any, ...]) -> Query:
        """Turn rows into dicts, tuples or bare values of the columns *names*, of all columns without."""
        shape = self.shape
        if kind == "flat" and len(names) != 1:
            raise ValueError(f"values_list(flat=True) takes exactly one field, not {len(names)}")
        names = self._named(names)
        if shape.combination is not None:
            return cast(Query, combined_rows(self, kind, names))
        key = ("rows", kind, names)
        child = shape.next.get(key)
        if child is None:
            outputs = tuple(self._output(name) for name in names or self._every_column())
            if kind == "named":
                _check_attributes(outputs)
            child = shape.derive(key, projection=Rows(kind, outputs, len(shape.where)), related=())
        return Query(child, self.params)

    def _named(self, names: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return *names*, with the name of each column of a model class (`Author.age`) in its place."""
        model = self.shape.options.model
        return tuple(name.name_in(model) if isinstance(name, Column) else name for name in names)

    def _every_column(self) -> list[str]:
        return [*self.shape.options.by_attname, *shown_annotations(self.shape)]

    def _output(self, name: Any) -> Output:
        if not isinstance(name, str):
            raise FieldError(f"values() and values_list() take names of fields, not {name!r}")
        if not _leads_inside(self.shape, name):
            _check_name(self.shape, name)
        if name in self.shape.hidden:
            raise FieldError(
                f"alias() made {name!r}, which is no part of the row: "
                f"annotate({name}=F({name!r})) makes it one",
                name=name,
            )
        found = Describer(self.shape).reference(name)
        return Output(name, found.node, found.type)

    def loading(self, how: Literal["only", "defer"], names: tuple[Any, ...]) -> Query:
        """Load only the columns *names* into instances, or all but these; the primary key is always there."""
        shape = self.shape
        now = shape.projection
        if isinstance(now, Rows):
            raise TypeError(f"{how}() needs instances: leave it out beside values() and values_list()")
        names = self._named(names)
        key = ("loading", how, names)
        child = shape.next.get(key)
        if child is None:
            given = frozenset(self._loaded_name(name) for name in names)
            child = shape.derive(key, projection=_loading(now, how, given))
        return Query(child, self.params)

    def holding(self, attname: str) -> Query:
        """Load the model's own column *attname* into instances, whatever `only()` and `defer()` said."""
        shape, rows = self.shape, self.shape.projection
        if isinstance(rows, Rows) or rows.loading == "all":
            return self
        if (attname in rows.names) == (rows.loading == "only"):
            return self
        key = ("holding", attname)
        child = shape.next.get(key)
        if child is None:
            child = shape.derive(key, projection=Instances(rows.loading, rows.names ^ {attname}))
        return Query(child, self.params)

    def _loaded_name(self, name: str) -> str:
        """Return *name* as hops and the attribute of a column: "author__name", "author_id"."""
        if not isinstance(name, str):
            raise FieldError(f"only() and defer() take names of columns, not {name!r}")
        _check_name(self.shape, name)
        path = read(walk_column, self.shape.options, name)
        if path.many or path.transforms:
            raise FieldError(f"{name!r} is not a column of {self.shape.name} or of a row that it refers to")
        field: Any = path.field
        return SEPARATOR.join([*(hop.name for hop in path.hops), field.attname])

    def with_related(self, names: tuple[Any, ...]) -> Query:
        """Load the rows that the foreign keys *names* refer to in the same statement; None clears."""
        shape = self.shape
        if isinstance(shape.projection, Rows):
            raise TypeError(
                "select_related() needs instances: leave it out beside values() and values_list()"
            )
        names = self._named(names)
        key = ("related", names)
        child = shape.next.get(key)
        if child is None:
            paths = () if names == (None,) else self._related_paths(names or self._required_keys())
            child = shape.derive(key, related=paths)
        return Query(child, self.params)

    def _required_keys(self) -> tuple[str, ...]:
        return tuple(key.name for key in self.shape.options.foreign_keys if not key.null)

    def _related_paths(self, names: Sequence[str | None]) -> tuple[Path, ...]:
        """Return each relation on the way once, those nearer to the model first."""
        paths = {SEPARATOR.join(hop.name for hop in _hops(path)): path for path in self.shape.related}
        for name in names:
            if not isinstance(name, str):
                raise FieldError(f"select_related() takes names of relations, not {name!r}")
            parts = name.split(SEPARATOR)
            for end in range(1, len(parts) + 1):
                step = SEPARATOR.join(parts[:end])
                path = read(walk_relations, self.shape.options, step)
                if path.many:
                    raise FieldError(f"{step!r} leads to many rows, which select_related() cannot load")
                paths.setdefault(step, path)
        return tuple(paths.values())

    # -- order and slices ------------------------------------------------------------------------

    def ordered(self, items: tuple[Any, ...]) -> Query:
        """Order by *items*; by nothing, not even Meta.ordering, when there are none."""
        shape = self.shape
        if shape.sliced:
            raise TypeError("a sliced queryset cannot be ordered: order first, then slice")
        if shape.combination is not None:
            return cast(Query, combined_order(self, items))
        simple = all(type(item) is str for item in items)
        known = shape.next.get(("order", items)) if simple else None
        if known is not None:
            return Query(known, self.params)
        describer = Describer(shape)
        terms = tuple(describer.term(item) for item in items)
        key = ("order", items if simple else terms)
        child = shape.next.get(key)
        if child is None:
            child = shape.derive(key, order=terms, reverse=False, **_slots(shape, describer))
        return self._grown(child, describer.values)

    def reversed(self) -> Query:
        """Turn the order round."""
        shape = self.shape
        if shape.sliced:
            raise TypeError("a sliced queryset cannot be reversed: reverse first, then slice")
        child = shape.next.get("reverse") or shape.derive("reverse", reverse=not shape.reverse)
        return Query(child, self.params)

    @property
    def is_ordered(self) -> bool:
        shape = self.shape
        if shape.order is not None:
            return bool(shape.order)
        # Meta.ordering would split the groups, and is left out.
        return bool(shape.options.ordering) and not isinstance(shape.grouping, Rows)

    def sliced(self, start: int, stop: int | None) -> Query:
        """Keep the rows from *start* up to *stop*, counted from the slice that is there already."""
        shape, params = self.shape, self.params
        before = 0 if shape.offset is None else params[shape.offset]
        end = None if shape.limit is None else before + params[shape.limit]
        low = before + start if end is None else min(before + start, end)
        high = end if stop is None else before + stop if end is None else min(before + stop, end)
        limit = None if high is None else max(high - low, 0)
        values = [value for value in (limit, low or None) if value is not None]
        key = ("slice", limit is None, low == 0)
        child = shape.next.get(key)
        if child is None:
            first = shape.slots
            places = {
                "limit": None if limit is None else first,
                "offset": None if low == 0 else first + (limit is not None),
            }
            child = shape.derive(key, slots=first + len(values), **places)
        return Query(child, (*params, *values))

    def paired(self) -> Query:
        """Keep two rows at most, in any order: enough to see whether there is exactly one."""
        shape = self.shape
        if shape.needs_order:
            return self.sliced(0, 2)
        child = shape.next.get("pair")
        if child is None:
            child = shape.derive("pair", order=(), limit=shape.slots, slots=shape.slots + 1)
        return Query(child, (*self.params, 2))

    def made_distinct(self, names: tuple[Any, ...]) -> Query:
        """Keep one of each rows that are equal; with *names*, the first of those equal in these."""
        shape = self.shape
        if shape.combination is not None:
            raise refused("distinct()")
        if shape.sliced:
            raise TypeError("a sliced queryset cannot be made distinct: call distinct() first, then slice")
        names = self._named(names)
        key = ("distinct", names)
        child = shape.next.get(key)
        if child is None:
            describer = Describer(shape)
            child = shape.derive(key, distinct=tuple(describer.reference(name).node for name in names))
        return Query(child, self.params)

    def locked(self, lock: Locked) -> Query:
        """Lock the rows until the transaction ends."""
        shape = self.shape
        known = {"self", *(SEPARATOR.join(hop.name for hop in _hops(path)) for path in shape.related)}
        for name in lock.of:
            if name not in known:
                raise FieldError(
                    f"select_for_update(of=...) takes 'self' and what select_related() loads, not {name!r}",
                    name=name, choices=sorted(known), suggestion=nearest(name, known),
                )  # fmt: skip
        key = ("lock", lock)
        return Query(shape.next.get(key) or shape.derive(key, lock=lock), self.params)

    def emptied(self) -> Query:
        """Keep no row, and send no statement for it."""
        return Query(_emptied(self.shape), self.params)

    # -- statements that are not a SELECT of rows ------------------------------------------------

    def aggregating(self, aggregates: Mapping[str, Any]) -> tuple[Query, tuple[Output, ...]]:
        """Describe `aggregate()`: the query with the values that it needs, and what to compute."""
        describer = Describer(self.shape, over_rows=True)
        outputs = []
        for name, expression in aggregates.items():
            _check_alias(self.shape, name, "aggregate")
            if not isinstance(expression, Expression):
                raise FieldError(
                    f"aggregate({name}=...) takes an aggregate such as Count(), not {expression!r}"
                )
            resolved = expression.resolve(describer)
            if not resolved.aggregate:
                raise FieldError(
                    f"aggregate({name}=...) takes an aggregate such as Count(), not {expression!r}"
                )
            if self.shape.grouped and any(ref.path.many for ref in find(resolved.node, FieldRef)):
                raise FieldError(
                    f"aggregate({name}=...) crosses a relation to many rows of rows that are groups already"
                )
            outputs.append(Output(name, resolved.node, resolved.type))
        return self._with_values(describer), tuple(outputs)

    def refuse_groups(self, method: str) -> None:
        """Raise TypeError when its rows are groups, which *method* cannot change."""
        if isinstance(self.shape.grouping, Rows):
            raise TypeError(
                f"{method} changes rows, and these are groups: leave out values() before annotate()"
            )

    def assigning(self, values: Mapping[str, Any]) -> tuple[Query, tuple[tuple[str, Node], ...]]:
        """Describe `update()`: the query with the new values, and a tree for each column."""
        self.refuse_groups("update()")
        describer = Describer(self.shape)
        options = self.shape.options
        assignments = []
        for name, value in values.items():
            field, value = options.get_column(name), unwrapped(value)
            if isinstance(value, Expression):
                resolved = value.resolve(describer)
                node = describer.assigned_from(field, resolved)
                if resolved.aggregate or any(ref.path.hops for ref in find(node, FieldRef)):
                    raise FieldError(f"update({name}=...) takes values of the same row only, not {value!r}")
            else:
                node = describer.assigned(field, value)
            assignments.append((field.column, node))
        return self._with_values(describer), tuple(assignments)

    def _with_values(self, describer: Describer) -> Query:
        if not describer.values:
            return self
        key = ("slots", len(describer.values))
        child = self.shape.next.get(key)
        if child is None:
            child = self.shape.derive(key, slots=self.shape.slots + len(describer.values))
        return self._grown(child, describer.values)


def _as_q(condition: Any) -> Q:
    if isinstance(condition, Q):
        return condition
    if not isinstance(condition, Expression):
        raise TypeError(
            f"filter() takes Q objects and lookups, not {condition!r} ({type(condition).__name__})"
        )
    return Q(condition)


def _fit(values: list[Any], checks: tuple[Check, ...]) -> None:
    """Make each of *values* fit its column, in place."""
    for place, (types, convert) in enumerate(checks):
        value = values[place]
        if value.__class__ not in types:
            values[place] = convert(value)


def _slots(shape: Shape, describer: Describer) -> dict[str, Any]:
    return {"slots": shape.slots + len(describer.values), "checks": tuple(describer.checks)}


def _binds_every_value(node: Node) -> bool:
    """Whether each value in *node* is a parameter; one of `isnull` is part of the text."""
    return all(isinstance(condition.right, Bind) for condition in find(node, Condition))


def _just(relation: FieldView) -> Path:
    return Path((), relation, (), None)


def _loading(now: Instances, how: Literal["only", "defer"], given: frozenset[str]) -> Instances:
    """Return the columns to load; `only()` replaces an earlier one, `defer()` adds to it, as in Django."""
    if how == "only":
        return Instances("only", given - now.names if now.loading == "defer" else given)
    if now.loading == "only":
        return Instances("only", now.names - given)
    return Instances("defer", now.names | given)


def _check_alias(shape: Shape, name: str, kind: Literal["annotation", "aggregate"]) -> None:
    if not name.isidentifier() or SEPARATOR in name:
        raise FieldError(
            f"Invalid {kind} alias {name!r}: use letters, digits and single underscores", name=name
        )
    if kind == "aggregate":
        return
    if shape.options.field(name) is not None:
        raise FieldError(f"The annotation {name!r} conflicts with a field of {shape.name}", name=name)
    # The value becomes an attribute of instances, where it must not stand in the place of another.
    if iskeyword(name) or _is_taken(shape.options, name):
        raise FieldError(
            f"Invalid annotation alias {name!r}: {shape.name}.{name} means something else", name=name
        )


def _is_taken(options: Options, name: str) -> bool:
    """Whether instances have a method, a property or a value of dorm's own called *name*."""
    if any(name in (key.cache_name, key.pending_name) for key in options.foreign_keys):
        return True
    holder = next((base for base in options.model.__mro__ if name in vars(base)), None)
    if holder is None:
        return False
    held = vars(holder)[name]
    return name.startswith("_") or callable(held) or hasattr(held, "__get__")


def _check_name(shape: Shape, name: str) -> None:
    """Refuse what can be no name, such as SQL."""
    if not name.isidentifier():
        suggestion = nearest(name, shape.names())
        raise FieldError(
            f"Invalid field {name!r}: a field of {shape.name} is named by letters, digits and underscores."
            f"{did_you_mean(suggestion)}",
            model=shape.name, name=name, position=name, suggestion=suggestion,
        )  # fmt: skip


def _leads_inside(shape: Shape, name: str) -> bool:
    """Whether *name* is a path to a key of JSON, which may have other letters than names have."""
    path = walk_column(shape, name)
    return isinstance(path, Path) and path.inner


def _check_attributes(outputs: Sequence[Output]) -> None:
    for output in outputs:
        if not output.key.isidentifier() or iskeyword(output.key):
            raise FieldError(
                f"values_list(named=True): {output.key!r} is no name of an attribute. "
                "annotate() the value under one",
                name=output.key,
            )


def _emptied(shape: Shape) -> Shape:
    known = shape.next.get("none")
    if known is not None:
        return known
    changes: dict[str, Any] = {"empty": True}
    if shape.combination is not None:
        # Inside another query, a combined one is nothing but its parts.
        parts = tuple((_emptied(part), start) for part, start in shape.combination.parts)
        changes["combination"] = replace(shape.combination, parts=parts)
    return shape.derive("none", **changes)


def _hops(path: Path) -> tuple[Any, ...]:
    return (*path.hops, path.field)
