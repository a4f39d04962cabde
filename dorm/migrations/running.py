"""Call a function of RunPython: in whichever of its two forms, and of either colour.

Rests on the historical models and the editor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from .editor import SchemaEditor
from .historical import HistoricalApps

CALL: Final = "__call__"


async def call_function(
    function: Callable[..., Any], label: str, editor: SchemaEditor, apps: HistoricalApps
) -> None:
    """Call *function* with `(app_label, registry)`, or `(apps, schema_editor)` if it names them so."""
    result = function(*arguments(function, label, editor, apps))
    if hasattr(result, "__await__"):
        await result


def arguments(
    function: Callable[..., Any], label: str, editor: SchemaEditor, apps: HistoricalApps
) -> tuple[Any, Any]:
    """Return what *function* is to be called with."""
    first = _first_parameter(function)
    return (apps, editor) if first == "apps" else (label, apps.names(label))


def _first_parameter(function: Any) -> str:
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is None:
        # An object with a method of that name; a built-in function says nothing of its parameters.
        code = getattr(getattr(type(function), CALL, None), "__code__", None)
        return code.co_varnames[1] if code is not None and code.co_argcount > 1 else ""
    names = code.co_varnames[: code.co_argcount]
    return next((name for name in names if name != "self"), "")
