"""Random query programs: what is called, in which order, with what - as data that either library can run."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

from dorm.lookups.paths import SEPARATOR

from .conftest import NAMES

# Column: its kind, and whether it may be NULL.
COLUMNS: dict[str, dict[str, tuple[str, bool]]] = {
    "Publisher": {
        "id": ("int", False),
        "name": ("text", False),
        "city": ("text", True),
        "founded": ("int", True),
    },
    "Author": {
        "id": ("int", False),
        "name": ("text", False),
        "age": ("int", True),
        "rating": ("float", True),
        "active": ("bool", False),
        "publisher_id": ("int", True),
        "mentor_id": ("int", True),
    },
    "Book": {
        "id": ("int", False),
        "title": ("text", False),
        "pages": ("int", False),
        "price": ("decimal", True),
        "published": ("date", True),
        "author_id": ("int", False),
        "translator_id": ("int", True),
    },
    "Review": {
        "id": ("int", False),
        "stars": ("int", True),
        "text": ("text", False),
        "at": ("datetime", True),
        "book_id": ("int", False),
        "reviewer_id": ("int", True),
    },
}

# Relation: the model that it leads to, and whether it leads to many rows.
RELATIONS: dict[str, dict[str, tuple[str, bool]]] = {
    "Publisher": {"authors": ("Author", True)},
    "Author": {
        "publisher": ("Publisher", False),
        "mentor": ("Author", False),
        "students": ("Author", True),
        "books": ("Book", True),
        "translations": ("Book", True),
        "reviews": ("Review", True),
    },
    "Book": {"author": ("Author", False), "translator": ("Author", False), "reviews": ("Review", True)},
    "Review": {"book": ("Book", False), "reviewer": ("Author", False)},
}


class Place(NamedTuple):
    """A name in a query: its kind ("relation" for a relation itself), and whether many values stand there."""

    name: str
    kind: str
    many: bool


class Call(NamedTuple):
    """A step of a program, such as `.filter(Q(...), age=3)`."""

    method: str
    args: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()


class Cond(NamedTuple):
    """A Q: connected, perhaps negated."""

    connector: str
    negated: bool
    items: tuple[Any, ...]


class Ref(NamedTuple):
    """An F."""

    name: str


class Sum2(NamedTuple):
    """Arithmetic."""

    left: Any
    operator: str
    right: Any


class Agg(NamedTuple):
    """An aggregate, of the rows that meet *where*."""

    function: str
    operand: Any
    distinct: bool = False
    where: Any = None


class Fn(NamedTuple):
    """Anything else that is made by a call: a function, a Case, a Value, a subquery."""

    name: str
    args: tuple[Any, ...]
    named: tuple[tuple[str, Any], ...] = ()


class Inner(NamedTuple):
    """The rows of *model* that meet *condition* and whose *key* is the row's *name*, in order of their keys.

    With *column*, its value alone in the first of them.
    """

    model: str
    key: str
    name: str
    condition: Any
    column: str | None = None


class Slice(NamedTuple):
    start: int | None
    stop: int | None


class Combined(NamedTuple):
    """A step that makes one queryset of this and others, each being the steps that lead to it."""

    method: str
    named: tuple[tuple[str, Any], ...]
    others: tuple[tuple[Any, ...], ...]


class Program(NamedTuple):
    """What is asked: the steps, then the end ("list", "count", ...), whose rows are in order or not."""

    model: str
    steps: tuple[Any, ...]
    end: Any
    ordered: bool = False


def places(model: str, depth: int = 2, prefix: str = "", many: bool = False) -> list[Place]:
    """Return every name that leads from *model* over at most *depth* relations."""
    found = [Place(prefix + name, kind, many) for name, (kind, _) in COLUMNS[model].items()]
    for name, (target, is_many) in RELATIONS[model].items():
        found.append(Place(prefix + name, "relation", many or is_many))
        if depth:
            found += places(target, depth - 1, f"{prefix}{name}__", many or is_many)
    return found


PLACES = {model: places(model) for model in COLUMNS}
OWN = {model: places(model, 0) for model in COLUMNS}

numbers = st.integers(-1, 5)
# No capitals: Django's LIKE on SQLite does not see them.
texts = st.sampled_from([*NAMES, "b", "%", "_", "zz"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "int": numbers,
    "relation": st.integers(1, 12),
    "text": texts,
    "float": st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.5, 2.0]),
    "decimal": st.integers(0, 40).map(lambda n: Decimal(n) / 10),
    "bool": st.booleans(),
    "date": st.dates(date(2019, 1, 1), date(2021, 3, 3)),
    "datetime": st.datetimes(datetime(2020, 1, 1), datetime(2020, 3, 3)).map(
        lambda at: at.replace(microsecond=0, tzinfo=timezone.utc)
    ),
}
ORDERED = ["gt", "gte", "lt", "lte"]
LOOKUPS: dict[str, list[str]] = {
    "int": ["exact", "", *ORDERED, "in", "range", "isnull", "none"],
    "float": ["exact", *ORDERED, "in", "isnull"],
    "decimal": ["exact", *ORDERED, "in", "range", "isnull"],
    "text": [
        "",
        "exact",
        "in",
        "isnull",
        "startswith",
        "endswith",
        "contains",
        "icontains",
        "iexact",
        "gt",
        "none",
    ],
    "bool": ["", "isnull"],
    "date": ["exact", *ORDERED, "year", "month", "year__gte", "in", "range", "isnull", "none"],
    "datetime": [*ORDERED, "year", "month__lt", "day", "hour", "isnull"],
    "relation": ["", "in", "isnull", "none"],
}


def _is_agreed(model: str, place: Place, negated: int, spread: bool | None) -> bool:
    """Whether a name over many rows means in Django what it says.

    For each condition under NOT it makes a subquery, which it may tie to a join that another condition of the
    same call has made, or to the wrong end of a relation within one table. Two NOTs make such a join.
    """
    if spread is None:
        return True
    if not spread:
        return not negated
    first = place.name.partition("__")[0]
    return (
        negated % 2 == 1
        and RELATIONS[model][first][1]
        and "students" not in place.name
        and "mentor" not in place.name
    )


@st.composite
def leaf(
    draw: Any, model: str, negated: int, extra: tuple[Place, ...], spread: bool | None
) -> tuple[str, Any]:
    """Draw one condition: a lookup and its operand."""
    own = draw(st.booleans())
    pool = [
        one
        for one in (OWN if own else PLACES)[model]
        if not one.many or _is_agreed(model, one, negated, spread)
    ]
    place: Place = draw(st.sampled_from([*pool, *extra]))
    lookups = LOOKUPS[place.kind]
    if place.name.endswith("_id"):
        lookups = [word for word in lookups if word != "range"]  # Django has none for a foreign key
    is_quiet = negated > 0 and spread is not None and SEPARATOR in place.name
    if is_quiet:
        # Beside "the column of a row that may be missing is NULL", Django forgets of the next condition on
        # that row that its column may be NULL.
        lookups = [word for word in lookups if word != "none"]
    lookup = draw(st.sampled_from(lookups))
    if lookup == "none":
        return place.name, None
    key = f"{place.name}__{lookup}" if lookup else place.name
    values = VALUES[place.kind]
    if lookup == "isnull":
        return key, not is_quiet and draw(st.booleans())
    if lookup == "in":
        return key, draw(st.lists(values | st.none(), max_size=4))
    if lookup == "range":
        return key, (draw(values), draw(values))
    if lookup.startswith(("year", "month", "day", "hour")):
        return key, draw(st.sampled_from([1, 2, 3, 2019, 2020, 2021]))
    comparable = place.kind != "relation" and not (negated and place in extra)
    if comparable and lookup in ("", "exact", *ORDERED) and draw(st.integers(0, 5)) == 0:
        # Under NOT, Django forgets that a column of a missing row is NULL: only own columns there.
        pool = OWN[model] if negated else [one for one in PLACES[model] if not one.many]
        same = [one.name for one in pool if one.kind == place.kind]
        if same:
            right = Ref(draw(st.sampled_from(same)))
            if place.kind in ("int", "float") and draw(st.booleans()) and not negated:
                return key, Sum2(right, draw(st.sampled_from("+-*")), draw(numbers))
            return key, right
    return key, draw(values)


def condition(
    model: str, depth: int, negated: int, extra: tuple[Place, ...], spread: bool
) -> st.SearchStrategy[Any]:
    """Draw a condition under *negated* NOTs, up to *depth* groups deep.

    *spread*: relations to many rows stand under NOT only.
    """
    single = leaf(model, negated, extra, spread)
    if depth == 0:
        return single

    @st.composite
    def group(draw: Any) -> Cond:
        flipped = draw(st.integers(0, 2)) == 0
        inner = condition(model, depth - 1, negated + flipped, extra, spread)
        return Cond(
            draw(st.sampled_from(["AND", "OR"])),
            flipped,
            tuple(draw(st.lists(inner, min_size=1, max_size=3))),
        )

    return single | group()


@st.composite
def restriction(draw: Any, model: str, extra: tuple[Place, ...] = ()) -> Call:
    """Draw a `filter()` or `exclude()`."""
    method = draw(st.sampled_from(["filter", "filter", "exclude"]))
    negated = method == "exclude"
    if draw(st.integers(0, 3)) == 0:
        # Alone in its call, any name will do.
        return Call(method, named=(draw(leaf(model, negated, extra, None)),))
    inner = condition(model, 2, negated, extra, negated or draw(st.booleans()))
    items = draw(st.lists(inner, min_size=1, max_size=3))
    return Call(method, (Cond("AND", False, tuple(items)),))


@st.composite
def aggregate(draw: Any, model: str, *, many: bool = True) -> Agg:
    """Draw an aggregate over a value reached from *model*."""
    function = draw(st.sampled_from(["Count", "Count", "Sum", "Avg", "Min", "Max"]))
    kinds = {"Sum": ("int", "float", "decimal"), "Avg": ("int", "float", "decimal")}.get(function)
    pool = [
        one
        for one in PLACES[model]
        if (many or not one.many)
        and (function == "Count" or one.kind not in ("relation", "bool"))
        and (kinds is None or one.kind in kinds)
    ]
    place = draw(st.sampled_from(pool))
    return Agg(function, place.name, function == "Count" and draw(st.booleans()))


PARTS = ["Year", "Quarter", "Month", "Week", "Day", "WeekDay", "IsoYear", "IsoWeekDay"]
KINDS_OF_TRUNC = ["Year", "Quarter", "Month", "Week", "Day"]


@st.composite
def computed(draw: Any, model: str, depth: int = 2) -> tuple[Any, str]:
    """Draw an expression over columns of *model* and of rows that it refers to, and the kind of its value."""
    kind = draw(st.sampled_from(["int", "text", "bool"] if depth else ["int", "text"]))
    pool = [one for one in PLACES[model] if one.kind == kind and not one.many]
    if not pool:
        return Fn("Value", (draw(VALUES[kind]),)), kind
    column = Ref(draw(st.sampled_from(pool)).name)
    if not depth:
        return draw(st.sampled_from([column, Fn("Value", (draw(VALUES[kind]),))])), kind
    if kind == "bool":
        condition = draw(group_without_many(model))
        return Fn("ExpressionWrapper", (condition,), (("output_field", Fn("BooleanField", ())),)), "bool"
    how = draw(st.sampled_from(["case", "coalesce", "function", "dates", "exists", "subquery"]))
    if how == "case":
        then = draw(typed(model, kind, depth - 1))
        whens = tuple(
            Fn("When", (draw(group_without_many(model)),), (("then", draw(typed(model, kind, depth - 1))),))
            for _ in range(draw(st.integers(1, 2)))
        )
        return Fn("Case", whens, (("default", then),)), kind
    if how == "coalesce":
        return Fn("Coalesce", (column, draw(typed(model, kind, depth - 1)))), kind
    dates = [one for one in PLACES[model] if one.kind in ("date", "datetime") and not one.many]
    if how == "dates" and dates:
        part = draw(st.sampled_from(PARTS))
        return Fn(f"Extract{part}", (Ref(draw(st.sampled_from(dates)).name),)), "int"
    if how in ("exists", "subquery"):
        return draw(inner(model, how))
    if kind == "text":
        name = draw(
            st.sampled_from(["Upper", "Lower", "Trim", "Reverse", "Concat", "Left", "Substr", "Replace"])
        )
        more: dict[str, tuple[Any, ...]] = {
            "Concat": (Fn("Value", ("-",)), column),
            "Left": (2,),
            "Substr": (2, 3),
            "Replace": (Fn("Value", ("b",)), Fn("Value", ("xy",))),
        }
        return Fn(name, (column, *more.get(name, ()))), "text"
    name = draw(st.sampled_from(["Abs", "NullIf", "Length"]))
    if name == "Length":
        texts = [one for one in PLACES[model] if one.kind == "text" and not one.many]
        return Fn("Length", (Ref(draw(st.sampled_from(texts)).name),)), "int"
    return Fn(name, (column, 3) if name == "NullIf" else (column,)), "int"


@st.composite
def typed(draw: Any, model: str, kind: str, depth: int) -> Any:
    """Draw an expression of a kind."""
    made, found = draw(computed(model, depth))
    return made if found == kind else Fn("Value", (draw(VALUES[kind]),))


def group_without_many(model: str) -> st.SearchStrategy[Any]:
    """Draw conditions on the row and on those that it refers to."""
    pool = [one for one in PLACES[model] if not one.many and one.kind in ("int", "text", "bool")]

    @st.composite
    def one(draw: Any) -> Cond:
        place = draw(st.sampled_from(pool))
        words = ["exact", "in", "isnull"] + (["gt", "lte"] if place.kind == "int" else [])
        word = draw(st.sampled_from(words))
        value: Any = draw(VALUES[place.kind])
        if word == "isnull":
            value = draw(st.booleans())
        if word == "in":
            value = [value, draw(VALUES[place.kind])]
        return Cond(draw(st.sampled_from(["AND", "OR"])), False, ((f"{place.name}__{word}", value),))

    return st.builds(
        lambda connector, items: Cond(connector, False, tuple(items)),
        st.sampled_from(["AND", "OR"]), st.lists(one(), min_size=1, max_size=2),
    )  # fmt: skip


@st.composite
def inner(draw: Any, model: str, how: str) -> tuple[Any, str]:
    """Draw a subquery over a relation of *model* to many rows, or over itself."""
    reverse = {
        "Publisher": ("Author", "publisher"),
        "Author": ("Book", "author"),
        "Book": ("Review", "book"),
        "Review": ("Review", "reviewer"),
    }
    target, key = reverse[model]
    condition = draw(group_without_many(target))
    if how == "exists":
        return Fn("Exists", (Inner(target, key, "pk", condition),)), "bool"
    column = draw(st.sampled_from([one.name for one in OWN[target] if one.kind == "int"]))
    return Fn("Subquery", (Inner(target, key, "pk", condition, column),)), "int"


KIND_OF_RESULT = {"Count": "int", "Avg": "float"}


@st.composite
def annotation(draw: Any, model: str, name: str) -> tuple[Call, tuple[Place, ...]]:
    """Draw an `annotate()`, and the place that later steps may name."""
    if draw(st.booleans()):
        made = draw(aggregate(model))
        if draw(st.integers(0, 2)) == 0:
            made = made._replace(where=draw(group_without_many(model)))
        if made.function in ("Count", "Sum"):
            known = {one.name: one.kind for one in PLACES[model]}
            kind = "int" if made.function == "Count" else known[made.operand]
            return Call("annotate", named=((name, made),)), (Place(name, kind, False),)
        return Call("annotate", named=((name, made),)), ()
    if draw(st.booleans()):
        expression, kind = draw(computed(model))
        return Call("annotate", named=((name, expression),)), (Place(name, kind, False),)
    whole = [one for one in PLACES[model] if one.kind == "int" and not one.many]
    left = draw(st.sampled_from(whole)).name
    made = Sum2(Ref(left), draw(st.sampled_from("+-*")), draw(numbers))
    if draw(st.booleans()):
        made = Sum2(draw(numbers), draw(st.sampled_from("+-*")), made)
    return Call("annotate", named=((name, made),)), (Place(name, "int", False),)


@st.composite
def programs(
    draw: Any, *, ends: tuple[str, ...] = ("list", "list", "count", "exists", "aggregate")
) -> Program:
    """Draw a program over instances or over ungrouped values."""
    model = draw(st.sampled_from(sorted(COLUMNS)))
    steps: list[Any] = list(draw(st.lists(restriction(model), max_size=2)))
    extra: tuple[Place, ...] = ()
    for number in range(draw(st.sampled_from([0, 0, 1, 2]))):
        call, more = draw(annotation(model, f"x{number}"))
        steps.append(call)
        extra += more
    steps += draw(st.lists(restriction(model, extra), max_size=2 if extra else 0))
    shown: list[str] = []
    if draw(st.integers(0, 2)) == 0:
        pool = [one.name for one in PLACES[model] if one.kind != "relation"] + [one.name for one in extra]
        shown = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
        steps.append(Call(draw(st.sampled_from(["values", "values_list"])), tuple(shown)))
    end = draw(st.sampled_from(ends))
    ordered = draw(st.booleans())
    if ordered:
        names = [one.name for one in PLACES[model] if one.kind != "relation" and not one.many]
        terms = draw(st.lists(st.sampled_from(names + [one.name for one in extra]), max_size=2, unique=True))
        terms = [draw(st.sampled_from(["", "-"])) + term for term in terms]
        given = {term.lstrip("-") for term in terms}
        steps.append(Call("order_by", (*terms, *(name for name in shown if name not in given), "pk")))
        if draw(st.booleans()):
            steps.append(Call("reverse"))
        for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
            start = draw(st.none() | st.integers(0, 8))
            steps.append(Slice(start, draw(st.none() | st.integers(start or 0, 12))))
    if end == "aggregate":
        pool = [one for one in OWN[model] if one.kind in ("int", "float", "decimal")]
        own = Agg(
            draw(st.sampled_from(["Sum", "Avg", "Min", "Max", "Count"])), draw(st.sampled_from(pool)).name
        )
        end = (("a", own), ("n", Agg("Count", "*")))
    return Program(model, tuple(steps), end, ordered)


@st.composite
def grouped_programs(draw: Any) -> Program:
    """Draw a `values().annotate()`, with filters before and after."""
    model = draw(st.sampled_from(sorted(COLUMNS)))
    steps: list[Any] = list(draw(st.lists(restriction(model), max_size=2)))
    pool = [one.name for one in PLACES[model] if one.kind != "relation"]
    keys = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=2, unique=True))
    steps.append(Call(draw(st.sampled_from(["values", "values_list"])), tuple(keys)))
    extra: tuple[Place, ...] = ()
    shown = list(keys)
    for number in range(draw(st.integers(1, 2))):
        made = draw(aggregate(model))
        steps.append(Call("annotate", named=((f"x{number}", made),)))
        shown.append(f"x{number}")
        if made.function == "Count":
            extra += (Place(f"x{number}", "int", False),)
    if draw(st.booleans()):
        # Beside an aggregate, a subquery of exclude() would split the groups by itself in Django.
        inner = condition(model, 2, False, extra, False)
        steps.append(
            Call("filter", (Cond("AND", False, tuple(draw(st.lists(inner, min_size=1, max_size=2)))),))
        )
    ordered = draw(st.booleans())
    if ordered:
        steps.append(Call("order_by", tuple(draw(st.permutations(shown)))))
        if draw(st.booleans()):
            start = draw(st.none() | st.integers(0, 8))
            steps.append(Slice(start, draw(st.none() | st.integers(start or 0, 12))))
    return Program(model, tuple(steps), draw(st.sampled_from(["list", "list", "count", "exists"])), ordered)


@st.composite
def changes(draw: Any) -> Program:
    """Draw an `update()` or a `delete()` of the rows that some filters find."""
    model = draw(st.sampled_from(sorted(COLUMNS)))
    steps: list[Any] = list(draw(st.lists(restriction(model), max_size=2)))
    if draw(st.integers(0, 3)) == 0:
        return Program(model, tuple(steps), "delete")
    column, kind = draw(
        st.sampled_from(
            [
                (name, kind)
                for name, (kind, _) in COLUMNS[model].items()
                if kind in ("int", "text") and name[-2:] != "id"
            ]
        )
    )
    value: Any = draw(VALUES[kind])
    if kind == "int" and draw(st.booleans()):
        whole = [name for name, (kind, null) in COLUMNS[model].items() if kind == "int" and not null]
        value = Sum2(Ref(draw(st.sampled_from(whole))), draw(st.sampled_from("+-*")), value)
        if draw(st.booleans()):
            value = Sum2(draw(numbers), draw(st.sampled_from("+-*")), value)
    return Program(model, tuple(steps), ("update", ((column, value),)))


@st.composite
def distinct_programs(draw: Any) -> Program:
    """Draw a `distinct()`, of instances or of values; ordered by what is shown, as Django's count() is."""
    model = draw(st.sampled_from(sorted(COLUMNS)))
    steps: list[Any] = list(draw(st.lists(restriction(model), max_size=2)))
    own = [one.name for one in OWN[model] if one.kind != "relation"]
    shown = own
    if draw(st.booleans()):
        pool = [one.name for one in PLACES[model] if one.kind != "relation"]
        shown = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
        steps.append(Call(draw(st.sampled_from(["values", "values_list"])), tuple(shown)))
    steps.append(Call("distinct"))
    ordered = draw(st.booleans())
    if ordered:
        terms = draw(st.permutations(shown))
        steps.append(Call("order_by", tuple(draw(st.sampled_from(["", "-"])) + term for term in terms)))
        for _ in range(draw(st.sampled_from([0, 1, 2]))):
            start = draw(st.none() | st.integers(0, 8))
            steps.append(Slice(start, draw(st.none() | st.integers(start or 0, 12))))
    return Program(model, tuple(steps), draw(st.sampled_from(["list", "list", "count", "exists"])), ordered)


