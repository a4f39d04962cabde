"""Functions of texts.

Rests on Function. Case and length are Unicode's, on both databases.
"""

from __future__ import annotations

from typing import Any

from ..sql.nodes import Cast, Node
from ..sql.nodes import Concat as ConcatNode
from ..sql.types import INTEGER, TEXT, ColumnType
from .base import TEXTS, Resolved
from .functions import Function, Several
from .references import Value


class TextFunction(Function[str]):
    """A function from a text to a text."""

    __slots__ = ()
    takes = TEXTS
    gives = TEXT

    def __init__(self, expression: Any) -> None:
        super().__init__(expression)


class Upper(TextFunction):
    """The text in capitals."""

    __slots__ = ()
    function = "UPPER"


class Lower(TextFunction):
    """The text without capitals."""

    __slots__ = ()
    function = "LOWER"


class Trim(TextFunction):
    """The text without the spaces around it."""

    __slots__ = ()
    function = "TRIM"


class LTrim(TextFunction):
    """The text without the spaces before it."""

    __slots__ = ()
    function = "LTRIM"


class RTrim(TextFunction):
    """The text without the spaces behind it."""

    __slots__ = ()
    function = "RTRIM"


class Reverse(TextFunction):
    """The text backwards."""

    __slots__ = ()
    function = "REVERSE"


class MD5(TextFunction):
    """The hash of the text in UTF-8, as hexadecimal digits."""

    __slots__ = ()
    function = "MD5"


class SHA1(TextFunction):
    """The hash of the text in UTF-8, as hexadecimal digits; PostgreSQL needs its extension pgcrypto."""

    __slots__ = ()
    function = "SHA1"


class SHA224(TextFunction):
    """The hash of the text in UTF-8, as hexadecimal digits."""

    __slots__ = ()
    function = "SHA224"


class SHA256(TextFunction):
    """The hash of the text in UTF-8, as hexadecimal digits."""

    __slots__ = ()
    function = "SHA256"


class SHA384(TextFunction):
    """The hash of the text in UTF-8, as hexadecimal digits."""

    __slots__ = ()
    function = "SHA384"


class SHA512(TextFunction):
    """The hash of the text in UTF-8, as hexadecimal digits."""

    __slots__ = ()
    function = "SHA512"


class Length(Function[int]):
    """The number of characters, or of bytes."""

    __slots__ = ()
    function = "LENGTH"
    takes = TEXTS | {"binary"}
    gives = INTEGER

    def __init__(self, expression: Any) -> None:
        super().__init__(expression)


class Ord(Function[int]):
    """The code of the first character, 0 for an empty text."""

    __slots__ = ()
    function = "ORD"
    takes = TEXTS
    gives = INTEGER

    def __init__(self, expression: Any) -> None:
        super().__init__(expression)


class Chr(Function[str]):
    """The character of a code."""

    __slots__ = ()
    function = "CHR"
    gives = TEXT

    def __init__(self, expression: Any) -> None:
        super().__init__(expression)


class Concat(Several[str]):
    """Texts one after another; NULL is an empty one, and what is no text is made one."""

    __slots__ = ()
    function = "CONCAT"
    gives = TEXT

    def __init__(self, *expressions: Any) -> None:
        super().__init__(*expressions)

    def node(self, parts: list[Resolved], type: ColumnType) -> Node:
        return ConcatNode(tuple(_as_text(part) for part in parts))


def _as_text(part: Resolved) -> Node:
    return part.node if part.type.name in TEXTS else Cast(part.node, part.type, TEXT)


class Substr(TextFunction):
    """*length* characters from the one at *pos*, which counts from 1; without a length, all that follow."""

    __slots__ = ()
    function = "SUBSTR"

    def __init__(self, expression: Any, pos: Any, length: Any = None) -> None:
        if isinstance(pos, int) and pos < 1:
            raise ValueError(f"'pos' counts from 1, so it cannot be {pos}")
        _not_negative(length, "length")
        Function.__init__(self, expression, pos, *(() if length is None else (length,)))


class Left(TextFunction):
    """The first *length* characters."""

    __slots__ = ()
    function = "LEFT"

    def __init__(self, expression: Any, length: Any) -> None:
        _positive(length, "length")
        Function.__init__(self, expression, length)


class Right(TextFunction):
    """The last *length* characters."""

    __slots__ = ()
    function = "RIGHT"

    def __init__(self, expression: Any, length: Any) -> None:
        _positive(length, "length")
        Function.__init__(self, expression, length)


class Padded(TextFunction):
    """A text filled up to *length* characters with *fill_text*, and cut there."""

    __slots__ = ()

    def __init__(self, expression: Any, length: Any, fill_text: Any = None) -> None:
        _not_negative(length, "length")
        Function.__init__(self, expression, length, Value(" ") if fill_text is None else fill_text)


class LPad(Padded):
    """The text, filled up at its beginning."""

    __slots__ = ()
    function = "LPAD"


class RPad(Padded):
    """The text, filled up at its end."""

    __slots__ = ()
    function = "RPAD"


class Replace(TextFunction):
    """The text with *replacement* for each *text* in it; without one, with nothing."""

    __slots__ = ()
    function = "REPLACE"

    def __init__(self, expression: Any, text: Any, replacement: Any = None) -> None:
        Function.__init__(self, expression, text, Value("") if replacement is None else replacement)


class Repeat(TextFunction):
    """The text *number* times."""

    __slots__ = ()
    function = "REPEAT"

    def __init__(self, expression: Any, number: Any) -> None:
        _not_negative(number, "number")
        Function.__init__(self, expression, number)


class StrIndex(Function[int]):
    """The place of *substring* in the text, counted from 1; 0 when it is not there."""

    __slots__ = ()
    function = "STRPOS"
    takes = TEXTS
    gives = INTEGER

    def __init__(self, expression: Any, substring: Any) -> None:
        super().__init__(expression, substring)


def _positive(number: Any, name: str) -> None:
    if isinstance(number, int) and number < 1:
        raise ValueError(f"{name!r} must be greater than 0, not {number}")


def _not_negative(number: Any, name: str) -> None:
    if isinstance(number, int) and number < 0:
        raise ValueError(f"{name!r} cannot be negative, as {number} is")
