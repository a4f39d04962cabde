"""Read what a caller wrote - lookups, Q objects, expressions - into a description and its values.

Rests on the path walker and expressions. Names, lookups and operands are checked here, at the caller's line;
which tables must be joined is not decided yet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final, cast

from ..exceptions import FieldError
from ..expressions import Expression, OrderBy, OwnedKey, Q, Value, check_owner
from ..expressions.base import NULL, Resolved
from ..expressions.conditions import Child
from ..expressions.documents import as_json
from ..expressions.outer import Outer
from ..fields import Field
from ..lookups.build import SEVERAL, apply
from ..lookups.parts import Part, is_slice
from ..lookups.paths import Path, walk_column
from ..lookups.table import FAMILY_OF, FAMILY_WORDS, LOOKUPS, CustomTransform, Family, Transform
from ..meta.options import read
from ..sql.nodes import (
    Aggregate,
    Bind,
    BindForm,
    BindList,
    Call,
    Cast,
    Constant,
    Items,
    Node,
    find,
    json_text,
)
from ..sql.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    DATE,
    DECIMAL,
    DURATION,
    FLOAT,
    JSON,
    JSON_NULL,
    TEXT,
    TIME,
    ColumnType,
)
from .nodes import (
    Annotation,
    AnnotationRef,
    Bare,
    Claim,
    Condition,
    Embedded,
    FieldRef,
    Group,
    Link,
    Negation,
    Probe,
    Single,
    Term,
)
from .operands import convert
from .shape import Check, Described, Instances, Rows, Shape

TYPE_OF_VALUE: Final[dict[type, ColumnType]] = {
    bool: BOOLEAN,
    int: BIGINT,
    float: FLOAT,
    str: TEXT,
    Decimal: DECIMAL,
    datetime: ColumnType("datetime"),
    date: DATE,
    time: TIME,
    timedelta: DURATION,
    bytes: ColumnType("binary"),
}
# Of classes that are not imported here; by their names.
NAMED_TYPES: Final[dict[str, ColumnType]] = {"UUID": ColumnType("uuid")}

# What the statement's reader and writer, and SQLite's parser, can follow without running out of stack.
MAX_DEPTH: Final = 60

EVERYTHING: Final[frozenset[type]] = frozenset()


class Describer:
    """One call on *shape*: its values are kept in `values`, from the shape's next slot on.

    With *over_rows*, the call sees the finished rows: what was aggregated for each is a plain value to it.
    """

    def __init__(self, shape: Shape, *, over_rows: bool = False) -> None:
        self.shape = shape
        self.over_rows = over_rows
        self.values: list[Any] = []
        self.checks: list[Check] = []

    # -- the Scope of expressions ----------------------------------------------------------------

    def reference(self, name: str) -> Resolved:
        path = read(walk_column, self.shape, name)
        aggregate = isinstance(path.field, Annotation) and path.field.aggregate and not self.over_rows
        return Resolved(self._left(path), type_of(path), aggregate)

    def owned(self, name: str, model: type[Any]) -> Resolved:
        check_owner(name, model, self.shape.options.model)
        return self.reference(name)

    def bind(self, value: Any, type: ColumnType | None = None) -> Resolved:
        """Keep *value* as a parameter, of the type that it is itself unless one is given."""
        plain = value.value if isinstance(value, Enum) else value
        if plain is None:
            return NULL
        if type is None:
            kind = plain.__class__
            type = TYPE_OF_VALUE.get(kind) or NAMED_TYPES.get(kind.__name__, ANY)
        return Resolved(self._slot(convert(plain, type), type, _unchecked, "typed"), type)

    def truth(self, condition: Any) -> Resolved:
        """Return conditions as a value."""
        if not isinstance(condition, Q):
            return self._truth_of(condition)
        node = self.group(condition)
        return Resolved(Claim(node), BOOLEAN, self.aggregates(node))

    def _truth_of(self, expression: Expression[Any]) -> Resolved:
        found = expression.resolve(self)
        if found.type.name not in ("boolean", "any"):
            what = FAMILY_WORDS[FAMILY_OF[found.type.name]]
            raise FieldError(f"a condition is true or false, and {expression!r} is {what}")
        return found

    def aggregates(self, node: Node) -> bool:
        """Whether *node* is about what was aggregated for a row."""
        names = {ref.name for ref in find(node, AnnotationRef)}
        if not self.over_rows and any(self.shape.annotations[name].aggregate for name in names):
            return True
        return next(find(node, Aggregate), None) is not None

    def subquery(self, queryset: Any) -> Resolved:
        query: Described = queryset.query
        rows = query.shape.projection
        if not isinstance(rows, Rows) or len(rows.outputs) != 1:
            raise FieldError(
                f"Subquery() takes a queryset of one column: say which with values(), of {query.shape.name}"
            )
        node = self.enclosed(query, Single)
        return Resolved(node, rows.outputs[0].type, self.aggregates(node))

    def existence(self, queryset: Any) -> Resolved:
        node = self.enclosed(queryset.query, Probe)
        return Resolved(node, BOOLEAN, self.aggregates(node))

    def enclosed(self, query: Described, kind: type[Embedded]) -> Embedded:
        """Describe a subquery, and look up the names that it has of this query."""
        shape = query.shape
        links = tuple(Link(outer.name, outer.levels, self._linked(outer)) for outer in outers(shape))
        node = kind(shape, self.shape.slots + len(self.values), links)
        self.values += query.params
        self.checks += [_unchecked] * len(query.params)
        return node

    def _linked(self, outer: Outer) -> Node:
        if outer.levels > 1:
            return Outer(outer.name, outer.levels - 1)
        return self.reference(outer.name).node

    def _slot(self, value: Any, type: ColumnType, check: Check, form: BindForm = "plain") -> Bind:
        self.values.append(value)
        self.checks.append(check)
        return Bind(self.shape.slots + len(self.values) - 1, type, form)

    # -- conditions ------------------------------------------------------------------------------

    def where(self, conditions: tuple[Q, ...], lookups: Mapping[str, Any], *, negated: bool) -> Node:
        """Return the description of one `filter()` or `exclude()` call."""
        items = [self.group(condition) for condition in conditions]
        items += [self.condition(key, value) for key, value in lookups.items()]
        node = items[0] if len(items) == 1 else Group("AND", tuple(items))
        return Negation(node) if negated else node

    def group(self, q: Q) -> Node:
        if q.depth > MAX_DEPTH:
            raise FieldError(
                f"conditions are nested {q.depth} levels deep: {MAX_DEPTH} are read at most. "
                "Split them over several filter() calls, or join them with one kind of operator."
            )
        items = [self._child(child) for child in q.children]
        node = items[0] if len(items) == 1 else Group(q.connector, tuple(items))
        return Negation(node) if q.negated else node

    def _child(self, child: Child) -> Node:
        if isinstance(child, tuple):
            key, value = child
            if isinstance(key, OwnedKey):
                check_owner(key, key.model, self.shape.options.model)
            return self.condition(key, value)
        return self.group(child) if isinstance(child, Q) else Bare(self._truth_of(child).node)

    def condition(self, key: str, value: Any) -> Node:
        """Return the description of `key=value`."""
        path = self.shape.path(key)
        lookup = path.lookup or LOOKUPS["exact"]
        left = self._left(path)
        family = path.family
        if value is None and lookup.name == "exact" and _is_inside(path):
            # A key that is there, and null: of one that is missing, `isnull` tells.
            value = JSON_NULL
        if value is None:
            if lookup.name not in ("exact", "iexact"):
                raise FieldError(f"{key!r} cannot be compared with None: use '{_stem(key, path)}__isnull'")
            return Condition(left, "isnull", Constant(True), family)
        if path.operand == "flag":
            if not isinstance(value, bool):
                raise _unfit(key, "expects True or False", value)
            return Condition(left, "isnull", Constant(value), family)
        if path.operand == "texts":
            return self._each(left, lookup.name, _texts(key, value))
        if isinstance(value, Expression) and path.operand in ("same", "text"):
            return self._compared(left, path, lookup.name, self._computed(key, value))
        return Condition(left, lookup.name, self._right(path, key, value), family)

    def _each(self, left: Node, lookup: str, texts: tuple[str, ...]) -> Node:
        """Return the condition that a JSON value meets *lookup* for each of *texts*, or for one of them."""
        single, connector = SEVERAL[lookup]
        if not texts:
            # All of no keys are in any document, and none of them is in one.
            return (
                Condition(left, "isnull", Constant(False), "json")
                if connector == "AND"
                else Condition(left, "in", Items(()), "json")
            )
        items = [Condition(left, single, self._slot(text, TEXT, _unchecked), "json") for text in texts]
        return Group(connector, tuple(items))

    def _compared(self, left: Node, path: Path, lookup: str, right: Resolved) -> Node:
        """Return the comparison of two values of the database: as JSON, where one of them is."""
        is_json = right.type.name == "json"
        if path.operand == "text":
            return Condition(left, lookup, json_text(right.node) if is_json else right.node, path.family)
        if path.family == "json":
            return Condition(left, lookup, as_json(right), "json")
        if is_json:
            return Condition(as_json(Resolved(left, type_of(path))), lookup, right.node, "json")
        return Condition(left, lookup, right.node, path.family)

    def _left(self, path: Path) -> Node:
        if not isinstance(path.field, Annotation):
            return FieldRef(path)
        node: Node = AnnotationRef(path.field.name)
        for transform in path.transforms:
            node = apply(transform, node)
        return node

    def _right(self, path: Path, key: str, value: Any) -> Node:
        operand = path.operand
        type, check = type_of(path), operand_check(path)
        if operand == "sequence":
            return self._sequence(path, key, value, type, check)
        if operand == "pair":
            return self._pair(key, value, type, check)
        if operand == "text":
            return self._slot(_text(key, value), TEXT, (_STR, lambda other: _text(key, other)))
        if _is_queryset(value):
            raise FieldError(f"{key!r} expects one value, not a queryset: use '{key}__in'")
        try:
            return self._slot(_checked(value, check), type, check)
        except FieldError as error:
            raise _placed(error, key) from error

    def _computed(self, key: str, value: Expression[Any]) -> Resolved:
        found = value.resolve(self)
        if next(find(found.node, Aggregate), None) is not None:
            raise FieldError(
                f"{key!r} cannot be compared with {value!r}: annotate() it, and name that with F()"
            )
        return found

    def _item(self, key: str, value: Expression[Any], type: ColumnType) -> Node:
        """Return one computed value of several, which are of *type*."""
        found = self._computed(key, value)
        if type.name == "json":
            return as_json(found)
        if found.type.name == "json":
            raise FieldError(
                f"{key!r} cannot be compared with {value!r}, which is JSON: make it one with Cast()"
            )
        return found.node

    def _sequence(self, path: Path, key: str, value: Any, type: ColumnType, check: Check) -> Node:
        if _is_queryset(value):
            return self.embed(value.query, path, key)
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            raise _unfit(key, f"expects several values, each {FAMILY_WORDS[path.family]}", value)
        value = tuple(value)
        # A list of lists would be one array of two dimensions.
        if type.name == "array" or any(isinstance(item, Expression) for item in value):
            return self._mixed(key, value, type, check)
        # NULL is in no list: Django leaves None out too.
        items = tuple(_checked(item, check) for item in value if item is not None)
        slot = self._slot(items, type, _unchecked).slot
        return BindList(slot, type, room_for(len(items)))

    def _pair(self, key: str, value: Any, type: ColumnType, check: Check) -> Node:
        pair = tuple(value) if isinstance(value, Collection) and not isinstance(value, (str, bytes)) else ()
        if len(pair) != 2 or None in pair:
            raise _unfit(key, "expects two values, the lowest and the highest", value)
        if any(isinstance(item, Expression) for item in pair):
            return self._mixed(key, pair, type, check)
        items = tuple(_checked(item, check) for item in pair)
        return BindList(self._slot(items, type, _unchecked).slot, type, 2)

    def embed(self, query: Described, path: Path, key: str) -> Node:
        """Describe a subquery: one column, or the keys of instances of the relation's model."""
        shape = query.shape
        if isinstance(shape.projection, Instances):
            target = path.field.target
            if target is not None and target is not shape.options:
                raise FieldError(f"{key!r} expects rows of {target.name}, not of {shape.options.name}")
        elif len(shape.projection.outputs) != 1:
            columns = ", ".join(output.key for output in shape.projection.outputs)
            raise FieldError(f"{key!r} expects a queryset of one column, not of {columns}")
        else:
            _check_alike(key, path, shape.projection.outputs[0].type)
        return self.enclosed(query, Embedded)

    def _mixed(self, key: str, items: tuple[Any, ...], type: ColumnType, check: Check) -> Items:
        """Describe several values of which some are computed."""
        return Items(
            tuple(
                self._item(key, item, type)
                if isinstance(item, Expression)
                else self._slot(_checked(item, check), type, check)
                for item in items
                if item is not None
            )
        )

    def assigned(self, field: Field[Any], value: Any) -> Node:
        """Keep the new value of a column."""
        if field.generated:
            words = f"{field.label!r} is computed by the database: it cannot be set"
            raise FieldError(words, name=field.name)
        kept = self.stored(field, value)
        if self.values[-1] is None and not field.null:
            raise FieldError(f"{field.label!r} cannot be None: the column has no null=True", name=field.name)
        return kept

    def stored(self, field: Field[Any], value: Any) -> Bind:
        """Keep *value* as the column stores it."""
        prepared = field.stored(value) if field.is_own_writing else field.get_prep_value(value)
        return self._slot(prepared, field.type, _unchecked)

    def assigned_from(self, field: Field[Any], found: Resolved) -> Node:
        """Return a computed value as *field* stores it: JSON becomes a value, and a value JSON."""
        if field.family == "json":
            return as_json(found)
        if found.type.name != "json":
            return found.node
        text = json_text(found.node)
        return text if field.family == "text" else Cast(text, ANY, field.type)

    # -- order -----------------------------------------------------------------------------------

    def term(self, item: Any) -> Term:
        """Return the description of one argument of `order_by()`."""
        if isinstance(item, str):
            if item == "?":
                return Term(Call("RANDOM", (), FLOAT), False, None)
            descending = item.startswith("-")
            return Term(self.reference(item[1:] if descending else item).node, descending, None)
        if isinstance(item, OrderBy):
            return Term(item.expression.resolve(self).node, item.descending, item.nulls)
        if isinstance(item, Expression):
            return Term(item.resolve(self).node, False, None)
        raise FieldError(f"order_by() takes names and expressions, not {item!r} ({type(item).__name__})")


