"""GeneratedField: a column that the database computes from others of its row.

Rests on the base field. It is never written; what it holds comes back with the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, Unpack, cast

from ..exceptions import ImproperlyConfigured
from ..expressions import Expression
from ..lookups.table import Family
from ..sql.types import ColumnType
from .base import NOT_PROVIDED, Field, FieldOptions, PythonType

X = TypeVar("X")


class GeneratedField(Field[X]):
    """The value of *expression*, as a value of *output_field*, kept in the table with *db_persist*.

    PostgreSQL before 18 can only keep it.
    """

    generated = True

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        expression: Expression[Any],
        output_field: Field[X],
        db_persist: bool = True,
        **options: Unpack[FieldOptions],
    ) -> None:
        if not isinstance(expression, Expression):
            raise ImproperlyConfigured(f"expression must be one such as F('price') * 2, not {expression!r}.")
        if not isinstance(output_field, Field):
            raise ImproperlyConfigured(f"output_field must be a field, not {output_field!r}.")
        for name in ("default", "db_default"):
            if options.get(name, NOT_PROVIDED) is not NOT_PROVIDED:
                raise ImproperlyConfigured(f"A GeneratedField has no {name}: the database computes it.")
        if options.setdefault("editable", False) or not options.setdefault("blank", True):
            raise ImproperlyConfigured("A GeneratedField is never editable, and always blank.")
        options.setdefault("null", output_field.null)
        super().__init__(verbose_name, **options)
        self.expression = expression
        self.output_field = output_field
        self.db_persist = db_persist

    @property
    def implied(self) -> Mapping[str, Any]:
        return {"editable": False, "blank": True, "null": self.output_field.null}

    @property
    def family(self) -> Family:  # type: ignore[override]  # that of the output
        return self.output_field.family

    @property
    def python_types(self) -> frozenset[PythonType]:  # type: ignore[override]  # those of the output
        return self.output_field.python_types

    @property
    def plain_type(self) -> ColumnType:
        return self.output_field.plain_type

    @property
    def has_load(self) -> bool:
        return self.output_field.has_load

    def load(self, value: Any) -> Any:
        return self.output_field.load(value)

    def to_python(self, value: Any) -> X | None:
        return self.output_field.to_python(value)

    def prepare_operand(self, value: Any) -> Any:
        return cast(Any, self.output_field).prepare_operand(value)

    def get_prep_value(self, value: Any) -> Any:
        raise self.refusal(value, "is computed by the database and takes no value")

    def output_value(self, value: Any) -> Any:
        return self.output_field.output_value(value)

    def from_db_value(self, value: Any) -> Any:
        return self.output_field.from_db_value(value)

    def validate(self, value: Any, model_instance: Any = None) -> None:
        """Pass: nothing is written."""
