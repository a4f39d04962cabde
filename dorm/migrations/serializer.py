"""Write values as Python source: whatever may stand in a field, an index, a constraint or an operation.

Rests on fields, expressions and the layout of source. What cannot be written (a lambda, a function inside
another) is refused with the place where it stands; nothing is guessed.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum, Flag
from importlib import import_module
from types import (
    BuiltinFunctionType,
    BuiltinMethodType,
    FunctionType,
    GenericAlias,
    MethodType,
    ModuleType,
    UnionType,
)
from typing import Any, Final

from ..enums import Choices
from ..exceptions import MigrationError
from ..expressions import Exists, Expression, OrderBy, OuterRef, Q, Subquery
from ..expressions.base import Combined
from ..fields import Field
from ..fields.base import pairs, plain
from .layout import Group, Joined, Piece, Prefixed, Suffixed, call, flat, in_parentheses, quoted

OPERATIONS: Final = "dorm.migrations.operations"

Callables: Final = (FunctionType, BuiltinFunctionType, BuiltinMethodType, MethodType)


def serialize(value: Any) -> tuple[str, set[str]]:
    """Return *value* as source on one line, and the import lines that the source needs."""
    serializer = Serializer()
    text = flat(serializer.piece(value))
    return text, set(serializer.import_lines())


class Serializer:
    """Write values, and remember what must be imported for them."""

    def __init__(self) -> None:
        self.modules: set[str] = set()
        self.operations: set[str] = set()
        # Where the value stands that is being written, from the outside in.
        self._place: list[str] = []

    def import_lines(self) -> list[str]:
        """Return the import lines that all values written so far need."""
        lines = [f"import {module}" for module in sorted(self.modules)]
        if self.operations:
            lines.append(f"from {OPERATIONS} import {', '.join(sorted(self.operations))}")
        return lines

    def piece(self, value: Any) -> Piece:
        """Return *value* as source; raise MigrationError, with its place, when it cannot be written."""
        for kinds, write in WRITERS:
            if isinstance(value, kinds):
                return write(self, value)
        return self._other(value)

    # -- where it is, and what is wrong there

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        """Say that what is written inside stands at *place*."""
        self._place.append(place)
        try:
            yield
        finally:
            self._place.pop()

    def refusal(self, value: Any, reason: str) -> MigrationError:
        """Return the error for a value that cannot be written: *reason* says why, and what to do."""
        place = ", ".join(filter(None, self._place))
        place = f"{place}: " if place else ""
        return MigrationError(f"{place}{value!r} cannot be written into a migration: {reason}")

    # -- names of modules, and what stands in them

    def name(self, value: Any) -> str:
        """Return the dotted name of a class or function, and remember its module."""
        module, name = home(value)
        if name == "<lambda>" or name.endswith(".<lambda>"):
            raise self.refusal(value, "a lambda has no name. Write it as a function at the top of a module.")
        if "<locals>" in name:
            raise self.refusal(value, "it is defined inside a function. Move it to the top of a module.")
        if module == "__main__":
            raise self.refusal(value, "it is defined in the script that runs. Move it to a module of an app.")
        return self.written(module, name, value)

    def written(self, module: str, name: str, value: Any) -> str:
        """Return how *name* of *module* is written, after seeing that it is *value*."""
        public = public_module(module, name, value)
        found = look_up(public, name)
        if found is not value and found != value and not is_of_migration(found, value):
            raise self.refusal(
                value, f"it is not {name!r} of {module}. Give it a name at the top of a module."
            )
        if public == "builtins":
            return name
        if not all(part.isidentifier() for part in public.split(".")):
            # A migration's own functions: no import statement can say its name.
            self.modules.add("importlib")
            return f"importlib.import_module({quoted(public)}).{name}"
        self.modules.add(public)
        return f"{public}.{name}"

    def call(self, name: str, args: Any = (), kwargs: Mapping[str, Any] | None = None) -> Group:
        """Return the call of *name* with values."""
        given = dict(kwargs or {})
        plain_names = {
            key: value for key, value in given.items() if key.isidentifier() and not is_keyword(key)
        }
        others = {key: value for key, value in given.items() if key not in plain_names}
        pieces = [(key, self._at_option(key, value)) for key, value in plain_names.items()]
        written = call(name, [self.piece(value) for value in args], pieces)
        if not others:
            return written
        return Group(written.open, (*written.items, Prefixed("**", self.piece(others))), ")")

    def _at_option(self, key: str, value: Any) -> Piece:
        # An operation has said already which field it is about.
        with self.at("" if key in ("field", "fields") else key):
            return self.piece(value)

    # -- containers

    def _list(self, value: Any) -> Piece:
        return Group("[", tuple(self.piece(item) for item in value), "]")

    def _tuple(self, value: Any) -> Piece:
        if hasattr(value, "_fields"):
            return self.call(self.name(type(value)), value)
        if len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], Field):
            with self.at(f"field {value[0]!r}"):
                return Group("(", (quoted(value[0]), self.piece(value[1])), ")", is_tuple=True)
        return Group("(", tuple(self.piece(item) for item in value), ")", is_tuple=True)

    def _dict(self, value: Any) -> Piece:
        items = []
        for key, item in value.items():
            with self.at(repr(key)):
                items.append(Prefixed(f"{flat(self.piece(key))}: ", self.piece(item)))
        return Group("{", tuple(items), "}")

    def _set(self, value: Any) -> Piece:
        # A set has no order of its own, and a file must not change from run to run.
        items = tuple(sorted((self.piece(item) for item in value), key=flat))
        if isinstance(value, frozenset):
            return call("frozenset", [Group("{", items, "}")] if items else [])
        return Group("{", items, "}") if items else "set()"

    # -- plain values

    def _number(self, value: Any) -> Piece:
        if isinstance(value, float):
            return _float(float(value))
        if isinstance(value, complex):
            return call("complex", [_float(value.real), _float(value.imag)])
        return repr(value if isinstance(value, bool) else int(value))

    def _enum(self, value: Any) -> Piece:
        if isinstance(value, Choices):
            # What the column holds: the migration outlives the class.
            return self.piece(value.value)
        kind = type(value)
        if isinstance(value, Flag) and (value.name is None or "|" in value.name):
            members = [self._member(kind, member.name) for member in value]
            return Joined("|", tuple(members)) if members else call(self.name(kind), [repr(value.value)])
        return self._member(kind, value.name)

    def _member(self, kind: type[Any], name: str | None) -> str:
        # The flags of `re` say that they stand in `enum`.
        where = "re.RegexFlag" if kind is re.RegexFlag else self.name(kind)
        if kind is re.RegexFlag:
            self.modules.add("re")
            return f"re.{name}"
        return f"{where}.{name}" if str(name).isidentifier() else f"{where}[{quoted(str(name))}]"

    def _timedelta(self, value: timedelta) -> Piece:
        parts = {"days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}
        self.modules.add("datetime")
        return self.call("datetime.timedelta", (), {name: part for name, part in parts.items() if part})

    def _moment(self, value: Any) -> Piece:
        parts = [value.year, value.month, value.day] if isinstance(value, date) else []
        more = {}
        if not isinstance(value, date) or isinstance(value, datetime):
            parts += [value.hour, value.minute]
            parts += [value.second] if value.second or value.microsecond else []
            parts += [value.microsecond] if value.microsecond else []
            more = {"tzinfo": value.tzinfo} if value.tzinfo is not None else {}
            more |= {"fold": value.fold} if value.fold else {}
        self.modules.add("datetime")
        kind = next(k for k in ("datetime", "date", "time") if isinstance(value, MOMENTS[k]))
        return self.call(f"datetime.{kind}", parts, more)

    def _tzinfo(self, value: tzinfo) -> Piece:
        if isinstance(value, timezone):
            self.modules.add("datetime")
            return (
                "datetime.timezone.utc"
                if value == timezone.utc
                else self.call(
                    "datetime.timezone",
                    value.__getinitargs__(),  # type: ignore[attr-defined]  # as pickle reads it
                )
            )
        key = getattr(value, "key", None)
        if key is None or type(value).__module__.partition(".")[0] not in ("zoneinfo", "_zoneinfo"):
            return self._other(value)
        self.modules.add("zoneinfo")
        return self.call("zoneinfo.ZoneInfo", [key])

    def _by_text(self, value: Any) -> Piece:
        if hasattr(value, "as_posix"):
            self.modules.add("pathlib")
            # What can be opened is a path of this system, which another need not have.
            kind = "Path" if hasattr(value, "open") else type(value).__name__
            return self.call(f"pathlib.{kind}", [value.as_posix()])
        return self.call(self.name(type(value)), [str(value)])

    def _pattern(self, value: re.Pattern[Any]) -> Piece:
        self.modules.add("re")
        # Every pattern of texts is one of Unicode.
        flags = re.RegexFlag(value.flags & ~re.UNICODE if isinstance(value.pattern, str) else value.flags)
        return self.call("re.compile", [value.pattern], {"flags": flags} if flags else {})

    # -- code

    def _class(self, value: type[Any]) -> Piece:
        if value is type(None):
            return "type(None)"
        return self.name(value)

    def _function(self, value: Any) -> Piece:
        owner = getattr(value, "__self__", None)
        if isinstance(value, MethodType) and not isinstance(owner, type):
            raise self.refusal(
                value, "it is the method of an instance. Write a function at the top of a module."
            )
        return self.name(value)

    def _partial(self, value: functools.partial[Any]) -> Piece:
        self.modules.add("functools")
        return self.call("functools.partial", [value.func, *value.args], value.keywords)

    def _alias(self, value: Any) -> Piece:
        arguments = tuple(self.piece(one) for one in value.__args__)
        if isinstance(value, UnionType):
            return Joined("|", tuple("None" if one == "type(None)" else one for one in arguments))
        return Group(f"{self.name(value.__origin__)}[", arguments, "]")

    # -- what dorm describes

    def _field(self, value: Field[Any]) -> Piece:
        _, path, args, kwargs = value.deconstruct()
        return self.call(self._path(path, value), args, told_options(value, kwargs))

    def _q(self, value: Q) -> Piece:
        name = self.written("dorm.expressions", "Q", Q)
        if value.negated:
            inner = [self._operand(child) for child in value.children]
            return Prefixed("~", inner[0] if len(inner) == 1 else call(name))
        lookups = [child for child in value.children if isinstance(child, tuple)]
        # Q() puts conditions before lookups, and has each lookup once.
        in_order = [*(child for child in value.children if not isinstance(child, tuple)), *lookups]
        if (
            value.connector == "AND"
            and len(dict(lookups)) == len(lookups)
            and _same(in_order, value.children)
        ):
            return self.call(name, in_order[: len(in_order) - len(lookups)], dict(lookups))
        return Joined(
            "&" if value.connector == "AND" else "|",
            tuple(self._part(name, value, child) for child in value.children),
        )

    def _part(self, name: str, whole: Q, child: Any) -> Piece:
        """Return *child* so that an operator keeps it as one child of *whole*."""
        if isinstance(child, tuple):
            return self.call(name, (), dict([child]))
        melts = isinstance(child, Q) and not child.negated
        if not isinstance(child, Q) or (
            melts and (child.connector == whole.connector or len(child.children) == 1)
        ):
            return self.call(name, [child])
        return self._operand(child)

    def _combined(self, value: Combined) -> Piece:
        if isinstance(value.left, (str, bytes, list, tuple)):
            # Its own operator would come first.
            return self.call(self.name(Combined), [value.left, value.operator, value.right])
        return Joined(value.operator, (self._operand(value.left), self._operand(value.right)))

    def _operand(self, value: Any) -> Piece:
        """Return *value* as what an operator or a method takes: in parentheses where it has operators."""
        written = self.piece(value)
        is_open = isinstance(written, Joined) or (isinstance(written, str) and written.startswith("-"))
        return in_parentheses(written) if is_open else written

    def _order(self, value: OrderBy) -> Piece:
        nulls = "" if value.nulls is None else f"nulls_{value.nulls}=True"
        return Suffixed(self._operand(value.expression), f".{'desc' if value.descending else 'asc'}({nulls})")

    def _subquery(self, value: Any) -> Piece:
        raise self.refusal(value, "it looks at other rows, which no table's definition may do.")

    # -- what says itself how it is made

    def _other(self, value: Any) -> Piece:
        if hasattr(value, "state_forwards"):
            return self._operation(value)
        if hasattr(value, "_meta"):
            raise self.refusal(value, "it is a row of a table.")
        # As pickle: a text is the name of a value that there is but once, such as CASCADE.
        global_name = reduced(value)
        if isinstance(global_name, str):
            public = next((name for name, one in vars(sys.modules["dorm"]).items() if one is value), None)
            if public is not None:
                return self.written("dorm", public, value)
            return self.written(type(value).__module__, global_name, value)
        made = constructed(value)
        if made is None:
            raise self.refusal(
                value, f"give {type(value).__name__} a deconstruct() that returns its dotted path, a list of "
                "arguments and a dict of keywords, or make it a dataclass."
            )  # fmt: skip
        path, args, kwargs = made
        return self.call(self._path(path, value), args, kwargs)

    def _path(self, path: str, value: Any) -> str:
        kind = type(value)
        if path == f"{kind.__module__}.{kind.__qualname__}":
            return self.name(kind)
        module, name = split_path(path)
        found = look_up(module, name)
        if found is None:
            raise self.refusal(value, f"its deconstruct() names {path!r}, which cannot be imported.")
        return self.written(module, name, found)

    def _operation(self, value: Any) -> Piece:
        kind, args, kwargs = value.deconstruct()
        subject = kwargs.get("model_name") or kwargs.get("name") or kwargs.get("old_name") or ""
        field = kwargs.get("name") if "model_name" in kwargs else None
        place = f"{kind} {subject}".strip() + (f", field {field!r}" if field else "")
        if type(value).__module__.startswith(OPERATIONS):
            self.operations.add(kind)
        else:
            kind = self.name(type(value))
        with self.at(place):
            return self.call(kind, args, kwargs)


MOMENTS: Final[dict[str, type[Any]]] = {"datetime": datetime, "date": date, "time": time}


def _float(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return f'float("{value}")'
    return repr(value).replace("e+", "e")


def _same(first: Any, second: Any) -> bool:
    return len(first) == len(second) and all(one is other for one, other in zip(first, second))


def is_keyword(name: str) -> bool:
    """Return whether *name* is a word of Python's."""
    from keyword import iskeyword  # a list that only this file and the metaclass need

    return iskeyword(name)


