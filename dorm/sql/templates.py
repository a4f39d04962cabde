"""How functions are written: what both databases say alike, and how a template is read.

Pure text. A dialect's own table stands on this one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_PLACE: Final = re.compile(r"\{(\*|\w+)\}")

# `{0}` is the first argument, `{*}` all of them, `{type}` the type of the value. "NAME/2" is for two
# arguments; a function that is not here is written as NAME(arguments).
CALLS: Final[dict[str, str]] = {
    "CURRENT_DATE": "CURRENT_DATE",
}


@cache
def pieces_of(template: str) -> tuple[tuple[str, str], ...]:
    """Return the texts of *template*, each with the place that follows it; "" after the last."""
    parts = [*_PLACE.split(template), ""]
    return tuple(zip(parts[::2], parts[1::2]))
