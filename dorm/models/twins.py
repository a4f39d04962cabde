"""A method that a class overrides in one colour alone: its twin refuses, and does no half of the work.

Rests on nothing. What is overridden is seen when the class is made, so calls pay nothing for it.
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

# The methods of Model that ask the database, whose twins begin with "a".
TWINS: Final = (
    "save", "delete", "refresh_from_db", "full_clean", "validate_unique", "validate_constraints",
)  # fmt: skip


def refuse_halves(cls: type[Any]) -> None:
    """Put a method that refuses in the place of each twin that knows nothing of what *cls* does anew."""
    for name in TWINS:
        twin = f"a{name}"
        place, place_of_twin = _place(cls, name), _place(cls, twin)
        if place < place_of_twin:
            setattr(cls, twin, _refusing_coroutine(cls, name, twin))
        elif place_of_twin < place and not _completes(cls, twin, place_of_twin):
            setattr(cls, name, _refusing(cls, twin, name))


def _place(cls: type[Any], name: str) -> int:
    return next(place for place, base in enumerate(cls.__mro__) if name in vars(base))


def _completes(cls: type[Any], name: str, place: int) -> bool:
    """Whether the method at *place* is the one that a class above it has been waiting for."""
    below = (vars(base)[name] for base in cls.__mro__[place + 1 :] if name in vars(base))
    return any(hasattr(method, "refuses") for method in below)


def _refusing(cls: type[Any], written: str, missing: str) -> Any:
    def refuse(self: Any, *args: Any, **named: Any) -> NoReturn:
        raise NotImplementedError(_words(cls, written, missing))

    return _marked(refuse, cls, missing)


def _refusing_coroutine(cls: type[Any], written: str, missing: str) -> Any:
    async def refuse(self: Any, *args: Any, **named: Any) -> NoReturn:
        raise NotImplementedError(_words(cls, written, missing))

    return _marked(refuse, cls, missing)


def _marked(refuse: Any, cls: type[Any], name: str) -> Any:
    refuse.__name__, refuse.__qualname__ = name, f"{cls.__qualname__}.{name}"
    refuse.refuses = True
    return refuse


def _words(cls: type[Any], written: str, missing: str) -> str:
    return (
        f"{cls.__name__} overrides {written}() and not {missing}(), which would leave out what that does: "
        f"write {missing}() too"
    )
