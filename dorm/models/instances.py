"""How an instance is made from keywords: one generated `__init__` per class.

Rests on options and fields. Values are stored as they are given; nothing is validated here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from .._generate import generate
from .._text import did_you_mean, listed, nearest
from ..fields import Field
from ..fields.related import ForeignKey
from ..meta.options import Options, options_of
from ..meta.relations import ManyToMany

NOT_GIVEN: Final = object()


def lazy_initialiser(model: type[Any]) -> Callable[..., None]:
    """Return an `__init__` that puts the generated one in its place when it is first called."""

    def __init__(self: Any, **values: Any) -> None:
        ready = initialiser(model)
        setattr(model, "__init__", ready)
        type(self).__init__(self, **values)

    __init__.is_generated = True  # type: ignore[attr-defined]  # read by is_generated() alone
    return __init__


def is_generated(method: Any) -> bool:
    """Whether *method*, a class's own `__init__` or None, is none that a user wrote."""
    return method is None or getattr(method, "is_generated", False)


def initialiser(model: type[Any]) -> Callable[..., None]:
    """Return the generated `__init__` of *model*: a keyword for each column, and `extra` for the rest."""
    options = options_of(model)
    ready: Callable[..., None] | None = options.cache.get("init")
    if ready is None:
        ready = options.cache["init"] = _generate_initialiser(options)
        ready.is_generated = True  # type: ignore[attr-defined]  # read by is_generated() alone
    return ready


def _generate_initialiser(options: Options) -> Callable[..., None]:
    # No field's name has "__" in it, so none can stand in the way of these.
    names: dict[str, Any] = {"not__given": NOT_GIVEN, "assign__rest": assign_rest}
    heads: list[str] = []
    lines: list[str] = []
    for number, field in enumerate(options.written_fields):
        name, default = field.attname, f"default__{number}"
        if callable(field.default):
            names[default] = field.get_default
            heads.append(f"{name}=not__given")
            lines.append(f"self__.{name} = {default}() if {name} is not__given else {name}")
        else:
            names[default] = field.get_default()
            heads.append(f"{name}={default}")
            lines.append(f"self__.{name} = {name}")
    body = "\n    ".join([*lines, "self__._adding = True", "if extra__: assign__rest(self__, extra__)"])
    source = f"def generated(self__, *, {', '.join(heads)}, **extra__):\n    {body}\n"
    return generate(source, names, f"{options.name}.__init__")


def assign_rest(instance: Any, values: dict[str, Any]) -> None:
    """Set what is no column: instances or keys of relations, and `pk`; any other name is a TypeError."""
    options = options_of(type(instance))
    for name, value in values.items():
        field = options.field(name)
        if isinstance(field, ForeignKey) and not hasattr(value, "_meta") and value is not None:
            setattr(instance, field.attname, value)
        elif isinstance(field, Field) and field.generated:
            raise TypeError(
                f"{options.name}({name}=...): the database computes {name!r}, so it takes no value"
            )
        elif isinstance(field, Field):
            setattr(instance, name, value)
        elif isinstance(field, ManyToMany):
            raise TypeError(f"{options.name}({name}=...): save it first, then call {name}.set(...)")
        else:
            choices = [name for own in options.fields for name in {own.name, own.attname}]
            raise TypeError(
                f"{options.name}() has no field {name!r}.{did_you_mean(nearest(name, choices))} "
                f"Fields: {listed(own.name for own in options.fields)}."
            )
