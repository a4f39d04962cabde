"""The names of lookups that a project registers, as its files say: `lookup_name = "ne"`.

Rests on the texts alone: no file is parsed that does not hold the word.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .index import MOST_FOLDERS, is_searched

NAME: Final = re.compile(rb"""^\s+lookup_name\s*(?::[^=\n]+)?=\s*["'](\w+)["']""", re.MULTILINE)


def lookup_names(root: Path) -> Iterator[str]:
    """Yield the name of each lookup and transform that a file below *root* defines."""
    for count, (folder, folders, files) in enumerate(os.walk(root)):
        if count > MOST_FOLDERS:
            return
        folders[:] = [one for one in folders if is_searched(Path(folder, one))]
        for file in files:
            if file.endswith(".py"):
                yield from names_in(_text(os.path.join(folder, file)))


def _text(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def names_in(text: bytes) -> list[str]:
    """Return the name of each lookup and transform that the text of a module defines."""
    return [found.decode() for found in NAME.findall(text)] if b"lookup_name" in text else []
