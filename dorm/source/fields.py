"""Read the call that makes a field: which column it is, and the type of its values as an annotation.

Rests on `ast` and on the names of declarations. What a call does not say in plain words is Any.
"""

from __future__ import annotations

import ast
from typing import Final

from .._record import Record
from ..lookups.table import Family

# Each field class of dorm: the type of its values, and which lookups they have.
VALUES: Final[dict[str, tuple[str, Family]]] = {
    "AutoField": ("int", "integer"),
    "BigAutoField": ("int", "integer"),
    "SmallAutoField": ("int", "integer"),
    "IntegerField": ("int", "integer"),
    "BigIntegerField": ("int", "integer"),
    "SmallIntegerField": ("int", "integer"),
    "PositiveIntegerField": ("int", "integer"),
    "PositiveSmallIntegerField": ("int", "integer"),
    "PositiveBigIntegerField": ("int", "integer"),
    "FloatField": ("float", "float"),
    "DecimalField": ("decimal.Decimal", "decimal"),
    "BooleanField": ("bool", "boolean"),
    "NullBooleanField": ("bool", "boolean"),
    "CharField": ("str", "text"),
    "TextField": ("str", "text"),
    "EmailField": ("str", "text"),
    "URLField": ("str", "text"),
    "SlugField": ("str", "text"),
    "GenericIPAddressField": ("str", "ip"),
    "IPAddressField": ("str", "ip"),
    "DateField": ("datetime.date", "date"),
    "TimeField": ("datetime.time", "time"),
    "DateTimeField": ("datetime.datetime", "datetime"),
    "DurationField": ("datetime.timedelta", "duration"),
    "UUIDField": ("uuid.UUID", "uuid"),
    "BinaryField": ("bytes", "binary"),
    "JSONField": ("Any", "json"),
    "ArrayField": ("list[Any]", "array"),
    "GeneratedField": ("Any", "any"),
    "Field": ("Any", "any"),
    "ForeignKey": ("Any", "relation"),
    "OneToOneField": ("Any", "relation"),
    "ManyToManyField": ("Any", "relation"),
}

KEYS: Final = frozenset({"ForeignKey", "OneToOneField"})
AUTOMATIC: Final = frozenset({"AutoField", "BigAutoField", "SmallAutoField"})


class FieldCall(Record):
    """A field as written: *kind* is a name in VALUES, *called* the dotted name of the class that is called.

    *held* is the full name of the class that the values are of, "" for one that cannot be told, and None
    where *kind* alone says it. *items* is what an array holds.
    """

    name: str
    kind: str
    called: str
    null: bool = False
    primary_key: bool = False
    to_field: str | None = None
    has_choices: bool = False
    held: str | None = None
    items: str | None = None


# What a model has for a key when it names none.
AUTOMATIC_KEY: Final = FieldCall("id", "BigAutoField", "dorm.BigAutoField", primary_key=True)


def read_field(name: str, kind: str, called: str, call: ast.Call) -> FieldCall:
    """Return what *call* says of the field *name*, but for the class of its values."""
    given = keywords(call)
    return FieldCall(
        name,
        kind,
        called,
        null=kind == "NullBooleanField" or is_starred(call) or not _is_constant(given.get("null"), False),
        primary_key=_is_constant(given.get("primary_key"), True) or kind in AUTOMATIC,
        to_field=_text(given.get("to_field")),
        has_choices=is_starred(call) or "choices" in given,
    )


def class_of_values(kind: str, call: ast.Call) -> ast.expr | None:
    """Return the expression that may be the class of a field's values, None where its kind says it."""
    wanted = "schema" if kind == "JSONField" else "choices"
    given = keywords(call).get(wanted)
    return given if is_reference(given) else None


def item_call(kind: str, call: ast.Call) -> ast.Call | None:
    """Return the call that makes the field of an array's items."""
    if kind != "ArrayField":
        return None
    given = call.args[0] if call.args else keywords(call).get("base_field")
    return given if isinstance(given, ast.Call) else None


def keywords(call: ast.Call) -> dict[str, ast.expr]:
    """Return the keyword arguments of *call* by their names."""
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}


def is_starred(call: ast.Call) -> bool:
    """Return whether *call* may be given more than its text shows."""
    return any(keyword.arg is None for keyword in call.keywords)


def is_reference(node: ast.expr | None) -> bool:
    """Return whether *node* is a dotted name, as that of a class."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _is_constant(node: ast.expr | None, value: bool) -> bool:
    """Return whether *node* is *value*; an option that was not given is False."""
    return value is False if node is None else isinstance(node, ast.Constant) and node.value is value


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
