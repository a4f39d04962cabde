"""Place the names of a description: choose tables and joins, and make the SQL tree of a statement.

Rests on descriptions and the SQL tree. Every statement - SELECT, COUNT, EXISTS, UPDATE, DELETE, a subquery -
is made from what one Resolver finds, so none has conditions or joins of its own.

Joins follow Django: conditions of one `filter()` call meet in the same related row, those of separate calls
need not; `exclude()` over a relation to many rows is the complement of the same `filter()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

from .._record import replace
from ..exceptions import FieldError
from ..expressions.documents import AS_JSON
from ..expressions.outer import Outer
from ..fields import Field
from ..fields.related import Step
from ..lookups.build import OF_TEXT, apply, build
from ..lookups.paths import SEPARATOR, Path
from ..sql.nodes import (
    Aggregate,
    And,
    Assignment,
    Bind,
    BindItem,
    BindList,
    Call,
    Column,
    Compare,
    Compound,
    Constant,
    Delete,
    Derived,
    Exists,
    In,
    Insert,
    IsNull,
    Join,
    JSONDocument,
    JSONText,
    Lock,
    Node,
    Not,
    Or,
    Ordering,
    Parenthesis,
    Position,
    Scalar,
    Select,
    Star,
    Table,
    Truth,
    Update,
    Values,
    Window,
    all_of,
    as_written,
    find,
    json_text,
    rebuild,
)
from ..sql.nodes import Output as Shown
from ..sql.types import BIGINT
from .columns import column_names, first_part, instances, shown_annotations
from .grouping import Groups, has_aggregate, has_window
from .nodes import (
    AnnotationRef,
    Bare,
    Claim,
    ColumnName,
    Condition,
    Embedded,
    FieldRef,
    Group,
    Negation,
    Output,
    Probe,
    Single,
)
from .shape import Instances, Rows, Shape

# The joins that names may share: (alias they start from, step) -> alias.
Reach: TypeAlias = dict[tuple[str, Step], str]

# What the names of the queries around a subquery mean: (name, how far out) -> value.
Around: TypeAlias = Mapping[tuple[str, int], Node]

COUNT_ROWS = Shown(Aggregate("COUNT", Star()))
ONE = Shown(Constant(1), "one")


class Resolver:
    """The tables and conditions of one query. *taken* are the aliases in use in the whole statement."""

    def __init__(
        self,
        shape: Shape,
        offset: int = 0,
        taken: set[str] | None = None,
        around: Around | None = None,
    ) -> None:
        self.shape = shape
        self.offset = offset
        self.taken: set[str] = set() if taken is None else taken
        self.table = Table(shape.options.db_table, self._alias(shape.options.db_table))
        self.joins: list[Join] = []
        self.outer: set[str] = set()
        self.latest: Reach = {}
        self.annotations: dict[str, Node] = {}
        self.rows: tuple[Node, ...] = ()
        self.groups: tuple[Node, ...] = ()
        self.conditions: list[Node] = []
        self.having: list[Node] = []
        # Conditions on windows, which have their values only when the rows are there.
        self.qualified: list[Node] = []
        # What the names of the queries around this one mean.
        self.around: Around = around or {}

    def read(self) -> Resolver:
        """Place annotations, the values of rows, and conditions, in the order in which they were added."""
        shape = self.shape
        kept = [rows for rows in (shape.projection, shape.grouping) if isinstance(rows, Rows)]
        columns: dict[Output, Node] = {}
        for step in range(len(shape.where) + 1):
            for annotation in shape.annotations.values():
                if annotation.after == step:
                    self.annotations[annotation.name] = self.value(annotation.node)
            # The columns of values() keep the joins of their moment; a later filter() makes its own.
            for rows in kept:
                if rows.after == step:
                    columns |= {one: self.value(one.node) for one in rows.outputs if _is_column(one)}
            if step < len(shape.where):
                self._filter(shape.where[step])
        # annotate() after values() adds to the row, so these wait for the last annotation.
        placed = [tuple(columns.get(one) or self.value(one.node) for one in rows.outputs) for rows in kept]
        if isinstance(shape.projection, Rows):
            self.rows = placed[0]
        if isinstance(shape.grouping, Rows):
            self.groups = placed[-1]
        return self

    # -- names -----------------------------------------------------------------------------------

    def _alias(self, table: str) -> str:
        alias, number = table, 2
        while alias in self.taken:
            alias, number = f"{table}_{number}", number + 1
        self.taken.add(alias)
        return alias

    def column(self, path: Path, shared: Reach | None = None) -> Node:
        """Return the column that *path* leads to, joining what is on the way.

        *shared* holds the joins to many rows that this `filter()` call may use; without it, the latest ones.
        """
        steps, name = _landing(path)
        node: Node = Column(self.reach(steps, shared), name)
        if path.field.family == "json":
            node = JSONDocument(node)
        for transform in path.transforms:
            node = apply(transform, node)
        return node

    def reach(self, steps: Iterable[Step], shared: Reach | None = None) -> str:
        """Return the alias of the table at the end of *steps*."""
        alias = self.table.alias
        for step in steps:
            alias = self._join(alias, step, shared)
        return alias

    def _join(self, start: str, step: Step, shared: Reach | None) -> str:
        key = (start, step)
        reachable = shared if step.many and shared is not None else self.latest
        alias = reachable.get(key)
        if alias is None:
            alias = self._alias(step.table)
            link = Compare(Column(alias, step.remote_column), "=", Column(start, step.local_column))
            outer = step.nullable or start in self.outer
            if outer:
                self.outer.add(alias)
            self.joins.append(Join(Table(step.table, alias), "LEFT" if outer else "INNER", link))
            self.latest[key] = reachable[key] = alias
        return alias

    def value(self, node: Node, shared: Reach | None = None) -> Node:
        """Return *node* with every name in it placed."""
        return rebuild(node, lambda inner: self._placed(inner, shared))

    def _placed(self, node: Node, shared: Reach | None) -> Node | None:
        if isinstance(node, FieldRef):
            return self.column(node.path, shared)
        if isinstance(node, AnnotationRef):
            return self.annotations[node.name]
        if isinstance(node, Claim):
            return Parenthesis(self.condition(node.item, shared, split=False))
        if isinstance(node, Embedded):
            return self._subquery(node, shared)
        if isinstance(node, Outer):
            return self._outer(node)
        if isinstance(node, (Bind, BindList, BindItem)):
            return replace(node, slot=node.slot + self.offset) if self.offset else node
        return None

    def _outer(self, node: Outer) -> Node:
        placed = self.around.get((node.name, node.levels))
        if placed is None:
            raise FieldError(
                f"OuterRef({node.name!r}) names a column of the query around this one, and there is none: "
                "put this queryset into Subquery() or Exists()"
            )
        return placed

    def _subquery(self, node: Embedded, shared: Reach | None) -> Node:
        shape, offset = node.shape, self.offset + node.offset
        around = {(link.name, link.levels): self.value(link.value, shared) for link in node.links}
        if isinstance(node, Probe):
            return Exists(exists(shape, offset, self.taken, around))
        if shape.combination is not None:
            is_row = isinstance(shape.projection, Instances)
            place = column_names(shape).index(shape.options.pk.attname) if is_row else 0
            places = shape.combination.places
            wanted = [place if places is None else places[place]]
            rows = combined_columns(shape, wanted, offset, self.taken, around)
            return Scalar(rows) if isinstance(node, Single) else rows
        inner = Resolver(shape, offset, self.taken, around).read()
        columns = (inner.key(),) if isinstance(shape.projection, Instances) else inner.rows
        ordered = shape.needs_order or isinstance(node, Single)
        select = narrowed(inner.select(tuple(map(Shown, columns)), ordered=ordered), len(columns))
        if isinstance(node, Single):
            return Scalar(select if shape.sliced else replace(select, limit=Constant(1)))
        return select

    def key(self) -> Column:
        """Return the primary key's column."""
        return Column(self.table.alias, self.shape.options.pk.column)

    # -- conditions ------------------------------------------------------------------------------

    def _filter(self, node: Node) -> None:
        shared: Reach = {}
        for part, nots in _conjuncts(node):
            placed = self.condition(part, shared, nots)
            where = self.having if self._aggregates(part) else self.conditions
            if has_window(placed):
                where = self.qualified
            where.append(Not(placed) if nots % 2 else placed)

    def condition(self, node: Node, shared: Reach | None, nots: int = 0, *, split: bool = True) -> Node:
        """Return the SQL of a condition that stands under that many NOTs.

        Without *split*, one under NOT about a relation to many rows is about each row that is joined.
        """
        if isinstance(node, Group):
            items = tuple(self.condition(item, shared, nots, split=split) for item in node.items)
            if not items:
                return Truth(True)
            return And(items) if node.connector == "AND" else Or(items)
        if isinstance(node, Negation):
            return Not(self.condition(node.item, shared, nots + 1, split=split))
        if isinstance(node, Bare):
            return self.value(node.value, shared)
        return self._leaf(cast(Condition, node), shared, nots, split)

    def _leaf(self, node: Condition, shared: Reach | None, nots: int, split: bool) -> Node:
        # Under two NOTs too: a join there would let one related row speak for all of them.
        if nots and split and any(ref.path.many for ref in find(node, FieldRef)):
            return self._complement(node)
        left, right = self.value(node.left, shared), self.value(node.right, shared)
        condition = build(node.lookup, left, right, node.family)
        if nots % 2 == 0 or node.lookup == "isnull":
            return condition
        # NOT (x = 1) is NULL, not true, where x is NULL; exclude(x=1) keeps those rows.
        guards = [IsNull(side, negated=True) for side in self._nullable_sides(node, shared)]
        return And((condition, *guards)) if guards else condition

    def _nullable_sides(self, node: Condition, shared: Reach | None) -> Iterator[Node]:
        """Yield the columns that *node* compares, as it compares them, where they may be NULL."""
        for side in (_inside(node.left), _inside(node.right)):
            if not isinstance(side, FieldRef):
                continue
            column = self.column(side.path, shared)
            is_text = side is node.left and node.family == "json" and node.lookup in OF_TEXT
            shown = json_text(column) if is_text else as_written(column)
            if side.path.nullable or isinstance(shown, JSONText):
                yield shown

    def _complement(self, node: Condition) -> Node:
        """Return that this row is among those that *node* finds: what `exclude()` then negates."""
        inner = Resolver(self.shape, self.offset, self.taken, self.around)
        inner.annotations = self.annotations
        found = inner.condition(node, {})
        same_row = Compare(inner.key(), "=", self.key())
        return Exists(Select((ONE,), inner.table, tuple(inner.joins), And((same_row, found))))

    def _aggregates(self, node: Node) -> bool:
        return any(self.shape.annotations[ref.name].aggregate for ref in find(node, AnnotationRef))

    # -- the parts of a statement ----------------------------------------------------------------

    def select(self, outputs: tuple[Shown, ...], *, ordered: bool) -> Select:
        """Return the SELECT of *outputs* from what was read; in order when *ordered*."""
        shape = self.shape
        order = self._order() if ordered else ()
        if shape.distinct == ():
            # What rows are ordered by must be among what makes them distinct.
            known = {output.operand for output in outputs}
            outputs += tuple(
                Shown(node) for node in dict.fromkeys(o.operand for o in order) if node not in known
            )
        group_by = self._group_by(outputs, order) if shape.grouped else ()
        select = Select(
            outputs,
            self.table,
            tuple(self.joins),
            self.where(),
            group_by,
            all_of(self.having),
            order,
            limit=None if shape.limit is None else Bind(shape.limit + self.offset, BIGINT),
            offset=None if shape.offset is None else Bind(shape.offset + self.offset, BIGINT),
            distinct=shape.distinct == (),
            distinct_on=tuple(map(self.value, shape.distinct or ())),
        )
        return self._around_windows(select) if self.qualified else select

    def _around_windows(self, select: Select) -> Select:
        """Return *select* as a table, and around it the conditions on its windows."""
        own = {self.table.alias, *(join.table.alias for join in self.joins)}
        name = self._alias("rows")
        inner: dict[Node, Shown] = {}

        def shown(node: Node) -> Column:
            found = inner.setdefault(node, Shown(node, f"value_{len(inner)}"))
            return Column(name, cast(str, found.alias))

        def outside(node: Node) -> Node | None:
            is_own = isinstance(node, Column) and node.table in own
            return shown(node) if is_own or isinstance(node, (Window, Aggregate)) else None

        outputs = tuple(replace(output, operand=shown(output.operand)) for output in select.outputs)
        order = tuple(replace(term, operand=shown(term.operand)) for term in select.order_by)
        where = all_of([rebuild(condition, outside) for condition in self.qualified])
        first = tuple(map(shown, select.distinct_on))
        table = replace(
            select, outputs=tuple(inner.values()), order_by=(), limit=None, offset=None,
            distinct=False, distinct_on=(),
        )  # fmt: skip
        return Select(
            outputs, Derived(table, name), where=where, order_by=order, limit=select.limit,
            offset=select.offset, distinct=select.distinct, distinct_on=first,
        )  # fmt: skip

    @property
    def is_plain(self) -> bool:
        """Whether its rows are those of its tables, so that an aggregate over them needs no subquery."""
        shape = self.shape
        return not (shape.sliced or shape.grouped or shape.distinct is not None or self.qualified)

    def lock(self) -> Lock | None:
        """Return how the rows of the statement itself are locked: those of its subqueries never are."""
        lock = self.shape.lock
        if lock is None:
            return None
        # The tables are inside of what a filter on a window selects from: the database says what it cannot.
        of = () if self.qualified else lock.of
        aliases = [self.table.alias if name == "self" else self._alias_of(name) for name in of]
        return Lock(lock.strength, tuple(aliases), lock.wait)

    def _alias_of(self, relation: str) -> str:
        ways: list[tuple[Any, ...]] = [(*path.hops, path.field) for path in self.shape.related]
        hops = next(way for way in ways if SEPARATOR.join(hop.name for hop in way) == relation)
        return self.reach(step for hop in hops for step in hop.steps)

    def where(self) -> Node | None:
        return Truth(False) if self.shape.empty else all_of(self.conditions)

    def target(self) -> Node | None:
        """Return the condition of an UPDATE or DELETE: by key, unless the table alone can say it."""
        shape = self.shape
        if not (self.joins or shape.needs_order or shape.grouped or self.qualified):
            return self.where()
        inner = Resolver(shape, self.offset, self.taken, self.around).read()
        return In(self.key(), narrowed(inner.select((Shown(inner.key()),), ordered=shape.needs_order), 1))

    def _order(self) -> tuple[Ordering, ...]:
        shape = self.shape
        order = shape.order
        if order is None:
            if isinstance(shape.grouping, Rows):
                return ()  # Meta.ordering would split the groups
            order = shape.default_order
        if order is not None:
            terms = [Ordering(self._term(term.node), term.descending, term.nulls) for term in order]
        else:
            # Names alone: what is more than a name is in `default_order`.
            terms = [self._default_term(cast(str, name)) for name in shape.options.ordering]
        return tuple(map(_turned, terms)) if shape.reverse else tuple(terms)

    def _term(self, node: Node) -> Node:
        """Return what to order by: the value of the row itself where that shows it, not a join made later."""
        rows = self.shape.projection
        shown = zip(rows.outputs, self.rows) if isinstance(rows, Rows) else ()
        return next((placed for output, placed in shown if output.node == node), None) or self.value(node)

    def _default_term(self, name: str) -> Ordering:
        descending = name.startswith("-")
        return Ordering(self.column(self.shape.path(name.removeprefix("-"))), descending)

    def _group_by(self, outputs: Sequence[Shown], order: Sequence[Ordering]) -> tuple[Node, ...]:
        """Group by the row's key or by values, and by whatever else is shown outside an aggregate."""
        by_key = self.shape.grouping == "pk"
        nodes: tuple[Node, ...] = (self.key(),) if by_key else self.groups
        groups = [node for node in nodes if not has_aggregate(node)]
        if any(has_window(node) for node in groups):
            raise FieldError(
                "rows cannot be grouped by a window, which is computed after the groups: "
                "leave it out of values(), or aggregate() the rows that have it"
            )
        others = [*(output.operand for output in outputs), *(term.operand for term in order), *self.having]
        joined = {join.table.alias for join in self.joins}
        found = Groups(groups, self.table.alias, joined, by_key=by_key)
        found.add_all(others)
        return tuple(found.nodes)