def unwrapped(value: Any) -> Any:
    """Return what a plain `Value()` holds, as the column says of which type it is; all else as it is."""
    return value.value if type(value) is Value and value.type is None else value


TYPE_OF_RESULT: Final[dict[Family, ColumnType]] = {"date": DATE, "time": TIME, "text": TEXT, "json": JSON}


def _is_inside(path: Path) -> bool:
    """Whether *path* leads to a value inside of JSON, where null is a value like others."""
    if path.family != "json":
        return False
    if isinstance(path.field, Annotation) and isinstance(path.field.node, FieldRef):
        return path.inner or path.field.node.path.inner
    return path.inner


# -- types and checks -----------------------------------------------------------------------------


def type_of(path: Path) -> ColumnType:
    """Return the column type of the value that *path* leads to."""
    field: Any = path.field
    type: ColumnType = field.target.pk.type if field.joined else field.type
    for one in path.transforms:
        type = _type_after(one, type)
    return type


def _type_after(transform: Transform, type: ColumnType) -> ColumnType:
    if isinstance(transform, CustomTransform):
        return cast(ColumnType, transform.output.type)
    if isinstance(transform, Part) and type.name == "array" and type.inner is not None:
        return type if transform.result == "array" and is_slice(transform) else type.inner
    return TYPE_OF_RESULT.get(transform.result, BIGINT)


