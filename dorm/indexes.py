"""Indexes, as descriptions: what `Meta.indexes` holds.

Rests on expressions and the errors. Which kinds a database knows is said where they are created.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, ClassVar, Final, Self

from .exceptions import ImproperlyConfigured
from .expressions import Expression, F, OrderBy, Q
from .expressions.base import path_of

# What PostgreSQL keeps of a name; it cuts the rest off without an error.
MAX_NAME: Final = 63


def check_names(what: str, names: Any) -> tuple[str, ...]:
    """Return *names* as a tuple; ImproperlyConfigured unless they are texts in a list or tuple."""
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise ImproperlyConfigured(f"{what} takes a list of field names, not {names!r}")
    return tuple(names)


def check_object_name(what: str, name: str | None) -> str | None:
    """Return *name* when it can name an index or a constraint; else raise ImproperlyConfigured."""
    if name is None:
        return None
    # Each child of an abstract model fills these in.
    plain = name.replace("%(class)s", "x").replace("%(app_label)s", "x") if isinstance(name, str) else ""
    if not plain.isidentifier():
        raise ImproperlyConfigured(
            f"{what}: name={name!r} cannot name it. Use letters, digits and underscores, and no digit first."
        )
    if len(name.encode()) > MAX_NAME:
        raise ImproperlyConfigured(f"{what}: name={name!r} is longer than {MAX_NAME} bytes")
    return name


def shortened(name: str) -> str:
    """Return *name*, cut to what a database keeps of it, with a mark of what was cut."""
    if len(name.encode()) <= MAX_NAME:
        return name
    # OpenSSL is dear to load, and few names are as long.
    from hashlib import blake2b

    mark = blake2b(name.encode(), digest_size=4).hexdigest()
    return f"{name.encode()[: MAX_NAME - 9].decode(errors='ignore')}_{mark}"


def as_expressions(what: str, given: Sequence[Any]) -> tuple[Expression[Any] | OrderBy, ...]:
    """Return names and expressions as expressions; "-name" is in descending order."""
    found: list[Expression[Any] | OrderBy] = []
    for one in given:
        if isinstance(one, str):
            found.append(F(one[1:]).desc() if one.startswith("-") else F(one))
        elif isinstance(one, (Expression, OrderBy)):
            found.append(one)
        else:
            raise ImproperlyConfigured(f"{what} takes names and expressions, not {one!r}")
    return tuple(found)


class Described:
    """What is equal by what it says, and is a model's own copy once it has a name there."""

    name: str | None

    def _says(self) -> tuple[Any, ...]:
        return tuple(vars(self).values())

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Described) and self._says() == other._says()

    def __hash__(self) -> int:
        return hash((type(self), self.name))

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return the class's dotted path and the arguments that make such a description again."""
        # An option that is False says something: not so the columns of a plain index being unique.
        given = {
            name: value
            for name, value in vars(self).items()
            if value is not None and value not in ((), []) and (name, value) != ("unique", False)
        }
        args = list(given.pop("expressions", ()))
        # Last, as one writes it.
        name = {"name": given.pop("name")} if "name" in given else {}
        return path_of(type(self)), args, {**given, **name}

    def named_for(self, app_label: str, model_name: str) -> Self:
        """Return a copy for a model: `%(app_label)s` and `%(class)s` in the name are filled in."""
        own = copy(self)
        if own.name is not None:
            filled = own.name.replace("%(class)s", model_name)
            own.name = filled.replace("%(app_label)s", app_label.rpartition(".")[2])
        return own


