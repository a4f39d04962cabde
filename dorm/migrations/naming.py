"""What migrations are called: by what they do, as Django calls them.

Rests on the operations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from .migration import number_of
from .operations.base import Operation

# Django's own limit: longer names are cut at an operation.
LONGEST: Final = 52

FRAGMENTS: Final[dict[str, Callable[[Any], str]]] = {
    "CreateModel": lambda op: op.name,
    "DeleteModel": lambda op: f"delete_{op.name}",
    "RenameModel": lambda op: f"rename_{op.old_name}_{op.new_name}",
    "AlterModelTable": lambda op: f"alter_{op.name}_table",
    "AlterModelTableComment": lambda op: f"alter_{op.name}_table_comment",
    "AlterModelOptions": lambda op: f"alter_{op.name}_options",
    "AlterModelManagers": lambda op: f"alter_{op.name}_managers",
    "AlterUniqueTogether": lambda op: f"alter_{op.name}_unique_together",
    "AddField": lambda op: f"{op.model_name}_{op.name}",
    "RemoveField": lambda op: f"remove_{op.model_name}_{op.name}",
    "AlterField": lambda op: f"alter_{op.model_name}_{op.name}",
    "RenameField": lambda op: f"rename_{op.old_name}_{op.model_name}_{op.new_name}",
    "AddIndex": lambda op: f"{op.model_name}_{op.index.get_name(op.model_name)}",
    "AddIndexConcurrently": lambda op: FRAGMENTS["AddIndex"](op),
    "RemoveIndex": lambda op: f"remove_{op.model_name}_{op.name or op.index.get_name(op.model_name)}",
    "RemoveIndexConcurrently": lambda op: FRAGMENTS["RemoveIndex"](op),
    "RenameIndex": lambda op: f"rename_{op.old_name or '_'.join(op.old_fields)}_{op.new_name}",
    "AddConstraint": lambda op: f"{op.model_name}_{op.constraint.name}",
    "RemoveConstraint": lambda op: f"remove_{op.model_name}_{op.name}",
    "CreateExtension": lambda op: f"create_extension_{op.name}",
}  # fmt: skip


def suggested_name(operations: Sequence[Operation], *, initial: bool = False) -> str:
    """Return a name, without its number, that says what *operations* do; "auto" when they do not say."""
    if initial:
        return "initial"
    told = [FRAGMENTS[kind](one) for one in operations if (kind := type(one).__name__) in FRAGMENTS]
    fragments = [re.sub(r"\W+", "_", fragment).lower() for fragment in told]
    if not fragments or len(fragments) < len(operations):
        return "auto"
    name = fragments[0]
    for fragment in fragments[1:]:
        longer = f"{name}_{fragment}"
        if len(longer) > LONGEST:
            return f"{name}_and_more"
        name = longer
    return name


def numbered(number: int, name: str) -> str:
    """Return the full name of a migration."""
    return f"{number:04}_{name}"


def next_number(names: Iterable[str]) -> int:
    """Return the number after the highest that *names* begin with; 1 when there is none."""
    return max((number_of(name) or 0 for name in names), default=0) + 1


def merged_name(names: Sequence[str]) -> str:
    """Return a name, without its number, for a migration that joins *names*."""
    name = "merge_" + "_".join(sorted(names))
    return name if len(name) <= LONGEST else "merge"