def operand_check(path: Path) -> Check:
    """Return which values may be compared with *path* as they are, and what makes the others fit."""
    if path.transforms and not path.inner:
        last = path.transforms[-1]
        if isinstance(last, CustomTransform):
            return last.output.python_types, last.output.prepare_operand
        type = type_of(path)
        return EVERYTHING, lambda value: convert(value, type)
    if path.inner:
        return _part_check(path)
    field: Any = path.field
    if getattr(field, "is_own_writing", False):
        return EVERYTHING, field.stored
    if hasattr(field, "prepare_operand"):
        types = field.target.pk.python_types if field.joined else field.python_types
        return types, field.prepare_operand
    return _annotation_check(path)


def _part_check(path: Path) -> Check:
    """Return the check of a value inside another: of what an array holds, its field knows."""
    field: Any = path.field
    type = type_of(path)
    for one in path.transforms:
        if not isinstance(one, Part) or not hasattr(field, "prepare_operand"):
            return EVERYTHING, lambda value: convert(value, type)
        if "array" in one.families and not is_slice(one):
            field = field.base_field
    return EVERYTHING, field.prepare_operand


def _annotation_check(path: Path) -> Check:
    names = [type for type, column in TYPE_OF_VALUE.items() if FAMILY_OF[column.name] == path.family]

    def refuse(value: Any) -> Any:
        if isinstance(value, Enum):
            value = value.value
        if (
            path.family in ("any", "json")
            or type(value) in names
            or (names == [float] and type(value) is int)
        ):
            return value
        if path.family in ("integer", "float", "decimal") and type(value) in (int, float, Decimal):
            return value
        raise _unfit(path.field.name, f"expects {FAMILY_WORDS[path.family]}", value)

    return frozenset(names), refuse


