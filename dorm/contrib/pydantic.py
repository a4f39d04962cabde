"""Pydantic models made of dorm models: what a request may hold, and what an answer shows.

Rests on the fields of models; reads instances without asking the database for what was not loaded. Needs the
extra `pydantic`.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model, model_validator
from pydantic._internal._model_construction import ModelMetaclass
from pydantic.fields import FieldInfo

from .._text import did_you_mean, listed, nearest
from ..exceptions import AsyncRequiredError
from ..fields import ArrayField, DecimalField, EmailField, GeneratedField, JSONField, URLField
from ..fields import Field as ModelField
from ..fields.related import ForeignKey, ManyToManyField
from ..lookups.table import Family
from ..meta.options import Options, options_of
from ..models import Model
from ..validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    Validator,
)

TYPES: Final[dict[Family, Any]] = {
    "text": str,
    "integer": int,
    "float": float,
    "decimal": Decimal,
    "boolean": bool,
    "date": datetime.date,
    "time": datetime.time,
    "datetime": datetime.datetime,
    "duration": datetime.timedelta,
    "uuid": UUID,
    "ip": str,
    "binary": bytes,
}

# Validators whose limit stands in a JSON schema too, with the keyword of pydantic's Field.
LIMITS: Final[dict[type[Any], str]] = {
    MinValueValidator: "ge",
    MaxValueValidator: "le",
    MinLengthValidator: "min_length",
    MaxLengthValidator: "max_length",
}

FORMATS: Final[dict[type[Any], str]] = {EmailField: "email", URLField: "uri"}

META: Final = ("model", "fields", "exclude", "optional", "nested")


# -- fields ---------------------------------------------------------------------------------------


def annotation_of(field: ModelField[Any]) -> Any:
    """Return the type of a column's values without None; of a foreign key that of the key."""
    if isinstance(field, ForeignKey):
        return annotation_of(field.target_field)
    if field.enum is not None:
        return field.enum
    if isinstance(field, JSONField):
        return Any if field.schema is None else field.schema
    if isinstance(field, ArrayField):
        return list[annotation_of(field.base_field)]  # type: ignore[misc]  # a type that is known now
    if isinstance(field, GeneratedField):
        return annotation_of(field.output_field)
    return TYPES.get(field.family, Any)


def definition_of(field: ModelField[Any], *, optional: bool = False) -> tuple[Any, Any]:
    """Return the annotation of a field and what pydantic is told of it: default, limits, validators."""
    held = annotation_of(field)
    is_made = field.auto or field.generated
    if optional or field.null or is_made:
        return held | None if held is not Any else Any, _info(field, {"default": None})
    return held, _info(field, _default(field))


def _default(field: ModelField[Any]) -> dict[str, Any]:
    """Return the default of the model as a keyword of pydantic's Field; none makes the field required."""
    if field.has_default():
        return {"default_factory" if callable(field.default) else "default": field.default}
    if field.blank and field.family == "text":
        return {"default": ""}
    return {}


def _info(field: ModelField[Any], default: dict[str, Any]) -> FieldInfo:
    limits, others = _limits(field)
    extra = _shown(field)
    info: FieldInfo = Field(
        **default,
        **limits,
        title=field.deconstruct()[3].get("verbose_name"),
        description=field.help_text or None,
        json_schema_extra=extra or None,
    )
    # A key is checked by the database, and a member of an enumeration is one of its values.
    if isinstance(field, ForeignKey) or field.enum is not None:
        return info
    validators = [*others, *([field.check_choice] if field.choices is not None else ())]
    checks = [_quiet(validator, field.blank) for validator in validators]
    info.metadata += [AfterValidator(check) for check in checks]
    return info


def _limits(field: ModelField[Any]) -> tuple[dict[str, Any], list[Validator]]:
    """Return the limits that a JSON schema can state, and the validators that are left."""
    limits: dict[str, Any] = {}
    if field.max_length is not None and field.family in ("text", "binary"):
        limits["max_length"] = field.max_length
    if field.positive:
        limits["ge"] = 0
    if isinstance(field, DecimalField):
        limits |= {"max_digits": field.max_digits, "decimal_places": field.decimal_places}
    others: list[Validator] = []
    for validator in field.validators:
        keyword = LIMITS.get(type(validator))
        limit = getattr(validator, "limit", None)
        if keyword is None or callable(limit):
            others.append(validator)
        else:
            limits[keyword] = limit
    return limits, [*others, *field.own_validators()]


def _shown(field: ModelField[Any]) -> dict[str, Any]:
    """Return what a JSON schema says of a field beyond its type and limits."""
    shown: dict[str, Any] = {}
    if field.choices is not None and field.enum is None:
        shown["enum"] = [value for value, _ in field.flatchoices]
    for kind, name in FORMATS.items():
        if isinstance(field, kind):
            shown["format"] = name
    return shown


