"""`get_status_display()`: the label of a field's choice, as a method of the instance.

Rests on fields. A method that a class wrote itself stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..fields import Field
from ..fields.base import plain
from ..meta.options import Options


def give_displays(model: type[Any], options: Options) -> None:
    """Give *model* a method for each field with choices."""
    for field in options.fields:
        name = f"get_{field.name}_display"
        if field.choices is not None and not _is_written(model, name):
            setattr(model, name, _display(field, name, model))


def _is_written(model: type[Any], name: str) -> bool:
    """Return whether a class wrote the method *name* itself."""
    held = [vars(base)[name] for base in model.__mro__ if name in vars(base)]
    return any(not hasattr(method, "is_generated") for method in held)


def _display(field: Field[Any], name: str, model: type[Any]) -> Callable[[Any], Any]:
    labels = field.flatchoices

    def display(self: Any) -> Any:
        """Return the label of the value that is held; what is no choice is given back, as text."""
        value = plain(getattr(self, field.attname))
        label = next((words for choice, words in labels if choice == value), value)
        return None if label is None else str(label)

    display.is_generated = True  # type: ignore[attr-defined]  # read by _is_written() alone
    display.__name__ = name
    display.__qualname__ = f"{model.__qualname__}.{name}"
    return display