def told_options(field: Field[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of *field* as a file tells them: models by label, enumerations by value.

    So a migration goes on to work when the class that it was made from has gone.
    """
    told = dict(kwargs)
    for name in ("to", "through"):
        if hasattr(told.get(name), "_meta"):
            told[name] = told[name]._meta.label
    if isinstance(told.get("choices"), type):
        told["choices"] = pairs(told["choices"])
    if field.enum is not None and "default" in told:
        told["default"] = plain(told["default"])
    return told


def constructed(value: Any) -> tuple[str, Any, dict[str, Any]] | None:
    """Return the dotted path of the class of *value* and the arguments that make it again, or None.

    Those that its `deconstruct()` tells; else, for a class whose parameters are its attributes, these, once
    an object made by them has proved to be the same.
    """
    kind = type(value)
    if hasattr(value, "deconstruct"):
        *_, path, args, kwargs = value.deconstruct()
        return path, args, kwargs
    path = f"{kind.__module__}.{kind.__qualname__}"
    init: Any = kind.__init__
    new: Any = kind.__new__
    if new is not object.__new__:
        return None
    if not isinstance(init, FunctionType):
        return (path, [], {}) if init is object.__init__ and not _attributes(value) else None
    code = init.__code__
    names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    required = code.co_argcount - 1 - len(init.__defaults__ or ())
    if not all(hasattr(value, name) for name in names):
        return None
    defaults = dict(zip(reversed(names[: code.co_argcount - 1]), reversed(init.__defaults__ or ())))
    defaults |= init.__kwdefaults__ or {}
    given = {name: getattr(value, name) for name in names}
    args = [given.pop(name) for name in names[:required]]
    kwargs = {name: one for name, one in given.items() if name not in defaults or one != defaults[name]}
    try:
        again = kind(*args, **kwargs)
    except (TypeError, ValueError):
        return None
    return (path, args, kwargs) if _attributes(again) == _attributes(value) else None


def reduced(value: Any) -> Any:
    """Return what a class's own `__reduce__()` says of *value*, or None."""
    kind: Any = type(value)
    return value.__reduce__() if kind.__reduce__ is not object.__reduce__ else None


def _attributes(value: Any) -> Any:
    slots = [name for base in type(value).__mro__ for name in vars(base).get("__slots__", ())]
    kept = {name: getattr(value, name) for name in slots if hasattr(value, name) and name[:2] != "__"}
    return {**kept, **getattr(value, "__dict__", {})}


# -- modules --------------------------------------------------------------------------------------


def home(value: Any) -> tuple[str, str]:
    """Return the module of a class or function, and its name there."""
    owner = getattr(value, "__self__", None)
    if not isinstance(value, BuiltinMethodType) or owner is None or isinstance(owner, ModuleType):
        return str(getattr(value, "__module__", None) or "builtins"), value.__qualname__
    if isinstance(owner, type):
        return owner.__module__, value.__qualname__
    # `random.random` is the method of an instance that its module hides.
    return type(owner).__module__, value.__name__


def is_of_migration(found: Any, value: Any) -> bool:
    """Return whether *value* is the function *found* of a file of migrations, which each loader runs anew."""
    if not isinstance(value, FunctionType) or not isinstance(found, FunctionType):
        return False
    is_file = not value.__module__.rpartition(".")[2].isidentifier()
    return is_file and home(value) == home(found) and value.__code__ == found.__code__


def public_module(module: str, name: str, value: Any) -> str:
    """Return the module from which *name* is best imported: `dorm`, or the one around a private module."""
    if module.partition(".")[0] == "dorm" and getattr(sys.modules["dorm"], name, None) is value:
        return "dorm"
    parts = module.split(".")
    private = next(
        (place for place, part in enumerate(parts) if part.startswith("_") and part != "__main__"), 0
    )
    outer = ".".join(parts[:private]) or module.lstrip("_")
    return outer if outer and look_up(outer, name) is value else module


def look_up(module: str, name: str) -> Any:
    """Return what *name* is in *module*, or None."""
    try:
        found: Any = sys.modules.get(module) or import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError):
        return None
    return found


def split_path(path: str) -> tuple[str, str]:
    """Return a dotted path as module and name: the longest module that can be imported, and the rest."""
    parts = path.split(".")
    for end in range(len(parts) - 1, 0, -1):
        module, name = ".".join(parts[:end]), ".".join(parts[end:])
        if look_up(module, name) is not None:
            return module, name
    return path.rpartition(".")[0], parts[-1]


def _by_text_kinds() -> tuple[type[Any], ...]:
    # Whoever has such a value has loaded its module: `import dorm` does not.
    names = {
        "uuid": ("UUID",),
        "pathlib": ("PurePath",),
        "fractions": ("Fraction",),
        "ipaddress": ("IPv4Address", "IPv4Network", "IPv6Address", "IPv6Network"),
    }
    kinds = [
        getattr(sys.modules[module], name)
        for module in names
        if module in sys.modules
        for name in names[module]
    ]
    return (Decimal, *kinds)


class _ByText(type):
    """Let isinstance() ask for the classes that are loaded by now."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, _by_text_kinds())


class ByText(metaclass=_ByText):
    """What is made from its own text."""


WRITERS: Final[list[tuple[Any, Callable[[Serializer, Any], Piece]]]] = [
    ((type(None), type(Ellipsis), type(NotImplemented)), lambda self, value: repr(value)),
    (Enum, Serializer._enum),
    (str, lambda self, value: quoted(str.__str__(value))),
    (bytes, lambda self, value: quoted(bytes(value))),
    ((int, float, complex), Serializer._number),
    (Field, Serializer._field),
    (Q, Serializer._q),
    (Combined, Serializer._combined),
    (OrderBy, Serializer._order),
    ((Subquery, Exists, OuterRef), Serializer._subquery),
    (Expression, Serializer._other),
    (list, Serializer._list),
    (tuple, Serializer._tuple),
    (dict, Serializer._dict),
    ((set, frozenset), Serializer._set),
    (
        range,
        lambda self, value: self.call(
            "range", [value.start, value.stop, *([value.step] if value.step != 1 else [])]
        ),
    ),
    (ByText, Serializer._by_text),
    (timedelta, Serializer._timedelta),
    ((date, time), Serializer._moment),
    (tzinfo, Serializer._tzinfo),
    (re.Pattern, Serializer._pattern),
    ((GenericAlias, UnionType), Serializer._alias),
    (type, Serializer._class),
    (functools.partial, Serializer._partial),
    (Callables, Serializer._function),
]
