"""Functions of the database: the class that all of them are, and those on values of any type.

Rests on the Expression protocol. How a function is written stands in the tables of the dialects.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from .._record import replace
from .._typevars import Value_co
from ..exceptions import FieldError
from ..sql.nodes import Call, Node, Pieces, Raw, json_text
from ..sql.nodes import Cast as CastNode
from ..sql.types import DATETIME, JSON, TEXT, ColumnType
from .base import Expression, Resolved, Scope, common_type, out_of_json, resolve_named
from .types import OutputField, column_type


class Function(Expression[Value_co]):
    """A call of *function*. An argument that is a string names a field; other plain values are parameters."""

    __slots__ = ("arguments", "type")

    function: ClassVar[str]
    takes: ClassVar[frozenset[str]] = frozenset()
    """The types that the first argument may have; any, if there are none."""
    gives: ClassVar[ColumnType | None] = None
    """The type of the value; without it, that of the arguments that are alike."""
    compares: ClassVar[bool] = False
    """Whether it compares its arguments, which JSON is not compared by."""

    def __init__(self, *arguments: Any, output_field: OutputField | None = None) -> None:
        self.arguments = arguments
        self.type = None if output_field is None else column_type(output_field)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.arguments))})"

    def resolve(self, scope: Scope) -> Resolved:
        parts = [resolve_named(argument, scope) for argument in self.arguments]
        if parts and self.takes and parts[0].type.name not in self.takes | {"any"}:
            raise FieldError(
                f"{self!r} cannot take a value of the type {parts[0].type.name}{out_of_json(parts[0].type)}"
            )
        if self.compares and any(part.type.name == "json" for part in parts):
            raise FieldError(f"{self!r} cannot take JSON{out_of_json(JSON)}")
        type = self.type or self.result([part.type for part in parts])
        node = self.node(parts, type)
        return Resolved(node, type, any(part.aggregate for part in parts))

    def result(self, types: list[ColumnType]) -> ColumnType:
        """Return the type of the value, given those of the arguments."""
        return self.gives or common_type(types, self)

    def node(self, parts: list[Resolved], type: ColumnType) -> Node:
        """Return the call with its arguments."""
        return Call(self.function, tuple(part.node for part in parts), type)


class Several(Function[Value_co]):
    """A function of two arguments or more."""

    __slots__ = ()

    def __init__(self, *expressions: Any, output_field: OutputField | None = None) -> None:
        if len(expressions) < 2:
            raise ValueError(f"{type(self).__name__}() takes two expressions at least")
        super().__init__(*expressions, output_field=output_field)


class Coalesce(Several[Value_co]):
    """The first value that is not NULL."""

    __slots__ = ()
    function = "COALESCE"


class Greatest(Several[Value_co]):
    """The largest value; NULLs are left out, on both databases."""

    __slots__ = ()
    function = "GREATEST"
    compares = True


class Least(Several[Value_co]):
    """The smallest value; NULLs are left out, on both databases."""

    __slots__ = ()
    function = "LEAST"
    compares = True


class NullIf(Function[Value_co]):
    """The first value, or NULL if it equals the second."""

    __slots__ = ()
    function = "NULLIF"

    def __init__(self, expression: Any, other: Any) -> None:
        super().__init__(expression, other)

    def result(self, types: list[ColumnType]) -> ColumnType:
        common_type(types, self)
        return types[0]


class Now(Function[Any]):
    """The database's time: an aware datetime in UTC. On PostgreSQL, the time when the transaction began."""

    __slots__ = ()
    function = "NOW"
    gives = DATETIME

    def __init__(self) -> None:
        super().__init__()


class Cast(Function[Value_co]):
    """A value as one of another type: `Cast("age", "text")`, `Cast("age", FloatField())`."""

    __slots__ = ("target",)

    def __init__(self, expression: Any, output_field: OutputField) -> None:
        super().__init__(expression)
        self.target = column_type(output_field)

    def __repr__(self) -> str:
        return f"Cast({self.arguments[0]!r}, {self.target.name!r})"

    def result(self, types: list[ColumnType]) -> ColumnType:
        return self.target

    def node(self, parts: list[Resolved], type: ColumnType) -> Node:
        source, operand = parts[0].type, parts[0].node
        if source.name == "json" != type.name:
            # A number in quotes is one too, and null is NULL.
            source, operand = TEXT, json_text(operand)
        return CastNode(operand, source, type)


