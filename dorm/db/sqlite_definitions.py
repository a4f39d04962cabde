"""Read the CREATE statements that SQLite keeps: it has no table of constraints, only their text.

Stands on nothing. Understands what SQLite accepted, so it looks for no mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from .._record import Record

Kind: TypeAlias = Literal["primary", "unique", "check", "foreign", "generated", "collation"]

_TOKEN: Final = re.compile(
    r"""\s+ | --[^\n]* | /\*.*?\*/
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\])
    | (?P<word>[^\W\d][\w$]*)
    | (?P<mark>[\d.]+(?:[eE][+-]?\d+)? | \S)""",
    re.VERBOSE | re.DOTALL,
)
_TABLE_CLAUSES: Final = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")
_ORDER: Final = frozenset({"ASC", "DESC", "NULLS", "FIRST", "LAST"})
_KINDS: Final[dict[str, Kind]] = {
    "PRIMARY": "primary",
    "UNIQUE": "unique",
    "CHECK": "check",
    "FOREIGN": "foreign",
    "REFERENCES": "foreign",
    "AS": "generated",
    "COLLATE": "collation",
}


class Clause(Record):
    """One constraint of a table, or property of one column; *text* is what stands in its parentheses."""

    kind: Kind
    name: str | None
    columns: tuple[str, ...]
    text: str
    deferrable: Literal["deferred", "immediate"] | None = None
    is_numbered: bool = False


class _Token(Record):
    """A word in capitals, a name without its quotes, or a mark; where it stands, and inside how many ()."""

    text: str
    is_word: bool
    start: int
    end: int
    depth: int


def clauses(sql: str) -> list[Clause]:
    """Return what a CREATE TABLE says beside names and types; `[]` for a table that is made otherwise."""
    tokens = list(_tokens(sql))
    # The first ( of a virtual table holds the arguments of its module.
    if any(token.text == "VIRTUAL" and token.is_word for token in tokens[:3]):
        return []
    return [clause for item in _items(tokens) for clause in _clauses_of(sql, item)]


def condition(sql: str) -> str | None:
    """Return what stands after WHERE in a CREATE INDEX, or None."""
    for token in _tokens(sql):
        if token.is_word and token.text == "WHERE" and token.depth == 0:
            return sql[token.end :].strip()
    return None


def index_terms(sql: str) -> list[tuple[str, str]]:
    """Return the terms of a CREATE INDEX of either database, each with its operator class or ""."""
    tokens = list(_tokens(sql))
    opened = next((at for at, token in enumerate(tokens) if token.text == "(" and token.depth == 0), None)
    if opened is None:
        return []
    terms: list[list[_Token]] = [[]]
    for token in tokens[opened + 1 :]:
        if token.depth == 0:
            break
        if token.depth == 1 and token.text == ",":
            terms.append([])
        else:
            terms[-1].append(token)
    return [_term(sql, term) for term in terms]


def _term(sql: str, tokens: list[_Token]) -> tuple[str, str]:
    """Return what is indexed, without () around it, and the operator class after it."""
    end = next((at for at, token in enumerate(tokens) if _ends_term(token, at)), len(tokens))
    after = [token.text for token in tokens[end:]]
    if after and after[0].upper() == "COLLATE":
        after = after[2:]
    text = sql[tokens[0].start : tokens[end - 1].end]
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return text, "".join(word for word in after if word.upper() not in _ORDER)


def _ends_term(token: _Token, at: int) -> bool:
    # After a column, a function's arguments or an expression in () stand its class and its order.
    return at > 0 and token.depth == 1 and token.is_word


def _tokens(sql: str) -> Iterator[_Token]:
    depth = 0
    for found in _TOKEN.finditer(sql):
        if found.lastgroup is None:
            continue
        text = found[0]
        depth -= text == ")"
        is_word = found.lastgroup == "word"
        yield _Token(_plain(text, found.lastgroup), is_word, found.start(), found.end(), depth)
        depth += text == "("


def _plain(text: str, group: str) -> str:
    if group == "name":
        end = "]" if text[0] == "[" else text[0]
        return text[1:-1].replace(end * 2, end)
    return text


def _items(tokens: list[_Token]) -> Iterator[list[_Token]]:
    """Yield the columns and constraints of a table: what stands between the commas of its outer ()."""
    item: list[_Token] = []
    for token in tokens:
        if token.depth == 0:
            if item and token.text == ")":
                yield item
                return
        elif token.depth == 1 and token.text == ",":
            yield item
            item = []
        else:
            item.append(token)


def _clauses_of(sql: str, item: list[_Token]) -> Iterator[Clause]:
    first = item[0]
    is_column = not (first.is_word and first.text.upper() in _TABLE_CLAUSES)
    column = (first.text,) if is_column else ()
    words = [(at, token.text.upper()) for at, token in enumerate(item) if token.is_word and token.depth == 1]
    starts = {at: word for at, word in words if at >= is_column and _begins(word, is_column, item, at)}
    # A name stands right before what it names.
    names = {at + 2: item[at + 1].text for at, word in words if word == "CONSTRAINT"}
    for at, word in starts.items():
        end = next((other for other in starts if other > at), len(item))
        rest = item[at + 1 : end]
        columns = column or _names(rest)
        yield Clause(
            _KINDS[word], names.get(at), columns, _inside(sql, rest), _deferrable(rest), _is_numbered(rest)
        )


def _begins(word: str, is_column: bool, item: list[_Token], at: int) -> bool:
    if word == "REFERENCES" and not is_column:
        return False
    # A type or a name may be a word like these; none of them is followed by what a clause needs.
    following = item[at + 1].text.upper() if at + 1 < len(item) else ""
    if word in ("CHECK", "AS"):
        return following == "("
    if word in ("PRIMARY", "FOREIGN"):
        return following == "KEY"
    return word in _KINDS


def _inside(sql: str, tokens: list[_Token]) -> str:
    """Return what stands in the first (), or the one word of a collation."""
    opened = next((token for token in tokens if token.text == "(" and token.depth == 1), None)
    if opened is None:
        return tokens[0].text if tokens else ""
    closed = next(
        token for token in tokens if token.text == ")" and token.depth == 1 and token.start > opened.start
    )
    return sql[opened.end : closed.start].strip()


def _names(tokens: list[_Token]) -> tuple[str, ...]:
    """Return the names in the first (): of a constraint of the whole table."""
    inner: list[_Token] = []
    for token in tokens:
        if token.depth == 1 and token.text == ")":
            break
        if token.depth == 2:
            inner.append(token)
    parts: list[list[_Token]] = [[]]
    for token in inner:
        if token.text == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return tuple(part[0].text for part in parts if part)


def _deferrable(tokens: list[_Token]) -> Literal["deferred", "immediate"] | None:
    words = [token.text.upper() for token in tokens if token.is_word]
    if "DEFERRABLE" not in words or words[words.index("DEFERRABLE") - 1] == "NOT":
        return None
    return "deferred" if "DEFERRED" in words else "immediate"


def _is_numbered(tokens: list[_Token]) -> bool:
    return any(token.is_word and token.text.upper() == "AUTOINCREMENT" for token in tokens)
