"""What `save()` says of arguments without names, which Django took before 5.1.

Rests on nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any


def keywords_alone(method: Callable[..., None]) -> Callable[..., None]:
    """Return *method*, which takes keywords alone, with an error that names them."""

    @wraps(method)
    def named(self: Any, *args: Any, **keywords: Any) -> None:
        if args:
            raise _refusal(self, method.__name__, args)
        method(self, **keywords)

    return named


def akeywords_alone(
    method: Callable[..., Coroutine[Any, Any, None]],
) -> Callable[..., Coroutine[Any, Any, None]]:
    """Return *method*, which takes keywords alone, with an error that names them."""

    @wraps(method)
    async def named(self: Any, *args: Any, **keywords: Any) -> None:
        if args:
            raise _refusal(self, method.__name__, args)
        await method(self, **keywords)

    return named


NAMES = ("force_insert", "force_update", "using", "update_fields")


def _refusal(instance: Any, method: str, args: tuple[Any, ...]) -> TypeError:
    meant = ", ".join(f"{name}={value!r}" for name, value in zip(NAMES, args))
    return TypeError(
        f"{type(instance).__name__}.{method}() takes keywords alone: write {method}({meant}) "
        f"(its keywords: {', '.join(NAMES)})"
    )