def _landing(path: Path) -> tuple[list[Step], str]:
    """Return the joins that *path* needs, and the name of the column at their end."""
    field: Any = path.field
    hops: tuple[Any, ...] = (*path.hops, field) if field.joined else path.hops
    steps = [step for hop in hops for step in hop.steps]
    name: str = field.target.pk.column if field.joined else field.column
    # The key that a foreign key leads to stands on this side of it already.
    while steps and steps[-1].forward and steps[-1].remote_column == name:
        name = steps.pop().local_column
    return steps, name


def _inside(side: Node) -> Node:
    """Return what a side of a comparison is NULL with."""
    return _inside(side.arguments[0]) if isinstance(side, Call) and side.name in AS_JSON else side


def _is_column(output: Output) -> bool:
    return isinstance(output.node, FieldRef)


def _conjuncts(node: Node, nots: int = 0) -> Iterator[tuple[Node, int]]:
    """Yield the conditions that must all hold, each with the number of NOTs around it.

    NOT (a OR b) is such a pair: only what compares an aggregate may go to HAVING.
    """
    if isinstance(node, Negation):
        yield from _conjuncts(node.item, nots + 1)
    elif isinstance(node, Group) and node.items and (node.connector == "AND") == (nots % 2 == 0):
        for item in node.items:
            yield from _conjuncts(item, nots)
    else:
        yield node, nots


