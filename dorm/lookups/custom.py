"""Lookups and transforms of a project's own: a name, and the SQL that it stands for.

Rests on the table, to which `Field.register_lookup()` adds them. A name belongs to a family of fields: what a
CharField takes, a TextField takes too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, Literal

from .._record import replace
from .._text import listed
from ..exceptions import ImproperlyConfigured
from ..sql.nodes import Node, Templated
from . import build, table
from .table import EVERY, Family

PLACE: Final = re.compile(r"\{(\w*)\}")


class Lookup:
    """A condition of one's own. Say its name and its SQL, then register it on a class of field:

        @dorm.IntegerField.register_lookup
        class NotEqual(dorm.Lookup):
            lookup_name = "ne"
            template = "{left} <> {right}"

    *templates* has other texts for some vendors, such as "sqlite". With *operand* "text" the value on the
    right is a text, whatever the column holds.
    """

    lookup_name: ClassVar[str]
    template: ClassVar[str]
    templates: ClassVar[Mapping[str, str]] = {}
    operand: ClassVar[Literal["same", "text"]] = "same"


class Transform:
    """A value made of a column's, to which other lookups apply: `name__reversed__startswith="x"`.

    Its *template* has one place, `{operand}`. *output_field* is what it gives; without it, what it is given.
    """

    lookup_name: ClassVar[str]
    template: ClassVar[str]
    templates: ClassVar[Mapping[str, str]] = {}
    output_field: ClassVar[Any] = None


# What is registered, by name and family.
_lookups: Final[dict[tuple[str, Family], type[Lookup]]] = {}
_built_in: Final = dict(table.LOOKUPS)
_builders: Final = dict(build.BUILDERS)


def register(kind: Any, family: Family, output: Callable[[], Any]) -> None:
    """Add a Lookup or a Transform for fields of *family* to the table; *output* makes such a field."""
    families: frozenset[Family] = EVERY if family == "any" else frozenset[Family]({family})
    if isinstance(kind, type) and issubclass(kind, Lookup):
        _add_lookup(kind, families)
    elif isinstance(kind, type) and issubclass(kind, Transform):
        _add_transform(kind, families, output)
    else:
        raise ImproperlyConfigured(f"register_lookup() takes a class below Lookup or Transform, not {kind!r}")


def _check(kind: Any, places: frozenset[str]) -> None:
    name = getattr(kind, "lookup_name", "")
    if not isinstance(name, str) or not name.isidentifier() or "__" in name:
        raise ImproperlyConfigured(
            f"{kind.__name__}: lookup_name={name!r} is no word that may stand after '__'"
        )
    for template in (getattr(kind, "template", ""), *kind.templates.values()):
        found = frozenset(PLACE.findall(template))
        if found != places:
            raise ImproperlyConfigured(
                f"{kind.__name__}: {template!r} must have the places {listed('{%s}' % one for one in places)}"
            )


def _add_lookup(kind: type[Lookup], families: frozenset[Family]) -> None:
    _check(kind, frozenset({"left", "right"}))
    name = kind.lookup_name
    row = table.LOOKUPS.get(name)
    taken = [family for family in families if not _is_free(_lookups.get((name, family)), kind)]
    built_in = _built_in.get(name)
    if taken or (built_in is not None and built_in.families & families) or name in table.TRANSFORMS:
        raise ImproperlyConfigured(f"{kind.__name__}: these fields have a lookup {name!r} already")
    if row is not None and row.operand != kind.operand:
        raise ImproperlyConfigured(f"{kind.__name__}: {name!r} takes another kind of operand on other fields")
    others = row.families if row is not None else frozenset[Family]()
    _lookups.update({(name, family): kind for family in families})
    exceptions = () if built_in is None else built_in.exceptions
    table.LOOKUPS[name] = table.Lookup(name, others | families, kind.operand, exceptions)
    build.BUILDERS[name] = _builder(name, _builders.get(name))


def _is_free(old: Any, kind: Any) -> bool:
    """Return whether *kind* may have the place of *old*: a class that is defined again replaces itself."""
    return old is None or (old.__module__, old.__qualname__) == (kind.__module__, kind.__qualname__)


def _builder(
    name: str, before: Callable[[Node, Node, Family], Node] | None
) -> Callable[[Node, Node, Family], Node]:
    def written(left: Node, right: Node, family: Family) -> Node:
        kind = _lookups.get((name, family))
        if kind is None and before is not None:
            return before(left, right, family)
        assert kind is not None
        return Templated(
            "(" + kind.template + ")", _texts(kind, "(", ")"), (("left", left), ("right", right))
        )

    return written


def _texts(kind: Any, opening: str = "", closing: str = "") -> tuple[tuple[str, str], ...]:
    return tuple((vendor, f"{opening}{text}{closing}") for vendor, text in kind.templates.items())


def _add_transform(kind: type[Transform], families: frozenset[Family], output: Callable[[], Any]) -> None:
    _check(kind, frozenset({"operand"}))
    name = kind.lookup_name
    old = table.TRANSFORMS.get(name)
    if name in table.LOOKUPS or (old is not None and not _is_free(getattr(old, "kind", Transform), kind)):
        raise ImproperlyConfigured(f"{kind.__name__}: there is a lookup or transform {name!r} already")
    field = kind.output_field if kind.output_field is not None else output()
    others = old.families if old is not None else frozenset[Family]()
    table.TRANSFORMS[name] = table.CustomTransform(name, others | families, field.family, kind, field)


def unregister(kind: Any) -> None:
    """Take a lookup or a transform out of the table again."""
    name = kind.lookup_name
    if issubclass(kind, Transform):
        table.TRANSFORMS.pop(name, None)
        return
    for key in [key for key, own in _lookups.items() if own is kind]:
        del _lookups[key]
    left = frozenset[Family](family for known, family in _lookups if known == name)
    row = _built_in.get(name)
    if row is not None:
        table.LOOKUPS[name] = replace(row, families=row.families | left)
    elif not left:
        table.LOOKUPS.pop(name, None)
        build.BUILDERS.pop(name, None)
    else:
        table.LOOKUPS[name] = table.Lookup(name, left, table.LOOKUPS[name].operand)
