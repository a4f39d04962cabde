"""`%s` in SQL that a user wrote, as a driver wants it: not in texts, quoted names and comments.

Pure text; stands on the errors alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from .._text import plural
from ..exceptions import ProgrammingError

# What is left alone: texts, names in quotes, comments. Brackets and backticks are quotes to SQLite alone,
# dollar quotes and backslashes in E'' to PostgreSQL alone.
_COMMON: Final = r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/"""
_QUOTED: Final[dict[str, str]] = {
    "sqlite": rf"{_COMMON}|`(?:[^`]|``)*`|\[[^\]]*\]",
    "postgresql": rf"\b[eE]'(?:[^'\\]|''|\\.)*'|{_COMMON}|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$",
}
SEVERAL: Final = "one statement at a time: execute_script() runs several"

# A function's body in standard SQL is not quoted.
_ATOMIC_BODY: Final = r"\bBEGIN\s+ATOMIC\b"

_NAMED: Final = r"%\((?P<name>\w+)\)s"


# Patterns are compiled when they are first needed: many programs write no SQL, and `import dorm` is measured.
@cache
def _tokens(vendor: str) -> re.Pattern[str]:
    quoted = _QUOTED[vendor]
    return re.compile(rf"(?P<quoted>{quoted})|(?P<percent>%%)|(?P<mark>%s)|(?P<question>\?)", re.DOTALL)


def with_placeholders(sql: str, params: Sequence[Any] | None, vendor: str) -> tuple[str, Sequence[Any]]:
    """Return *sql* and its parameters as the driver of *vendor* takes them.

    With parameters, `%s` is a placeholder and `%%` a percent sign; without (None), every character is
    itself. Raises ProgrammingError unless there are as many placeholders as parameters, and for several
    statements where the driver would not refuse them.
    """
    if vendor == "postgresql" and ";" in sql and _is_several(sql):
        raise ProgrammingError(SEVERAL)
    if params is None:
        return (sql.replace("%", "%%") if vendor == "postgresql" else sql), ()
    if isinstance(params, (str, bytes)) or not isinstance(params, Sequence):
        raise TypeError(f"parameters are given as a list or tuple, not as {params!r}")
    text, marks, questions = _translated(sql, vendor)
    # SQLite's own spelling is let through where nothing of ours stands beside it.
    if vendor == "sqlite" and questions and not marks:
        return sql, params
    if marks != len(params):
        hint = "a placeholder is written %s, not ?: " if questions and not marks else ""
        wanted, given = plural(marks, "placeholder"), plural(len(params), "parameter")
        raise ProgrammingError(f"the statement has {wanted} and got {given}: {hint}{sql}")
    return text, params


def pieces(sql: str, vendor: str) -> Iterator[tuple[str, str]]:
    """Yield each piece of *sql* with its kind: "plain", "quoted", "percent", "mark" or "question"."""
    end = 0
    for match in _tokens(vendor).finditer(sql):
        yield "plain", sql[end : match.start()]
        kind = "quoted" if match["quoted"] is not None else match.lastgroup or ""
        yield kind, match[0]
        end = match.end()
    yield "plain", sql[end:]


def with_named(sql: str, params: Mapping[str, Any], vendor: str) -> tuple[str, list[Any]]:
    """Return *sql* with `%s` for each `%(name)s`, and the parameters in the order of the text.

    Raises ProgrammingError for a name that *params* does not have.
    """
    values: list[Any] = []

    def replaced(match: re.Match[str]) -> str:
        if match["name"] not in params:
            given = ", ".join(sorted(params)) or "none"
            raise ProgrammingError(f"the statement names %({match['name']})s; the parameters are: {given}")
        values.append(params[match["name"]])
        return "%s"

    parts = [
        text if kind in ("quoted", "percent") else re.sub(_NAMED, replaced, text)
        for kind, text in pieces(sql, vendor)
    ]
    return "".join(parts), values


@lru_cache(maxsize=512)
def _is_several(sql: str) -> bool:
    """Tell whether a text for PostgreSQL holds more than one statement."""
    depth, is_over = 0, False
    for kind, text in pieces(sql, "postgresql"):
        is_comment = kind == "quoted" and text.startswith(("--", "/*"))
        for character in "" if is_comment else text if kind == "plain" else "x":
            # The body of a rule may hold several, in parentheses.
            depth += {"(": 1, ")": -1}.get(character, 0)
            if is_over and not character.isspace() and character != ";":
                return re.search(_ATOMIC_BODY, sql, re.IGNORECASE) is None
            is_over = is_over or (character == ";" and depth == 0)
    return False


@lru_cache(maxsize=512)
def _translated(sql: str, vendor: str) -> tuple[str, int, int]:
    """Return the driver's text, how many `%s` it has, and how many `?`."""
    found = {"mark": 0, "question": 0}
    double = vendor == "postgresql"

    def replaced(match: re.Match[str]) -> str:
        kind = match.lastgroup
        if match["quoted"] is not None:
            # `%%` is one sign here too: that is how LIKE patterns beside parameters are written.
            quoted = match["quoted"].replace("%%", "%")
            return quoted.replace("%", "%%") if double else quoted
        if kind == "percent":
            return "%%" if double else "%"
        found[kind or ""] += 1
        if kind == "mark":
            return "%s" if double else "?"
        return "?"

    parts: list[str] = []
    end = 0
    for match in _tokens(vendor).finditer(sql):
        plain = sql[end : match.start()]
        parts += [plain.replace("%", "%%") if double else plain, replaced(match)]
        end = match.end()
    rest = sql[end:]
    parts.append(rest.replace("%", "%%") if double else rest)
    return "".join(parts), found["mark"], found["question"]