def _turned(term: Ordering) -> Ordering:
    nulls = {"first": "last", "last": "first"}.get(term.nulls or "")
    return replace(term, descending=not term.descending, nulls=nulls)


# -- statements -----------------------------------------------------------------------------------


def count(shape: Shape) -> Select:
    """Return the SELECT that counts the rows of *shape*, its slice respected."""
    if shape.combination is not None:
        return Select((COUNT_ROWS,), Derived(compound(shape), "rows"))
    found = Resolver(shape).read()
    if found.is_plain:
        return found.select((COUNT_ROWS,), ordered=False)
    rows = found.select(_values(found) or (ONE,), ordered=shape.distinct == ())
    return Select((COUNT_ROWS,), Derived(_aliased(rows), "rows"))


def _values(found: Resolver) -> tuple[Shown, ...]:
    """Return the values of a row for a subquery: those of other tables make groups of their own."""
    rows, shape = found.rows, found.shape
    if isinstance(shape.projection, Instances) and shape.distinct == ():
        rows = (found.key(), *(found.annotations[name] for name in shown_annotations(shape)))
    return tuple(Shown(node, f"row_{place}") for place, node in enumerate(rows))


def _aliased(select: Select) -> Select:
    """Return *select* with a name for each column, as a table has."""
    names = [output.alias or f"column_{place}" for place, output in enumerate(select.outputs)]
    outputs = tuple(replace(output, alias=name) for output, name in zip(select.outputs, names))
    return replace(select, outputs=outputs)


