"""How a value passes between Python and a driver: an expression for generated code.

Rests on nothing; a dialect keeps a table of these, and `query/` writes them into its loops, so that no
function is called for a column that needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._record import Record


class Codec(Record):
    """A Python expression with `{}` where the value stands, and the names that it uses."""

    template: str
    names: Mapping[str, Any]

    def apply(self, value: str, names: dict[str, Any], *, nullable: bool) -> str:
        """Return the code that converts *value*, adding what it uses to *names*."""
        names.update(self.names)
        code = self.template.format(value)
        return f"(None if {value} is None else {code})" if nullable else code