class ExpressionWrapper(Function[Value_co]):
    """An expression of which *output_field* says what it gives: arithmetic between types, or a Q."""

    __slots__ = ()

    def __init__(self, expression: Any, output_field: OutputField) -> None:
        super().__init__(expression, output_field=output_field)

    def node(self, parts: list[Resolved], type: ColumnType) -> Node:
        return parts[0].node


_COLLATION: Final = re.compile(r"[\w-]+(?:\.[\w-]+)?")


class Collate(Function[Value_co]):
    """A text compared and sorted by the rules of *collation*, which is one of the database's own."""

    __slots__ = ("collation",)

    def __init__(self, expression: Any, collation: str) -> None:
        if not _COLLATION.fullmatch(collation):
            raise ValueError(f"{collation!r} is not the name of a collation")
        super().__init__(expression)
        self.collation = collation

    def node(self, parts: list[Resolved], type: ColumnType) -> Node:
        return Pieces(("(", parts[0].node, f' COLLATE "{self.collation}")'))


# -- SQL that the user knows ------------------------------------------------------------------------

_NAME: Final = re.compile(r"[A-Za-z_][\w.]*")
_PLACE: Final = re.compile(r"%\((\w+)\)s|%%")


class Func(Function[Value_co]):
    """A function that dorm does not know: `Func("name", function="SOUNDEX", output_field="text")`.

    *template* is `%(function)s(%(expressions)s)` unless given; `%%` in it is one `%`. A subclass may set both
    of them.
    """

    __slots__ = ("arg_joiner", "extra", "template", "written")

    function = ""
    default_template: ClassVar[str] = "%(function)s(%(expressions)s)"

    def __init__(
        self,
        *expressions: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str = ", ",
        output_field: OutputField | None = None,
        **extra: str | int,
    ) -> None:
        super().__init__(*expressions, output_field=output_field)
        self.written = self.function if function is None else function
        self.template = self.default_template if template is None else template
        self.arg_joiner = arg_joiner
        self.extra = extra
        if self.written and not _NAME.fullmatch(self.written):
            raise ValueError(f"{self.written!r} is not the name of a function")
        for name in _PLACE.findall(self.template):
            if name and name not in ("function", "expressions", *extra):
                raise ValueError(f"the template {self.template!r} names {name!r}, which is not given")
            if name == "function" and not self.written:
                raise ValueError("Func() needs function='NAME', or a template that names none")

    def result(self, types: list[ColumnType]) -> ColumnType:
        return common_type(types, self)

    def node(self, parts: list[Resolved], type: ColumnType) -> Node:
        pieces: list[str | Node] = []
        end = 0
        for match in _PLACE.finditer(self.template):
            pieces.append(self.template[end : match.start()])
            end = match.end()
            pieces += self._filling(match[1], parts)
        pieces.append(self.template[end:])
        return Pieces(tuple(piece for piece in pieces if piece != ""))

    def _filling(self, name: str | None, parts: list[Resolved]) -> list[str | Node]:
        if name is None:
            return ["%"]
        if name == "function":
            return [self.written]
        if name != "expressions":
            return [str(self.extra[name])]
        joined: list[str | Node] = []
        for part in parts:
            joined += [self.arg_joiner, part.node]
        return joined[1:]


class RawSQL(Expression[Value_co]):
    """SQL as it is, `%s` standing for each of *params*. Never build it from what users of yours type in."""

    __slots__ = ("params", "sql", "type")

    def __init__(self, sql: str, params: Any = None, output_field: OutputField | None = None) -> None:
        self.sql = sql
        self.params = None if params is None else tuple(params)
        self.type = None if output_field is None else column_type(output_field)

    def __repr__(self) -> str:
        return f"RawSQL({self.sql!r}, {self.params!r})"

    def resolve(self, scope: Scope) -> Resolved:
        params: tuple[Node, ...] | None = None
        if self.params is not None:
            params = tuple(replace(scope.bind(value).node, form="plain") for value in self.params)
        return Resolved(Raw(self.sql, params), self.type or ColumnType("any"))