def narrowed(select: Select, width: int) -> Select:
    """Return the first *width* columns of *select*: what it is ordered by may stand behind them."""
    if len(select.outputs) == width:
        return select
    table = _aliased(select)
    columns = tuple(Shown(Column("rows", cast(str, output.alias))) for output in table.outputs[:width])
    return Select(columns, Derived(table, "rows"))


def exists(
    shape: Shape,
    offset: int = 0,
    taken: set[str] | None = None,
    around: Around | None = None,
) -> Select:
    """Return the SELECT that gives one row if *shape* has any."""
    if shape.combination is not None:
        return Select((ONE,), Derived(compound(shape, offset, taken, around), "rows"), limit=Constant(1))
    found = Resolver(shape, offset, taken, around).read()
    if not shape.sliced:
        select = found.select((ONE,), ordered=False)
        return replace(select, limit=Constant(1), distinct=False, distinct_on=())
    # Rows that are equal count once in a slice of distinct ones.
    values = _values(found) if shape.distinct == () else ()
    rows = found.select(values or (ONE,), ordered=shape.distinct is not None)
    return Select((ONE,), Derived(_aliased(rows), "rows"), limit=Constant(1))


def aggregate(shape: Shape, outputs: tuple[Output, ...]) -> Select:
    """Return the SELECT of aggregates over the rows of *shape*; a slice and groups become a subquery."""
    found = Resolver(shape).read()
    if found.is_plain and not any(map(has_window, found.annotations.values())):
        return found.select(tuple(Shown(found.value(output.node)) for output in outputs), ordered=False)
    inner: dict[Node, Shown] = {}

    def outside(node: Node) -> Node | None:
        if isinstance(node, (FieldRef, AnnotationRef)):
            shown = inner.setdefault(node, Shown(found.value(node), f"value_{len(inner)}"))
            return Column("rows", cast(str, shown.alias))
        return None

    shown = tuple(Shown(rebuild(output.node, outside)) for output in outputs)
    columns = (*inner.values(), *_values(found))
    rows = found.select(columns or (ONE,), ordered=shape.sliced or shape.distinct is not None)
    return Select(shown, Derived(_aliased(rows), "rows"))


