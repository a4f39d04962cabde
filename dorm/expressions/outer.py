"""What OuterRef becomes: a name that the query around a subquery will place.

Rests on the SQL tree.
"""

from __future__ import annotations

from ..sql.nodes import Node


class Outer(Node):
    """The value that *name* has in the query *levels* further out."""

    name: str
    levels: int