def _checked(value: Any, check: Check) -> Any:
    types, convert = check
    return value if type(value) in types else convert(value)


def _same(value: Any) -> Any:
    return value


_unchecked: Final[tuple[frozenset[type], Callable[[Any], Any]]] = (EVERYTHING, _same)
_STR: Final = frozenset({str})


def _text(key: str, value: Any) -> str:
    plain = value.value if isinstance(value, Enum) else value
    if not isinstance(plain, str):
        raise _unfit(key, "expects text", value)
    return plain


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise _unfit(key, "expects several texts", value)
    return tuple(_text(key, item) for item in value)


def _check_alike(key: str, path: Path, type: ColumnType) -> None:
    """Refuse to look for JSON among other values, or for these among JSON: nothing would be found."""
    if type.name != "any" and (type.name == "json") != (path.family == "json"):
        values, other = FAMILY_WORDS[path.family], FAMILY_WORDS[FAMILY_OF[type.name]]
        raise FieldError(f"{key!r} looks for {values} among {other}: make both the same with KT() or Cast()")


def room_for(count: int) -> int:
    """Return *count* rounded up to a power of two, so that few lengths of list mean few texts."""
    return 1 << (count - 1).bit_length() if count else 0


def _is_queryset(value: Any) -> bool:
    return isinstance(getattr(value, "query", None), Described)


def _stem(key: str, path: Path) -> str:
    return key[: -len(path.lookup.name) - 2] if path.lookup else key


def _unfit(key: str, claim: str, value: Any) -> FieldError:
    text = repr(value)
    given = text if len(text) <= 100 else f"{text[:97]}..."
    return FieldError(f"{key!r} {claim}, got {given} ({type(value).__name__})", name=key, position=key)


def _placed(error: FieldError, key: str) -> FieldError:
    return FieldError(str(error), model=error.model, name=error.name, position=key)


def outers(shape: Shape) -> list[Outer]:
    """Return the names that *shape* has of the queries around it, each once."""
    parts = shape.combination.parts if shape.combination is not None else ()
    nodes: list[Node] = [outer for part, _ in parts for outer in outers(part)]
    nodes += [*shape.where, *shape.annotations.values(), *(shape.order or ()), *(shape.distinct or ())]
    if isinstance(shape.projection, Rows):
        nodes += shape.projection.outputs
    return list(dict.fromkeys(outer for node in nodes for outer in find(node, Outer)))
