"""Write the stubs of QuerySet, Manager and RelatedManager from one table of methods.

All three have the same methods, with other return types: a queryset's chain keeps its own class, a manager's
begins a QuerySet. Run it after a change of the table; `--check` exits 1 when a stub is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOM = Path(__file__).parents[1] / "dorm-stubs" / "queryset"

HEAD = """\
# Written by scripts/queryset_stubs.py: change the tables there.

"""

LOOKUPS = "*args: Q, **lookups: Any"
NAMES = "*names: str"
BATCH = "objs: Iterable[{M}], batch_size: int = 1000"

# The methods that give a new queryset: name, parameters, and what comes back.
CHAINS = (
    ("all", "", "{Same}"),
    ("none", "", "{Same}"),
    ("using", "alias: str", "{Same}"),
    ("filter", LOOKUPS, "{Same}"),
    ("exclude", LOOKUPS, "{Same}"),
    ("order_by", "*names: str | Expression | OrderBy", "{Same}"),
    ("reverse", "", "{Same}"),
    ("only", NAMES, "{Same}"),
    ("defer", NAMES, "{Same}"),
    ("select_related", NAMES, "{Same}"),
    # Any row: to say {Same} here would make every annotated attribute a false alarm without the plugin.
    ("annotate", "**annotations: Expression", "QuerySet[{M}, Any]"),
    ("values", NAMES, "QuerySet[{M}, dict[str, Any]]"),
)

# The methods that run a statement, each with its a-prefixed twin.
TWINS = (
    ("get", LOOKUPS, "{Row}"),
    ("get_or_none", LOOKUPS, "{Row} | None"),
    ("create", "**values: Any", "{M}"),
    ("first", "", "{Row} | None"),
    ("last", "", "{Row} | None"),
    ("count", "", "int"),
    ("exists", "", "bool"),
    ("update", "**values: Any", "int"),
    ("delete", "", "tuple[int, dict[str, int]]"),
    ("aggregate", "**aggregates: Expression", "dict[str, Any]"),
    ("bulk_create", BATCH, "list[{M}]"),
)

LISTS = """\
    @overload
    def values_list(self, name: str, /, *, flat: Literal[True]) -> QuerySet[{M}, Any]: ...
    @overload
    def values_list(self, *names: str, flat: Literal[False] = False) -> QuerySet[{M}, tuple[Any, ...]]: ...
    @overload
    def values_list(self, *names: str, flat: bool) -> QuerySet[{M}, Any]: ...
    async def avalues(self, *names: str) -> list[dict[str, Any]]: ...
    @overload
    async def avalues_list(self, name: str, /, *, flat: Literal[True]) -> list[Any]: ...
    @overload
    async def avalues_list(self, *names: str, flat: Literal[False] = False) -> list[tuple[Any, ...]]: ...
    @overload
    async def avalues_list(self, *names: str, flat: bool) -> list[Any]: ...
    def iterator(self, chunk_size: int = 2000) -> Iterator[{Row}]: ...
    def aiterator(self, chunk_size: int = 2000) -> AsyncIterator[{Row}]: ...
    def sql(self) -> str: ...
"""

ROWS = """\
    @property
    def query(self) -> Query: ...
    def __iter__(self) -> Iterator[_Row_co]: ...
    def __aiter__(self) -> AsyncIterator[_Row_co]: ...
    def __await__(self) -> Generator[Any, Any, list[_Row_co]]: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    @overload
    def __getitem__(self, key: int) -> _Row_co: ...
    @overload
    def __getitem__(self, key: slice) -> Self: ...
"""

IMPORTS = """\
from collections.abc import {abc}
from typing import {typing}

from typing_extensions import TypeVar

from dorm.expressions.base import Expression, OrderBy
from dorm.expressions.conditions import Q
from dorm.models.base import Model
"""


def methods(**types: str) -> str:
    """Return the methods of the tables, with {M}, {Row} and {Same} put in."""
    lines = []
    for name, parameters, returns in CHAINS:
        lines.append(f"def {name}({join(parameters)}) -> {returns}: ...")
    for name, parameters, returns in TWINS:
        lines.append(f"def {name}({join(parameters)}) -> {returns}: ...")
        lines.append(f"async def a{name}({join(parameters)}) -> {returns}: ...")
    return "".join(f"    {line.format(**types)}\n" for line in lines) + LISTS.format(**types)


def join(parameters: str) -> str:
    return f"self, {parameters}" if parameters else "self"


def queryset() -> str:
    abc = "AsyncIterator, Generator, Iterable, Iterator"
    return (
        HEAD
        + IMPORTS.format(abc=abc, typing="Any, Generic, Literal, Self, overload")
        + "from dorm.query.query import Query\n\n"
        '_M_co = TypeVar("_M_co", bound=Model, covariant=True)\n'
        '_Row_co = TypeVar("_Row_co", covariant=True, default=_M_co)\n\n'
        "class QuerySet(Generic[_M_co, _Row_co]):\n" + methods(M="_M_co", Row="_Row_co", Same="Self") + ROWS
    )


def manager() -> str:
    abc = "AsyncIterator, Iterable, Iterator"
    return (
        HEAD
        + IMPORTS.format(abc=abc, typing="Any, Generic, Literal, Self, overload")
        + "from dorm.queryset.queryset import QuerySet\n\n"
        '_M = TypeVar("_M", bound=Model)\n'
        '_M_co = TypeVar("_M_co", bound=Model, covariant=True, default="_Unbound")\n\n'
        "# The model of `Manager()` in a class body, until the class gives its own.\n"
        "class _Unbound(Model): ...\n\n"
        "class Manager(Generic[_M_co]):\n"
        "    @overload\n"
        "    def __get__(self: Manager[_Unbound], instance: None, owner: type[_M]) -> Manager[_M]: ...\n"
        "    @overload\n"
        "    def __get__(self, instance: None, owner: Any) -> Self: ...\n"
        + methods(M="_M_co", Row="_M_co", Same="QuerySet[_M_co]")
    )


def related() -> str:
    return (
        HEAD + "from typing import Any, Self\n\nfrom typing_extensions import TypeVar\n\n"
        "from dorm.models.base import Model\nfrom dorm.queryset.manager import Manager\n\n"
        '_M_co = TypeVar("_M_co", bound=Model, covariant=True)\n\n'
        "class RelatedManager(Manager[_M_co]):\n"
        "    # An instance's attribute, where a plain manager is the class's.\n"
        "    def __get__(self, instance: Any, owner: Any) -> Self: ...  # type: ignore[override]\n"
    )


def render() -> dict[Path, str]:
    """Return the text of every generated stub."""
    return {
        ROOM / "queryset.pyi": queryset(),
        ROOM / "manager.pyi": manager(),
        ROOM / "related.pyi": related(),
    }


def main(argv: list[str]) -> int:
    """Write the stubs, or with `--check` only say which are stale."""
    stale = [path for path, text in render().items() if not path.exists() or path.read_text() != text]
    for path in stale:
        if "--check" in argv:
            print(f"{path} is stale: run python scripts/queryset_stubs.py")
        else:
            path.write_text(render()[path])
    return 1 if stale and "--check" in argv else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
