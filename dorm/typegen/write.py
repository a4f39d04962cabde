"""Put stubs into their folder, or tell how it differs from what it should hold.

Rests on generated texts. A file is replaced whole or not at all, and never one that another hand has written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Final

from .._record import Record
from .generate import Stub, TypegenError

MARK: Final = "# Written by `dorm typegen`"

# What tells checkers that modules without a stub are to be read from the source.
PARTIAL: Final = "partial\n"


class Changes(Record):
    """The files that were, or would be, written and removed; *kept* is the number of those that are right."""

    written: tuple[Path, ...]
    removed: tuple[Path, ...]
    kept: int


def contents(stubs: Iterable[Stub]) -> dict[Path, str]:
    """Return what the folder of stubs should hold, by the files' places in it."""
    found: dict[Path, str] = {}
    for stub in stubs:
        found[stub.path] = f"{MARK}: change the models instead. {stub.digest}\n{stub.text}"
        if len(stub.path.parts) > 1:
            found[Path(stub.path.parts[0], "py.typed")] = PARTIAL
    return found


def write(out: Path, wanted: dict[Path, str], *, remove: bool) -> Changes:
    """Write what has changed; with *remove*, take away our own stubs that are not wanted any more.

    Raises TypegenError, before anything is written, for a file that is not ours.
    """
    changes = compare(out, wanted, remove=remove)
    for path in changes.written:
        _replace(out / path, wanted[path])
    for path in changes.removed:
        (out / path).unlink(missing_ok=True)
        _remove_empty(out / path.parts[0])
    return changes


def compare(out: Path, wanted: dict[Path, str], *, remove: bool) -> Changes:
    """Return what `write()` would do."""
    stale = [path for path in wanted if _text(out / path) != wanted[path]]
    for path in stale:
        _check_ours(out / path)
    gone = [path for path in ours(out) if path not in wanted] if remove else []
    return Changes(tuple(stale), tuple(gone), len(wanted) - len(stale))


def differences(out: Path, wanted: dict[Path, str], changes: Changes, lines: int = 20) -> Iterator[str]:
    """Yield a short diff of what is stale, *lines* for each file at most."""
    for path in (*changes.written, *changes.removed):
        old = (_text(out / path) or "").splitlines()
        new = wanted.get(path, "").splitlines()
        diff = list(unified_diff(old, new, f"{path} (now)", f"{path} (as it should be)", lineterm="", n=0))
        yield from diff[:lines]
        if len(diff) > lines:
            yield f"... {len(diff) - lines} more lines"


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _check_ours(path: Path) -> None:
    if path.name == "py.typed":
        text = _text(path)
        if text is not None and text.strip() != PARTIAL.strip():
            raise TypegenError(
                f"{path} does not say 'partial', so it is not ours: name another folder with --out"
            )
        return
    if path.exists() and not (_text(path) or "").startswith(MARK):
        raise TypegenError(
            f"{path} was not written by dorm typegen: move it away, or name another folder with --out"
        )


def ours(out: Path) -> Iterator[Path]:
    """Yield the stubs in a folder that were written here."""
    for folder, _, files in os.walk(out):
        for file in sorted(files):
            path = Path(folder, file)
            if file.endswith(".pyi") and (_text(path) or "").startswith(MARK):
                yield path.relative_to(out)


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _remove_empty(folder: Path) -> None:
    """Remove a package of stubs that has none left."""
    if folder.is_dir() and not any(folder.rglob("*.pyi")):
        (folder / "py.typed").unlink(missing_ok=True)
        for inner, _, _ in os.walk(folder, topdown=False):
            if not os.listdir(inner):
                os.rmdir(inner)