def _quiet(validator: Callable[[Any], Any], blank: bool) -> Callable[[Any], Any]:
    """Return *validator* as pydantic calls one: it gives the value back, and is not asked about no value."""

    def check(value: Any) -> Any:
        if value is not None and not (blank and value == ""):
            validator(value)
        return value

    return check


# -- which of them --------------------------------------------------------------------------------


def definitions(
    options: Options,
    *,
    only: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    optional: Iterable[str] = (),
) -> dict[str, tuple[Any, Any]]:
    """Return the definitions of a model's columns: those in *only*, without those in *exclude*.

    Raises TypeError for a name that is no field.
    """
    wanted, left_out, may_be_none = set(only or ()), set(exclude), set(optional)
    for name in (*wanted, *left_out, *may_be_none):
        _check_field(options, name, "unknown field")
    return {
        field.name: definition_of(field, optional=field.name in may_be_none)
        for field in options.fields
        if field.name not in left_out and (only is None or field.name in wanted)
    }


def _check_field(options: Options, name: str, what: str) -> None:
    names = [field.name for field in (*options.fields, *options.many_to_many)]
    if name not in names:
        raise TypeError(
            f"{what} {name!r} of {options.name}.{did_you_mean(nearest(name, names))} {listed(names)}"
        )


# -- reading instances ----------------------------------------------------------------------------


class InstanceReader:
    """An instance as a schema reads it: keys for foreign keys, lists for managers, and no query unasked."""

    __slots__ = ("_instance", "_nested")

    def __init__(self, instance: Model, nested: Mapping[str, Any]) -> None:
        self._instance = instance
        self._nested = nested

    def __getattr__(self, name: str) -> Any:
        instance = self._instance
        options = options_of(type(instance))
        field = next((one for one in options.foreign_keys if one.name == name), None)
        if field is not None:
            return _row(instance, field) if name in self._nested else getattr(instance, field.attname)
        value = getattr(instance, name)
        return _rows(instance, name, value) if hasattr(value, "get_queryset") else value


def _row(instance: Any, field: ForeignKey) -> Any:
    """Return the row that a foreign key refers to."""
    held = vars(instance)
    if held.get(field.attname) is not None and held.get(field.cache_name) is None:
        _check_may_ask(instance, field.name, f'select_related("{field.name}")')
    return getattr(instance, field.name)


def _rows(instance: Any, name: str, manager: Any) -> list[Any]:
    """Return the rows of a related manager."""
    if name not in vars(instance).get("_prefetched", ()):
        _check_may_ask(instance, name, f'prefetch_related("{name}")')
    return list(manager.all())


def _check_may_ask(instance: Any, name: str, cure: str) -> None:
    """Raise AsyncRequiredError where a query would block a running event loop."""
    if asyncio._get_running_loop() is not None:
        raise AsyncRequiredError(
            f"{type(instance).__name__}.{name} is not loaded, and a schema does not wait for it: "
            f"load it with the row, by {cure}"
        )


def read_instance(cls: Any, value: Any) -> Any:
    """Let pydantic read an instance of a model through an InstanceReader."""
    if not isinstance(value, Model):
        return value
    nested = getattr(cls, "__dorm_nested__", {})
    reader = InstanceReader(value, nested)
    # Here an error is raised as it is; one that comes while pydantic reads becomes part of its own.
    for name in nested:
        getattr(reader, name)
    return reader


# A decorated method outside of a class, as create_model() takes it.
read_by_class: Final[Any] = classmethod(read_instance)


# -- schemas --------------------------------------------------------------------------------------


def schema_for(
    model: type[Model],
    *,
    name: str | None = None,
    exclude: Iterable[str] = (),
    only: Iterable[str] | None = None,
    optional: Iterable[str] = (),
    base: type[BaseModel] = BaseModel,
) -> type[BaseModel]:
    """Return a pydantic model of a dorm model's columns, called `<Model>Schema` unless *name* is given.

    Many-to-many fields are left out; a foreign key is the type of its key. Raises TypeError for a name that
    is no field.
    """
    options = options_of(model)
    found: dict[str, Any] = definitions(options, only=only, exclude=exclude, optional=optional)
    validators: dict[str, Any] = {"read_instance": model_validator(mode="before")(read_by_class)}
    return create_model(
        name or f"{options.name}Schema",
        __base__=base,
        __module__=model.__module__,
        __validators__=validators,
        __cls_kwargs__={"from_attributes": True},
        **found,
    )


