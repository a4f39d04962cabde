"""What schema editors share: the statements that make and drop tables, and where statements go.

Rests on the definitions of tables and the executor. What a change of a table takes is said by each database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...db.executor import Executor
from ...fields import Field
from ...indexes import Index
from ...meta.options import Options
from ...sql.nodes import Node
from ...sql.placeholders import with_placeholders


class SchemaEditor:
    """The tables of one database, and what changes them.

    With *collect*, statements are written down in `statements` and none is run.
    """

    def __init__(self, db: Executor, *, collect: bool = False) -> None:
        self.db = db
        self.collect = collect
        self.statements: list[str] = []

    # -- statements -----------------------------------------------------------------------------

    async def emit(self, *nodes: Node) -> None:
        """Run definitions, one after the other."""
        for node in nodes:
            await self.send(self.db.dialect.write(node))

    async def send(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run one statement as the driver takes it; return how many rows it changed, 0 when none is run."""
        if self.collect:
            self.statements.append(sql)
            return 0
        return await self.db.execute(sql, params)

    async def run(self, sql: str, params: Sequence[Any] | None = None) -> None:
        """Run one statement that a user wrote; with *params*, each `%s` is a placeholder."""
        text, values = with_placeholders(sql, params, self.db.vendor)
        await self.send(text, values)

    async def script(self, sql: str) -> None:
        """Run a text of several statements."""
        if not sql.strip():
            return
        if self.collect:
            self.statements.append(sql.strip())
        else:
            await self.db.script(sql)

    def note(self, text: str) -> None:
        """Write a remark down among the collected statements."""
        if self.collect:
            self.statements.append(text)

    async def settle(self) -> None:
        """Have what was done to rows checked now, so that their tables can be changed."""

    # -- models ---------------------------------------------------------------------------------

    async def create_model(self, options: Options) -> None:
        """Make the table of a model with all that belongs to it, and those of its pairs."""
        raise NotImplementedError

    async def delete_model(self, options: Options) -> None:
        """Drop the table of a model, and those of its pairs."""
        raise NotImplementedError

    async def alter_model(
        self,
        before: Options,
        after: Options,
        renames: Mapping[str, str] | None = None,
        filled: Mapping[str, Field[Any]] | None = None,
    ) -> None:
        """Change the table of a model from what *before* says to what *after* does.

        *renames* are the fields that have another name afterwards, by their old ones; the defaults of
        *filled* are for the rows that are there alone.
        """
        raise NotImplementedError

    # -- indexes --------------------------------------------------------------------------------

    async def add_index(self, options: Options, index: Index, *, concurrently: bool = False) -> None:
        """Add an index to the table of a model."""
        raise NotImplementedError

    async def remove_index(self, options: Options, index: Index, *, concurrently: bool = False) -> None:
        """Remove an index from the table of a model."""
        raise NotImplementedError

    async def rename_index(self, options: Options, old: str, new: str) -> None:
        """Give an index another name."""
        raise NotImplementedError

    # -- extensions -----------------------------------------------------------------------------

    async def create_extension(self, name: str) -> None:
        """Install an extension, where there are such."""

    async def drop_extension(self, name: str) -> None:
        """Remove an extension, where there are such."""
