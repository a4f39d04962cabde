"""Python source as a tree of pieces, laid out in lines as a formatter would.

Stands on the standard library alone. What fits on a line stays on it; else each part has a line of its own
and a comma behind it, so that `ruff format` and `black` leave a written file as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from .._record import Record

# The formatters' own default: what fits here fits wherever the limit is larger.
WIDTH: Final = 88
INDENT: Final = 4


class Group(Record):
    """Items between two brackets."""

    open: str
    items: tuple[Piece, ...]
    close: str
    is_tuple: bool = False


class Prefixed(Record):
    """A piece behind a text: `name=value`, `"key": value`, `~value`."""

    prefix: str
    piece: Piece


class Suffixed(Record):
    """A piece before a text: `value.desc()`."""

    piece: Piece
    suffix: str


class Joined(Record):
    """Operands with one operator between them."""

    operator: str
    operands: tuple[Piece, ...]


Piece: TypeAlias = str | Group | Prefixed | Suffixed | Joined


def call(name: str, args: Sequence[Piece] = (), kwargs: Sequence[tuple[str, Piece]] = ()) -> Group:
    """Return the call of *name*."""
    named = [Prefixed(f"{keyword}=", piece) for keyword, piece in kwargs]
    return Group(f"{name}(", (*args, *named), ")")


def in_parentheses(piece: Piece) -> Group:
    """Return *piece* in parentheses of its own."""
    return Group("(", (piece,), ")")


def flat(piece: Piece) -> str:
    """Return *piece* on one line."""
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Prefixed):
        return piece.prefix + flat(piece.piece)
    if isinstance(piece, Suffixed):
        return flat(piece.piece) + piece.suffix
    if isinstance(piece, Joined):
        return f" {piece.operator} ".join(map(flat, piece.operands))
    comma = "," if piece.is_tuple and len(piece.items) == 1 else ""
    return f"{piece.open}{', '.join(map(flat, piece.items))}{comma}{piece.close}"


def laid_out(piece: Piece, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """Return *piece* in lines.

    It begins at the column *before*, in a line with that *indent*, and *after* columns follow its last line.
    """
    line = flat(piece)
    if before + width(line) + after <= WIDTH or isinstance(piece, str):
        return line
    if isinstance(piece, Prefixed):
        inner = laid_out(piece.piece, indent, before + width(piece.prefix), after)
        return piece.prefix + inner
    if isinstance(piece, Suffixed):
        return laid_out(piece.piece, indent, before, after + width(piece.suffix)) + piece.suffix
    if isinstance(piece, Joined):
        lead = f"\n{' ' * indent}{piece.operator} "
        start = indent + len(piece.operator) + 1
        first, *rest = piece.operands
        parts = [laid_out(first, indent, before), *(laid_out(one, indent, start, after) for one in rest)]
        return lead.join(parts)
    if not piece.items:
        return line
    return exploded(piece, indent)


def exploded(piece: Group, indent: int = 0) -> str:
    """Return *piece* with a line for each item."""
    inner = indent + INDENT
    # Parentheses around a single operand are no tuple.
    comma = "" if piece.open == "(" and not piece.is_tuple else ","
    lines = [f"{' ' * inner}{laid_out(item, inner, inner, len(comma))}{comma}\n" for item in piece.items]
    return f"{piece.open}\n{''.join(lines)}{' ' * indent}{piece.close}"


def width(text: str) -> int:
    """Return how many columns *text* takes: a wide letter takes two."""
    if text.isascii():
        return len(text)
    # Few files have such letters.
    from unicodedata import combining, east_asian_width

    wide = sum(1 for letter in text if east_asian_width(letter) in "WF")
    return len(text) + wide - sum(1 for letter in text if combining(letter))


def quoted(text: str | bytes) -> str:
    """Return *text* as a literal: in double quotes, unless single ones need fewer escapes."""
    letters = text if isinstance(text, str) else text.decode("latin-1")
    quote = "'" if letters.count('"') > letters.count("'") else '"'
    parts = []
    for part in re.split("(['\"])", letters):
        if part in ("'", '"'):
            parts.append(f"\\{part}" if part == quote else part)
        else:
            parts.append(repr(part)[1:-1] if isinstance(text, str) else repr(part.encode("latin-1"))[2:-1])
    return f"{'' if isinstance(text, str) else 'b'}{quote}{''.join(parts)}{quote}"
