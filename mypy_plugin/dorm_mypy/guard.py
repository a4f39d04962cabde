"""Keep a fault of the plugin from ending a run: one note, and the type that mypy would have had.

Rests on mypy's contexts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mypy.errors import CompileError

from . import messages

R = TypeVar("R")


def guarded(hook: Callable[[Any], R], default: Callable[[Any], R]) -> Callable[[Any], R]:
    """Return *hook* with its exceptions turned into a note and the *default*."""
    name = getattr(hook, "__name__", type(hook).__name__)

    def run(ctx: Any) -> R:
        try:
            return hook(ctx)
        except CompileError:
            raise
        # A fault here must never be the end of the user's run, whatever it is.
        except Exception as error:
            note(ctx, messages.plugin_failed(name, error))
            return default(ctx)

    return run


def note(ctx: Any, text: str) -> None:
    """Say *text* at the place of a context, in the semantic phase or in the checker."""
    where = getattr(ctx, "context", None) or ctx.cls
    if hasattr(ctx.api, "note"):
        ctx.api.note(text, where, code=messages.PLUGIN)
    else:
        ctx.api.msg.note(text, where, code=messages.PLUGIN)


def default_type(ctx: Any) -> Any:
    return ctx.default_return_type


def default_signature(ctx: Any) -> Any:
    return ctx.default_signature


def default_attribute(ctx: Any) -> Any:
    return ctx.default_attr_type


def nothing(ctx: Any) -> None:
    return None
