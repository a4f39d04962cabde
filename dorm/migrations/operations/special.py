"""Operations that are written by hand: SQL, Python, and steps of the state and the database apart.

Rests on the editor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final

from ..editor import SchemaEditor
from ..running import call_function
from ..state import ProjectState
from .base import Operation, irreversible

# One text of one statement or several, or a list of statements, each a text or a pair of text and parameters.
SQL = str | Sequence[Any]


class RunSQL(Operation):
    """Run SQL: a text of one statement or several, or a list of statements, each with parameters or without.

    `RunSQL(["DELETE FROM a", ("UPDATE b SET c = %s", [1])])`. What it does to models is said by
    *state_operations*.
    """

    argument_names = ("sql", "reverse_sql", "state_operations", "hints", "elidable")
    optional: ClassVar[dict[str, Any]] = {
        "reverse_sql": None, "state_operations": (), "hints": None, "elidable": False,
    }  # fmt: skip
    noop: Final = ""

    def __init__(
        self,
        sql: SQL,
        reverse_sql: SQL | None = None,
        state_operations: Sequence[Operation] = (),
        hints: Mapping[str, Any] | None = None,
        elidable: bool = False,
    ) -> None:
        self.sql = sql
        self.reverse_sql = reverse_sql
        self.state_operations = list(state_operations)
        self.hints = dict(hints or {})
        self.elidable = elidable

    @property
    def reversible(self) -> bool:  # type: ignore[override]  # depends on what was given
        return self.reverse_sql is not None

    def describe(self) -> str:
        return "Run SQL"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        for operation in self.state_operations:
            operation.state_forwards(label, state)

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        await self._run_all(editor, self.sql)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if self.reverse_sql is None:
            raise irreversible(self)
        await self._run_all(editor, self.reverse_sql)

    async def _run_all(self, editor: SchemaEditor, sql: SQL) -> None:
        if isinstance(sql, str):
            await editor.script(sql)
        else:
            for statement in sql:
                text, params = (statement, None) if isinstance(statement, str) else statement
                if text.strip():
                    await editor.run(text, params)
        await editor.settle()


class RunPython(Operation):
    """Call a function, which may be a coroutine function, with the models as they are at this point.

    It takes `(app_label, registry)`, where `registry["Author"]` is a model, or Django's
    `(apps, schema_editor)`: the names of its parameters tell which.
    """

    argument_names = ("code", "reverse_code", "atomic", "hints", "elidable")
    optional: ClassVar[dict[str, Any]] = {
        "reverse_code": None, "atomic": None, "hints": None, "elidable": False,
    }  # fmt: skip

    def __init__(
        self,
        code: Callable[..., Any],
        reverse_code: Callable[..., Any] | None = None,
        atomic: bool | None = None,
        hints: Mapping[str, Any] | None = None,
        elidable: bool = False,
    ) -> None:
        for name, given in (("code", code), ("reverse_code", reverse_code)):
            if given is not None and not callable(given):
                raise TypeError(f"RunPython({name}=...) takes a function, not {given!r}")
        self.code = code
        self.reverse_code = reverse_code
        self.atomic = atomic  # type: ignore[assignment]  # None: as its migration is
        self.hints = dict(hints or {})
        self.elidable = elidable

    @staticmethod
    def noop(app_label: str, registry: Any) -> None:
        """Do nothing: for one of two directions."""

    @property
    def reversible(self) -> bool:  # type: ignore[override]  # depends on what was given
        return self.reverse_code is not None

    def describe(self) -> str:
        return "Run Python"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        """Leave the state alone."""

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        await self._call(self.code, label, editor, from_state)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if self.reverse_code is None:
            raise irreversible(self)
        await self._call(self.reverse_code, label, editor, from_state)

    async def _call(
        self, function: Callable[..., Any], label: str, editor: SchemaEditor, state: ProjectState
    ) -> None:
        if editor.collect:
            editor.note(f"-- Raw Python operation: {getattr(function, '__qualname__', function)}")
            return
        await call_function(function, label, editor, state.apps)
        await editor.settle()


class SeparateDatabaseAndState(Operation):
    """Do one thing to the database and another to the state."""

    argument_names = ("database_operations", "state_operations")
    optional: ClassVar[dict[str, Any]] = {"database_operations": (), "state_operations": ()}

    def __init__(
        self,
        database_operations: Iterable[Operation] = (),
        state_operations: Iterable[Operation] = (),
    ) -> None:
        self.database_operations = list(database_operations)
        self.state_operations = list(state_operations)

    @property
    def reversible(self) -> bool:  # type: ignore[override]  # depends on what was given
        return all(operation.reversible for operation in self.database_operations)

    @property
    def atomic(self) -> bool:  # type: ignore[override]  # depends on what was given
        return all(operation.atomic is not False for operation in self.database_operations)

    def describe(self) -> str:
        return "Custom state/database change combination"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        for operation in self.state_operations:
            operation.state_forwards(label, state)

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation, before, after in self._steps(label, from_state):
            await operation.apply(label, editor, before, after)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        # The database operations are undone from the last to the first, between the states they were made in.
        for operation, before, after in reversed(self._steps(label, to_state)):
            await operation.revert(label, editor, after, before)

    def _steps(self, label: str, state: ProjectState) -> list[tuple[Operation, ProjectState, ProjectState]]:
        """Return each database operation with the states before and after it."""
        steps = []
        for operation in self.database_operations:
            after = state.clone()
            operation.state_forwards(label, after)
            steps.append((operation, state, after))
            state = after
        return steps


# -- extensions of PostgreSQL ---------------------------------------------------------------------


class CreateExtension(Operation):
    """Install an extension of PostgreSQL; nothing on SQLite, which has none."""

    argument_names: ClassVar[tuple[str, ...]] = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def describe(self) -> str:
        return f"Create extension {self.name}"

    def state_forwards(self, label: str, state: ProjectState) -> None:
        """Leave the state alone."""

    async def apply(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        await editor.create_extension(self.name)

    async def revert(
        self, label: str, editor: SchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        await editor.drop_extension(self.name)


class _NamedExtension(CreateExtension):
    """An extension whose class says its name."""

    argument_names = ()
    extension: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.extension)


class BloomExtension(_NamedExtension):
    """Indexes of any of many columns."""

    extension = "bloom"


class BtreeGinExtension(_NamedExtension):
    """GIN indexes of plain types."""

    extension = "btree_gin"


class BtreeGistExtension(_NamedExtension):
    """GiST indexes of plain types."""

    extension = "btree_gist"


class CITextExtension(_NamedExtension):
    """Texts that are compared without regard to case."""

    extension = "citext"


class CryptoExtension(_NamedExtension):
    """Digests, ciphers and random bytes."""

    extension = "pgcrypto"


class HStoreExtension(_NamedExtension):
    """Pairs of texts."""

    extension = "hstore"


class TrigramExtension(_NamedExtension):
    """Likeness of texts, and indexes for it."""

    extension = "pg_trgm"


class UnaccentExtension(_NamedExtension):
    """Texts without their accents."""

    extension = "unaccent"
