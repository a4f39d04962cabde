"""Change rows by a query, without loading them.

Rests on compiled statements and the executor; sends no signals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..db.executor import Executor
from ..query.compiled import compile_update
from ..query.query import Query


async def update(db: Executor, query: Query, values: Mapping[str, Any]) -> int:
    """Set *values* in the rows of *query*, a slice respected; return how many rows there were."""
    changed, assignments = query.assigning(values)
    if query.shape.empty or not assignments:
        return 0
    compiled = compile_update(changed.shape, assignments, db.dialect)
    return await db.execute(compiled.sql, compiled.bind(changed.params))