def insert(shape: Shape, rows: Insert) -> Insert:
    """Return the INSERT of *rows*, whose values may be subqueries."""
    return cast(Insert, Resolver(shape).value(rows))


def update(
    shape: Shape, assignments: tuple[tuple[str, Node], ...], returning: tuple[str, ...] = ()
) -> Update:
    """Return the UPDATE of the rows of *shape*: the columns named, each with its new value."""
    found = Resolver(shape).read()
    changes = tuple(Assignment(column, found.value(value)) for column, value in assignments)
    joined = {join.table.alias for join in found.joins}
    for change in changes:
        if any(column.table in joined for column in find(change, Column)) or has_window(change.value):
            raise FieldError(
                f"update() takes values of the same row only, and {change.column!r} is given one of others: "
                "use Subquery()"
            )
    return Update(shape.options.db_table, changes, found.target(), returning)


def bulk_update(shape: Shape, fields: Sequence[Field[Any]], rows: int) -> Update:
    """Return the UPDATE of those rows of *shape* whose keys stand first in a table of new values."""
    found = Resolver(shape).read()
    options = shape.options
    condition, alias = found.target(), found._alias("new")
    changes = tuple(
        Assignment(field.column, Column(alias, f"column{place}")) for place, field in enumerate(fields, 2)
    )
    is_named = Compare(Column(options.db_table, options.pk.column), "=", Column(alias, "column1"))
    values = Values((options.pk.type, *(field.type for field in fields)), rows, alias)
    where = is_named if condition is None else And((is_named, condition))
    return Update(options.db_table, changes, where, source=values)


