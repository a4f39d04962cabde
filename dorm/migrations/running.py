"""Call a function of RunPython: in either of its two forms, and of either colour on either face.

Rests on the historical models and the editor. What the function does is part of the migration's transaction,
whatever its colour: the other colour is lent the migration's own executor meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from .._run import run_sync
from ..db.bridge import Bridge
from ..db.connection import (
    close_all_async,
    get_async_connection,
    get_connection,
    lent_to_loop,
    lent_to_thread,
    running_loop,
)
from ..db.executor import Executor
from ..meta.options import Options
from .editor import SchemaEditor
from .historical import HistoricalApps

CALL: Final = "__call__"


class FunctionEditor:
    """What `(apps, schema_editor)` gets second: the connection, raw SQL, and the editor's own operations.

    Each method comes in both colours.
    """

    def __init__(self, editor: SchemaEditor, *, is_async: bool) -> None:
        self.editor = editor
        get = get_async_connection if is_async else get_connection
        self.connection: Any = get(editor.db.alias)

    def execute(self, sql: str, params: Any = None) -> None:
        """Run one statement; with *params*, each `%s` is a placeholder."""
        self._run(lambda editor: editor.run(sql, params))

    async def aexecute(self, sql: str, params: Any = None) -> None:
        """Run one statement; with *params*, each `%s` is a placeholder."""
        await self.editor.run(sql, params)

    def create_model(self, model: type[Any]) -> None:
        """Make the table of a model."""
        self._run(lambda editor: editor.create_model(_options(model)))

    async def acreate_model(self, model: type[Any]) -> None:
        """Make the table of a model."""
        await self.editor.create_model(_options(model))

    def delete_model(self, model: type[Any]) -> None:
        """Drop the table of a model."""
        self._run(lambda editor: editor.delete_model(_options(model)))

    async def adelete_model(self, model: type[Any]) -> None:
        """Drop the table of a model."""
        await self.editor.delete_model(_options(model))

    def _run(self, work: Callable[[SchemaEditor], Any]) -> None:
        db: Any = self.editor.db
        if not db.is_async:
            run_sync(work(self.editor))
            return
        bridge = self._bridge
        bridge.wait(lambda: work(self.editor))

    _bridge: Any = None


async def call_function(
    function: Callable[..., Any], label: str, editor: SchemaEditor, apps: HistoricalApps
) -> None:
    """Call *function* with `(app_label, registry)`, or `(apps, schema_editor)` if it names them so."""
    db = editor.db
    given = arguments(function, label, editor, apps)
    with _on_alias(apps, db.alias):
        if db.is_async and not _is_coroutine_function(function):
            result = await _in_thread(function, given, db)
        else:
            result = function(*given)
        if not hasattr(result, "__await__"):
            return
        if db.is_async:
            await result
        else:
            _to_its_end(result, db)


def arguments(
    function: Callable[..., Any], label: str, editor: SchemaEditor, apps: HistoricalApps
) -> tuple[Any, Any]:
    """Return what *function* is to be called with."""
    code = _code_of(function)
    named = code is not None and "apps" in code.co_varnames[: code.co_argcount][:2]
    if not named:
        return label, apps.names(label)
    return apps, FunctionEditor(editor, is_async=_is_coroutine_function(function))


def _code_of(function: Any) -> Any:
    # A method, an object with a method of that name, or nothing: a built-in says nothing of its parameters.
    plain = getattr(function, "__func__", function)
    found = getattr(plain, "__code__", None)
    return found if found is not None else getattr(getattr(type(function), CALL, None), "__code__", None)


def _is_coroutine_function(function: Any) -> bool:
    # CO_COROUTINE: what `inspect` looks at, without loading it.
    code = _code_of(function)
    return code is not None and bool(code.co_flags & 0x80)


def _options(model: type[Any]) -> Options:
    options: Options = model._meta
    return options


@contextmanager
def _on_alias(apps: HistoricalApps, alias: str) -> Iterator[None]:
    """Have the historical models read and write on *alias* where nothing else is said."""
    models = list(apps.registry) if alias != "default" else []
    for model in models:
        model._alias = alias
    try:
        yield
    finally:
        for model in models:
            del model._alias


def _to_its_end(result: Any, db: Executor) -> None:
    """Run a coroutine from synchronous code: in an event loop of its own, whose queries use *db*."""

    async def awaited() -> Any:
        return await result

    if running_loop() is not None:
        # The loop stands still until this is done, so nothing else in it sees what is lent.
        with lent_to_loop(db.alias, db):
            run_sync(awaited())
        return
    # Imported here: there is no event loop yet, and few migrations want one.
    import asyncio

    async def run() -> None:
        try:
            with lent_to_loop(db.alias, db):
                await result
        finally:
            await close_all_async()

    asyncio.run(run())


async def _in_thread(function: Callable[..., Any], given: tuple[Any, Any], db: Executor) -> Any:
    """Run a synchronous function from the event loop: in a thread of its own, whose queries use *db*."""
    # Imported here: the loop is there, so asyncio is loaded.
    import asyncio
    from contextvars import copy_context

    context = copy_context()
    bridge = Bridge(db, asyncio.get_running_loop(), context)
    if isinstance(given[1], FunctionEditor):
        given[1]._bridge = bridge

    def work() -> Any:
        with lent_to_thread(db.alias, bridge):
            return function(*given)

    return await asyncio.to_thread(work)
