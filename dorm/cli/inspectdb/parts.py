"""What is said beside a field, and what in Meta: indexes and constraints, sorted by what makes them again.

Stands on the facts alone.
"""

from __future__ import annotations

import re

from dorm.db.introspection import ConstraintFacts, IndexFacts
from dorm.indexes import shortened

from .names import unique
from .reading import TableFacts


class Parts:
    """Columns that are unique, indexed or positive by themselves, and what Meta has to say."""

    def __init__(self, table: TableFacts, fields: dict[str, str]) -> None:
        self.fields = fields
        self.positive: set[str] = set()
        self.unique: set[str] = set()
        self.indexed: set[str] = set()
        self.together: list[tuple[str, ...]] = []
        self.indexes: list[IndexFacts] = []
        self.constraints: list[ConstraintFacts] = []
        for index in table.indexes:
            self._place_index(table, index)
        for one in table.constraints:
            self._place_constraint(table, one)

    def field(self, column: str) -> str:
        """Return the name of a column's field."""
        return self.fields[column]

    def _place_index(self, table: TableFacts, index: IndexFacts) -> None:
        if index.origin != "index" or not index.name.isidentifier():
            return
        columns = [column for column in index.columns if column is not None]
        automatic = shortened(f"idx_{table.name}_{columns[0]}") if len(columns) == 1 else None
        is_plain = index.condition is None and not index.include and not any(index.descending)
        is_plain = is_plain and index.method == "btree" and not index.unique and None not in index.columns
        if is_plain and index.name == automatic and not any(index.opclasses):
            self.indexed.add(columns[0])
        elif all(column in self.fields for column in (*columns, *index.include)):
            self.indexes.append(index)

    def _place_constraint(self, table: TableFacts, one: ConstraintFacts) -> None:
        if not all(column in self.fields for column in one.columns):
            return
        names = {f"{table.name}_{'_'.join(one.columns)}_{end}" for end in ("key", "check")}
        is_unnamed = one.name is None or one.name in names
        if one.kind == "unique" and is_unnamed and one.deferrable is None:
            if len(one.columns) == 1:
                self.unique.add(one.columns[0])
            else:
                self.together.append(tuple(self.fields[column] for column in one.columns))
        elif one.kind == "unique":
            self.constraints.append(one)
        elif one.kind == "check" and is_unnamed and _is_positive(one):
            self.positive.add(one.columns[0])
        elif one.kind == "check":
            name = one.name or unique(
                shortened(f"{table.name}_{'_'.join(one.columns) or 'row'}_check"), self._names()
            )
            self.constraints.append(
                ConstraintFacts(name, "check", one.columns, one.expression, one.deferrable)
            )

    def _names(self) -> set[str]:
        return {str(one.name) for one in self.constraints}


def _is_positive(one: ConstraintFacts) -> bool:
    plain = re.sub(r'["()]', "", one.expression or "").strip().lower()
    return len(one.columns) == 1 and plain == f"{one.columns[0].lower()} >= 0"