class SchemaType(ModelMetaclass):
    """Give a schema the fields that its `class Meta` names, below those that its body declares."""

    def __new__(
        mcs, name: str, bases: tuple[type[Any], ...], namespace: dict[str, Any], **kwargs: Any
    ) -> type[Any]:
        meta = namespace.get("Meta")
        if meta is None:
            return super().__new__(mcs, name, bases, namespace, **kwargs)
        given = _meta(name, meta)
        options = options_of(given["model"])
        nested: dict[str, type[BaseModel]] = given.get("nested", {})
        found: dict[str, Any] = {**_columns(options, given), **_nested(options, nested, given)}
        above = create_model(f"{name}Fields", __base__=bases, __module__=namespace["__module__"], **found)
        cls = super().__new__(mcs, name, (above,), namespace, **kwargs)
        cls.__dorm_nested__ = {**getattr(above, "__dorm_nested__", {}), **nested}  # type: ignore[attr-defined]
        return cls


def _meta(name: str, meta: type[Any]) -> dict[str, Any]:
    given = {key: getattr(meta, key) for key in dir(meta) if not key.startswith("_")}
    for key in given:
        if key not in META:
            raise TypeError(
                f"{name}: unknown option Meta.{key}.{did_you_mean(nearest(key, META))} {listed(META)}"
            )
    if "model" not in given:
        raise TypeError(f"{name}: Meta.model is required")
    if "fields" in given and "exclude" in given:
        raise TypeError(f"{name}: Meta.fields and Meta.exclude exclude one another")
    return given


def _columns(options: Options, given: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    fields = given.get("fields", "__all__")
    names = None if fields == "__all__" else _names("fields", fields)
    many = {field.name for field in options.many_to_many}
    only = None if names is None else [name for name in names if name not in many]
    for name in names or ():
        _check_field(options, name, "unknown field")
    exclude = [name for name in _names("exclude", given.get("exclude", ())) if name not in many]
    return definitions(
        options, only=only, exclude=exclude, optional=_names("optional", given.get("optional", ()))
    )


def _names(option: str, given: Any) -> Sequence[str]:
    if isinstance(given, str) or not all(isinstance(name, str) for name in given):
        raise TypeError(f"Meta.{option} takes a tuple of field names, not {given!r}")
    return tuple(given)


def _nested(
    options: Options, nested: Mapping[str, type[BaseModel]], given: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Return the definitions of the relations that are shown as rows: one, one or None, or a list."""
    found: dict[str, tuple[Any, Any]] = {}
    for name, schema in nested.items():
        if not isinstance(schema, type) or not issubclass(schema, BaseModel):
            raise TypeError(f"Meta.nested[{name!r}] takes a schema, not {schema!r}")
        field = next(
            (one for one in (*options.foreign_keys, *options.many_to_many) if one.name == name), None
        )
        if field is None:
            if not _is_accessor(options, name):
                _check_field(options, name, "Meta.nested: unknown field")
                raise TypeError(f"Meta.nested: unknown field: {options.name}.{name} is no relation")
            found[name] = (list[schema], Field())  # type: ignore[valid-type]  # a class that is known now
        elif isinstance(field, ManyToManyField):
            found[name] = (list[schema], Field())  # type: ignore[valid-type]  # a class that is known now
        else:
            is_optional = field.null or name in given.get("optional", ())
            found[name] = (schema | None, Field(default=None)) if is_optional else (schema, Field())
    return found


def _is_accessor(options: Options, name: str) -> bool:
    """Return whether instances have a manager of other models' rows by this name."""
    relations = (*options.reverse.values(), *options.pairings.values())
    return any(relation.accessor == name and relation.many for relation in relations)


class DormSchema(BaseModel, metaclass=SchemaType):
    """A pydantic model whose `class Meta` names a dorm model; what the body declares wins.

    Meta takes *model*, *fields* (names, or "__all__") or *exclude*, *optional* (names that may be left out),
    and *nested*: relation -> the schema that its rows are shown by.
    """

    model_config = ConfigDict(from_attributes=True, arbitrary_types_allowed=True)

    __dorm_nested__: ClassVar[Mapping[str, type[BaseModel]]] = {}

    # What Meta makes is known to dorm's mypy plugin; without it any name goes.
    if TYPE_CHECKING:

        def __init__(self, **data: Any) -> None: ...
        def __getattr__(self, name: str) -> Any: ...

    @model_validator(mode="before")
    @classmethod
    def _read_instance(cls, value: Any) -> Any:
        return read_instance(cls, value)

    @classmethod
    def relations(cls) -> tuple[str, ...]:
        """Return the paths that `prefetch_related()` must load for instances to be shown without a query."""
        found: list[str] = []
        for name, schema in cls.__dorm_nested__.items():
            inner = schema.relations() if issubclass(schema, DormSchema) else ()
            found += [name, *(f"{name}__{path}" for path in inner)]
        return tuple(found)