@st.composite
def combined_programs(draw: Any) -> Program:
    """Draw querysets that are combined, perhaps with a combined one, then ordered and sliced."""
    model = draw(st.sampled_from(sorted(COLUMNS)))
    own = [one.name for one in OWN[model] if one.kind != "relation"]
    shown = draw(st.lists(st.sampled_from(own), min_size=1, max_size=3, unique=True))
    ending = draw(
        st.sampled_from([(), (Call("values", tuple(shown)),), (Call("values_list", tuple(shown)),)])
    )

    # Django leaves out a part that has no rows by an empty list, and then forgets that rows come once.
    filters = restriction(model).filter(lambda call: "__in'" not in repr(call))

    def part() -> tuple[Any, ...]:
        return (*draw(st.lists(filters, max_size=2)), *ending)

    steps: list[Any] = list(part())
    for _ in range(draw(st.integers(1, 2))):
        method = draw(st.sampled_from(["union", "union", "intersection", "difference"]))
        named = (("all", True),) if method == "union" and draw(st.booleans()) else ()
        steps.append(Combined(method, named, tuple(part() for _ in range(draw(st.integers(1, 2))))))
    ordered = draw(st.booleans())
    if ordered:
        names = draw(st.permutations(shown if ending else own))
        steps.append(Call("order_by", tuple(draw(st.sampled_from(["", "-"])) + name for name in names)))
        for _ in range(draw(st.sampled_from([0, 1, 2]))):
            start = draw(st.none() | st.integers(0, 8))
            steps.append(Slice(start, draw(st.none() | st.integers(start or 0, 12))))
    # Django's exists() leaves out the rows before a slice of the part that it asks for one row alone.
    ends = ["list", "count"] if isinstance(steps[-1], Slice) else ["list", "count", "exists"]
    return Program(model, tuple(steps), draw(st.sampled_from(ends)), ordered)