def delete(shape: Shape) -> Delete:
    """Return the DELETE of the rows of *shape*."""
    return Delete(shape.options.db_table, Resolver(shape).read().target())


# -- combined queries -----------------------------------------------------------------------------


def row(found: Resolver) -> tuple[Node, ...]:
    """Return the columns of a row, in the order in which it is built."""
    rows = found.shape.projection
    if not isinstance(rows, Instances):
        return found.rows
    columns = instances(found, rows)[1]
    return (*columns, *(found.annotations[name] for name in shown_annotations(found.shape)))


def compound(
    shape: Shape,
    offset: int = 0,
    taken: set[str] | None = None,
    around: Around | None = None,
) -> Compound:
    """Return the combined query, its columns named by their places, in its order and its limits."""
    assert shape.combination is not None
    parts: list[Select | Compound] = []
    for part, start in shape.combination.parts:
        if part.combination is None:
            parts.append(_part(part, offset + start, taken, around))
        else:
            parts.append(combined(part, offset + start, taken, around))
    return Compound(
        shape.combination.operator,
        tuple(parts),
        _combined_order(shape, lambda place: Position(place + 1)),
        limit=None if shape.limit is None else Bind(shape.limit + offset, BIGINT),
        offset=None if shape.offset is None else Bind(shape.offset + offset, BIGINT),
    )


def combined(
    shape: Shape,
    offset: int = 0,
    taken: set[str] | None = None,
    around: Around | None = None,
) -> Select | Compound:
    """Return the combined query as a statement: of some of its parts' columns, or of all."""
    assert shape.combination is not None
    places = shape.combination.places
    if places is None:
        return compound(shape, offset, taken, around)
    order = _combined_order(shape, _in_rows)
    return replace(combined_columns(shape, places, offset, taken, around), order_by=order)


def _combined_order(shape: Shape, column: Callable[[int], Node]) -> tuple[Ordering, ...]:
    """Return the order of a combined query; *column* gives the node of a column of its parts."""
    if not shape.order:
        return ()
    names = column_names(first_part(shape))
    places = [names.index(cast(ColumnName, term.node).name) for term in shape.order]
    order = [Ordering(column(at), term.descending, term.nulls) for at, term in zip(places, shape.order)]
    return tuple(map(_turned, order)) if shape.reverse else tuple(order)


def _in_rows(place: int) -> Node:
    return Column("rows", f"column_{place}")


def combined_columns(
    shape: Shape,
    places: Sequence[int],
    offset: int = 0,
    taken: set[str] | None = None,
    around: Around | None = None,
) -> Select:
    """Return the columns of a combined query that stand at *places*."""
    rows = compound(shape, offset, taken, around)
    return Select(tuple(Shown(_in_rows(place)) for place in places), Derived(rows, "rows"))


def _part(shape: Shape, offset: int, taken: set[str] | None, around: Around | None) -> Select:
    found = Resolver(shape, offset, None if taken is None else set(taken), around).read()
    columns = row(found)
    return _aliased(
        narrowed(found.select(tuple(map(Shown, columns)), ordered=shape.needs_order), len(columns))
    )
