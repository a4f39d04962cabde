"""Read what the lines of a folder's modules say of themselves: `# R: <type>` and `# E: <error>`.

Stands on the standard library alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

COMMENT = re.compile(r"# ([RE]):(.*?)(?=# [RE]:|$)")


class Said(NamedTuple):
    """One thing that a checker says of a line, or should: R a revealed type, E an error."""

    kind: str
    text: str


Lines = dict[tuple[str, int], list[Said]]


def expected(folder: Path) -> Lines:
    """Return what the comments below *folder* ask for, by file (relative) and line."""
    out: Lines = defaultdict(list)
    for path in sorted(folder.rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for kind, text in COMMENT.findall(line):
                out[path.relative_to(folder).as_posix(), number].append(Said(kind, text.strip()))
    return out


def differences(wanted: Lines, got: Lines) -> list[str]:
    """Return a line for each place where *got* is not what is *wanted*, in the order of the files."""
    out = []
    for place in sorted(wanted.keys() | got.keys()):
        left = list(got.get(place, []))
        where = f"{place[0]}:{place[1]}"
        for want in wanted.get(place, []):
            match = next((said for said in left if fits(want, said)), None)
            if match is None:
                out.append(f"{where}: wanted {want.kind} {want.text}")
            else:
                left.remove(match)
                # Several errors of one checker may answer one comment without a text.
                if want.kind == "E" and not want.text:
                    left = [said for said in left if said.kind != "E"]
        out += [f"{where}: got    {said.kind} {said.text}" for said in left]
    return out


def fits(want: Said, said: Said) -> bool:
    """Return whether *said* is what is wanted: the same type, or an error of that code with that text."""
    if want.kind != said.kind:
        return False
    if want.kind == "R":
        return bare(want.text) == bare(said.text)
    code, _, text = want.text.partition(" ")
    said_code, _, said_text = said.text.partition(" ")
    return not code or (code == said_code and text in said_text)


def bare(typ: str) -> str:
    """Return a type as all checkers print it: no modules before names, no marks, unions in one order."""
    typ = re.sub(r"\b(?:\w+\.)+(?=\w)", "", typ.strip(' `"')).replace("?", "").replace("*", "")
    return ordered(typ)


def ordered(typ: str) -> str:
    """Return a type with the members of its unions in order, those inside brackets included."""
    parts = []
    for part in split(typ, "|"):
        head, bracket, rest = part.strip().partition("[")
        if bracket and rest.endswith("]"):
            inner = ", ".join(ordered(one) for one in split(rest[:-1], ","))
            parts.append(f"{head}[{inner}]")
        else:
            parts.append(part.strip())
    return " | ".join(sorted(parts))


def split(typ: str, mark: str) -> list[str]:
    """Return the parts of a type between *mark*s, brackets respected."""
    parts, depth, start = [], 0, 0
    for index, letter in enumerate(typ):
        depth += (letter in "[({") - (letter in "])}")
        if letter == mark and depth == 0:
            parts.append(typ[start:index])
            start = index + 1
    return [*parts, typ[start:]]
