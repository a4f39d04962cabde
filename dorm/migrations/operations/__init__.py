"""Every operation that a migration can have."""

from __future__ import annotations

from .base import IrreversibleError, Operation
from .fields import AddField, AlterField, RemoveField, RenameField
from .indexes import (
    AddConstraint,
    AddIndex,
    AddIndexConcurrently,
    RemoveConstraint,
    RemoveIndex,
    RemoveIndexConcurrently,
    RenameIndex,
)
from .models import (
    AlterModelManagers,
    AlterModelOptions,
    AlterModelTable,
    AlterModelTableComment,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RenameModel,
)
from .special import (
    BloomExtension,
    BtreeGinExtension,
    BtreeGistExtension,
    CITextExtension,
    CreateExtension,
    CryptoExtension,
    HStoreExtension,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
    TrigramExtension,
    UnaccentExtension,
)

__all__ = [
    "AddConstraint",
    "AddField",
    "AddIndex",
    "AddIndexConcurrently",
    "AlterField",
    "AlterModelManagers",
    "AlterModelOptions",
    "AlterModelTable",
    "AlterModelTableComment",
    "AlterUniqueTogether",
    "BloomExtension",
    "BtreeGinExtension",
    "BtreeGistExtension",
    "CITextExtension",
    "CreateExtension",
    "CreateModel",
    "CryptoExtension",
    "DeleteModel",
    "HStoreExtension",
    "IrreversibleError",
    "Operation",
    "RemoveConstraint",
    "RemoveField",
    "RemoveIndex",
    "RemoveIndexConcurrently",
    "RenameField",
    "RenameIndex",
    "RenameModel",
    "RunPython",
    "RunSQL",
    "SeparateDatabaseAndState",
    "TrigramExtension",
    "UnaccentExtension",
]
