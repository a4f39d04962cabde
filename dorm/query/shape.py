"""Shape: the frozen description of a query, without its values.

Rests on the description's nodes. Shapes form a tree per model: the same call on the same shape leads to the
same child, so that names are read, and SQL is written, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeAlias

from .._record import Record
from ..exceptions import FieldError
from ..lookups.paths import FieldView, Path, walk
from ..meta.options import Options, read
from ..sql.nodes import Node
from .nodes import Annotation, Output, Term

# The tree of a model is dropped and begun anew beyond this many shapes: about 2 kB each.
MAX_SHAPES = 2_000

Check: TypeAlias = "tuple[frozenset[type], Callable[[Any], Any]]"


class Instances(Record):
    """Rows become instances; with *loading* "only" or "defer", *names* are the columns it speaks of."""

    loading: Literal["all", "only", "defer"] = "all"
    names: frozenset[str] = frozenset()


class Rows(Record):
    """Rows become dicts, tuples or bare values. *after*: see Annotation."""

    kind: Literal["dict", "tuple", "named", "flat"]
    outputs: tuple[Output, ...]
    after: int


class Locked(Record):
    """`select_for_update()`: *of* are the relations whose rows are locked, "" for the row's own."""

    strength: Literal["UPDATE", "NO KEY UPDATE"]
    of: tuple[str, ...]
    wait: Literal["NOWAIT", "SKIP LOCKED"] | None


class Combination(Record):
    """Queries made one: each part is a shape, and where its values begin.

    With *places*, rows have these of the parts' columns only.
    """

    operator: Literal["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]
    parts: tuple[tuple[Shape, int], ...]
    places: tuple[int, ...] | None = None


class Shape:
    """One description. Never changed after `derive()`, but for the caches `next` and `compiled`."""

    __slots__ = (
        "annotations",
        "checks",
        "combination",
        "compiled",
        "default_order",
        "distinct",
        "empty",
        "grouping",
        "hidden",
        "limit",
        "lock",
        "next",
        "offset",
        "options",
        "order",
        "paths",
        "projection",
        "related",
        "reverse",
        "root",
        "size",
        "slots",
        "where",
    )

    def __init__(self, options: Options) -> None:
        self.options = options
        self.where: tuple[Node, ...] = ()
        self.annotations: dict[str, Annotation] = {}
        # Annotations that are no part of a row.
        self.hidden: frozenset[str] = frozenset()
        self.projection: Instances | Rows = Instances()
        self.related: tuple[Path, ...] = ()
        # None: Meta.ordering says it, in `default_order` where there is more to it than names.
        self.order: tuple[Term, ...] | None = None
        self.default_order: tuple[Term, ...] | None = None
        self.reverse = False
        # None: rows may repeat. (): no two are equal. Else: one for each of these values, the first in order.
        self.distinct: tuple[Node, ...] | None = None
        # None: rows are not grouped. "pk": by row. Else by the values that rows had then.
        self.grouping: Literal["pk"] | Rows | None = None
        self.limit: int | None = None
        self.offset: int | None = None
        self.lock: Locked | None = None
        self.empty = False
        # Not None: rows are those of other queries, and this one's conditions and joins are none.
        self.combination: Combination | None = None
        self.slots = 0
        self.checks: tuple[Check, ...] = ()
        self.root: Shape = self
        self.size = 0
        self.paths: dict[str, Path] = {}
        self.next: dict[Any, Shape] = {}
        self.compiled: dict[Any, Any] = {}

    def derive(self, key: Any, **changes: Any) -> Shape:
        """Return the child that *key* leads to from now on, with *changes* to this description."""
        child = object.__new__(Shape)
        for name in Shape.__slots__:
            setattr(child, name, getattr(self, name))
        child.next, child.compiled, child.checks = {}, {}, ()
        for name, value in changes.items():
            setattr(child, name, value)
        if "annotations" in changes:
            child.paths = {}
        self.root.size += 1
        if len(self.next) >= MAX_SHAPES:
            # A queryset that is kept for long begins anew too.
            self.next.clear()
        # Two threads may both come here; one child wins, and the other serves its own query.
        return self.next.setdefault(key, child)

    @property
    def sliced(self) -> bool:
        return self.limit is not None or self.offset is not None

    @property
    def needs_order(self) -> bool:
        """Whether the order decides which rows there are."""
        return self.sliced or bool(self.distinct)

    @property
    def grouped(self) -> bool:
        """Whether an annotation makes one row of many."""
        return self.grouping is not None

    # -- the ModelView: annotations, then the model ----------------------------------------------

    @property
    def name(self) -> str:
        return self.options.name

    def field(self, name: str) -> FieldView | None:
        return self.annotations.get(name) or self.options.field(name)

    def names(self) -> Iterable[str]:
        return [*self.annotations, *self.options.names()]

    def path(self, key: str) -> Path:
        """Return where *key* leads; raise FieldError if nowhere."""
        path = self.paths.get(key)
        if path is None:
            if not isinstance(key, str):
                raise FieldError(f"a field is named by a string, not {key!r}")
            path = self.paths[key] = read(walk, self, key)
        return path


class Described:
    """A shape together with its values, one per slot."""

    __slots__ = ("params", "shape")

    def __init__(self, shape: Shape, params: tuple[Any, ...]) -> None:
        self.shape = shape
        self.params = params
