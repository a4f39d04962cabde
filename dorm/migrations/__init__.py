"""Schema change over time: migrations run from code, and what a file of a migration is made of.

`import dorm` loads none of it, and a name here loads its module when it is first asked for: a file of a
migration needs the operations, and not what makes and runs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .api import amigrate, aplan, makemigrations, migrate, plan
    from .executor import MigrationExecutor
    from .history import Step
    from .migration import Migration
    from .operations import (
        AddConstraint,
        AddField,
        AddIndex,
        AlterField,
        AlterModelManagers,
        AlterModelOptions,
        AlterModelTable,
        AlterModelTableComment,
        AlterUniqueTogether,
        CreateModel,
        DeleteModel,
        RemoveConstraint,
        RemoveField,
        RemoveIndex,
        RenameField,
        RenameIndex,
        RenameModel,
        RunPython,
        RunSQL,
        SeparateDatabaseAndState,
    )
    from .recorder import MigrationRecorder
    from .run import Progress

__all__ = [
    "AddConstraint",
    "AddField",
    "AddIndex",
    "AlterField",
    "AlterModelManagers",
    "AlterModelOptions",
    "AlterModelTable",
    "AlterModelTableComment",
    "AlterUniqueTogether",
    "CreateModel",
    "DeleteModel",
    "Migration",
    "MigrationExecutor",
    "MigrationRecorder",
    "Progress",
    "RemoveConstraint",
    "RemoveField",
    "RemoveIndex",
    "RenameField",
    "RenameIndex",
    "RenameModel",
    "RunPython",
    "RunSQL",
    "SeparateDatabaseAndState",
    "Step",
    "amigrate",
    "aplan",
    "makemigrations",
    "migrate",
    "plan",
]

# The module of each name that is not an operation.
_PLACES: Final = {
    "Migration": "migration",
    "MigrationExecutor": "executor",
    "MigrationRecorder": "recorder",
    "Progress": "run",
    "Step": "history",
    "amigrate": "api",
    "aplan": "api",
    "makemigrations": "api",
    "migrate": "api",
    "plan": "api",
}


def __getattr__(name: str) -> Any:
    """Load the module of a public name when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f".{_PLACES.get(name, 'operations')}", __name__), name)
    return found
