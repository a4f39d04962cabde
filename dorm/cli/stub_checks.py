"""Whether the stubs that `dorm typegen` wrote are as they should be, for `dorm check`.

Rests on the generator; a project without stubs is not asked for any.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dorm._text import plural
from dorm.checks import Message

from .typegen import FOLDER, source_roots


def check_stubs(folder: Path) -> Iterator[Message]:
    """Yield a warning if the stubs in *folder* are stale, or cannot be made again."""
    out = folder / FOLDER
    if not out.is_dir():
        return
    # Imported here: most projects have no stubs.
    from dorm.typegen.generate import Generator, TypegenError
    from dorm.typegen.write import compare, contents, ours

    if next(ours(out), None) is None:
        return
    try:
        changes = compare(out, contents(Generator(source_roots(folder), out).stubs()), remove=True)
    except TypegenError as error:
        yield Message("typegen.W002", "warning", f"The stubs cannot be made again: {error}.", "", FOLDER)
        return
    stale = len(changes.written) + len(changes.removed)
    if stale:
        said = f"{plural(stale, 'file')} not as the models and the calls are."
        yield Message("typegen.W001", "warning", said, "Run dorm typegen.", FOLDER)