class Index(Described):
    """An index over *fields* ("-name" for descending order), or over expressions.

    `Index(["name"])` and `Index(fields=["name"])` are one; `Index(Lower("name"), name="...")` needs a name.
    With *condition*, only the rows that meet it are in the index.
    """

    method: ClassVar[str] = ""
    option_names: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        *expressions: Any,
        fields: Sequence[str] = (),
        name: str | None = None,
        unique: bool = False,
        condition: Q | None = None,
        include: Sequence[str] = (),
        opclasses: Sequence[str] = (),
        **options: Any,
    ) -> None:
        what = type(self).__name__
        if len(expressions) == 1 and isinstance(expressions[0], (list, tuple)) and not fields:
            fields, expressions = expressions[0], ()
        self.fields = list(check_names(f"{what}(fields=...)", fields))
        self.expressions = as_expressions(f"{what}()", expressions)
        self.name = check_object_name(what, name)
        self.unique = unique
        self.condition = condition
        self.include = check_names(f"{what}(include=...)", include)
        self.opclasses = check_names(f"{what}(opclasses=...)", opclasses)
        self.options = self._checked_options(options)
        self._check()

    def _check(self) -> None:
        what = type(self).__name__
        if bool(self.fields) == bool(self.expressions):
            raise ImproperlyConfigured(
                f"{what}() takes either fields or expressions, and one of them at least"
            )
        if self.expressions and self.name is None:
            raise ImproperlyConfigured(f"{what}() over expressions needs a name")
        if self.opclasses and len(self.opclasses) != len(self.fields):
            raise ImproperlyConfigured(f"{what}(): there must be one of opclasses for each of fields")
        if not all(opclass.replace(".", "_").isidentifier() for opclass in self.opclasses):
            raise ImproperlyConfigured(f"{what}(opclasses=...) takes names of operator classes")
        if self.condition is not None and not isinstance(self.condition, Q):
            raise ImproperlyConfigured(f"{what}(condition=...) takes a Q, not {self.condition!r}")

    def _checked_options(self, options: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        """Return the storage parameters as the database writes them."""
        for name in options:
            if name != "db_tablespace" and name not in self.option_names:
                raise TypeError(f"{type(self).__name__}() got an unexpected keyword argument {name!r}")
        found = []
        for name in self.option_names:
            value = options.get(name)
            if value is None:
                continue
            if isinstance(value, (list, tuple)):
                found += [(f"col{place}", str(int(one))) for place, one in enumerate(value, 1)]
            elif isinstance(value, bool):
                found.append((name, "on" if value else "off"))
            else:
                found.append((name, str(int(value))))
        return tuple(found)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        columns: list[int] = []
        for name, value in kwargs.pop("options", ()):
            if name.startswith("col") and name not in self.option_names:
                columns.append(int(value))
            else:
                kwargs[name] = {"on": True, "off": False}[value] if value in ("on", "off") else int(value)
        return path, args, {**kwargs, "columns": columns} if columns else kwargs

    def get_name(self, model_name: str) -> str:
        """Return the name that was given, else one made of *model_name* and the fields."""
        if self.name is not None:
            return self.name
        fields = "_".join(field.removeprefix("-") for field in self.fields)
        return shortened(f"{'uniq' if self.unique else 'idx'}_{model_name}_{fields}".lower())

    def __repr__(self) -> str:
        said = [repr(one) for one in self.expressions]
        said += [f"fields={self.fields!r}"] if self.fields else []
        said += [f"name={self.name!r}"]
        said += ["unique=True"] if self.unique else []
        said += [f"condition={self.condition!r}"] if self.condition is not None else []
        return f"<{type(self).__name__}: {', '.join(said)}>"


class GinIndex(Index):
    """An index of the parts of a value: JSON, arrays, the words of a text. PostgreSQL alone."""

    method = "GIN"
    option_names = ("fastupdate", "gin_pending_list_limit")


class GistIndex(Index):
    """An index of values that lie within one another, such as ranges. PostgreSQL alone."""

    method = "GIST"
    option_names = ("buffering", "fillfactor")


class SpGistIndex(Index):
    """An index of values that divide into parts, such as addresses. PostgreSQL alone."""

    method = "SPGIST"
    option_names = ("fillfactor",)


class BrinIndex(Index):
    """An index of the limits of each block: small, for columns that grow with the table. PostgreSQL alone."""

    method = "BRIN"
    option_names = ("autosummarize", "pages_per_range")


class HashIndex(Index):
    """An index that answers "equal" alone. PostgreSQL alone."""

    method = "HASH"
    option_names = ("fillfactor",)


class BloomIndex(Index):
    """An index of any of many columns; needs the extension `bloom`. PostgreSQL alone."""

    method = "BLOOM"
    option_names = ("length", "columns")
