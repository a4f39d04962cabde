"""What happens when a model class is defined.

Fields are taken off the class and kept in its options: instances hold plain values, and `Author.age` is
served by the metaclass, as an expression. Nothing is registered until the whole class is right.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from keyword import iskeyword
from typing import Any

from .._text import did_you_mean, listed, nearest
from ..exceptions import ImproperlyConfigured, MultipleObjectsReturned, ObjectDoesNotExist
from ..expressions import Column, TextColumn
from ..fields import BigAutoField, Field
from ..fields.related import CASCADE, ForeignKey, ManyToManyField, RelationField
from ..meta.options import Options, ProxyOptions, options_of
from ..meta.registry import Registry, connect_key, connect_pairs
from ..meta.registry import registry as current
from ..queryset.manager import Manager
from ..signals import class_prepared
from .descriptors import ForwardRelation, ReverseAccessor, ReverseOneToOne
from .displays import give_displays
from .instances import is_generated, lazy_initialiser
from .meta_options import check_names, meta_options
from .twins import refuse_halves


class ModelBase(type):
    """The class of model classes; each is in one *registry*, by default that of the program's models."""

    _meta: Options

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, registry: Registry = current
    ) -> ModelBase:
        parents = [base for base in bases if isinstance(base, ModelBase)]
        if not parents:
            return super().__new__(mcls, name, bases, namespace)
        own = {key: value for key, value in namespace.items() if isinstance(value, Field)}
        kept = {key: value for key, value in namespace.items() if key not in own}
        inherited = _inherited_fields(bases, own, kept)
        meta = meta_options(name, kept.get("Meta"), parents)
        for key in own.keys() | inherited.keys():
            # `name = None` beside a field, or in place of an inherited one, must not hide a value.
            if kept.get(key, 0) is None or kept.get(f"{key}_id", 0) is None:
                kept.pop(key, None)
                kept.pop(f"{key}_id", None)
        cls = super().__new__(mcls, name, bases, kept)
        refuse_halves(cls)
        fields = {**inherited, **own}
        if meta.get("proxy"):
            return _finish_proxy(cls, meta, own, registry)
        if not meta["abstract"] and not any(field.primary_key for field in fields.values()):
            fields = {"id": BigAutoField(), **fields}
        cls._meta = Options(cls, **meta, fields=_bound(cls, fields))
        cls._meta.registry = registry
        for relation in (*cls._meta.foreign_keys, *cls._meta.many_to_many):
            relation.name_reverse(cls._meta.default_related_name, cls._meta.app_label)
        _give_exceptions(cls, parents)
        _give_initialiser(cls)
        give_displays(cls, cls._meta)
        if meta["abstract"]:
            return cls
        check_names(cls._meta)
        for key_field in cls._meta.foreign_keys:
            setattr(cls, key_field.name, ForwardRelation(key_field))
        _give_managers(cls, kept)
        for relation_field in registry.add(cls):
            _connect(relation_field)
        if class_prepared.active and registry is current:
            class_prepared.send(cls)
        return cls

    def __getattr__(cls, name: str) -> Any:
        """Return the column called *name*: fields are not on the class."""
        options: Options | None = cls.__dict__.get("_meta")
        if options is not None:
            field = options.by_attname.get(name)
            if field is not None:
                return (TextColumn if field.family == "text" else Column)(field, name)
            if not options.abstract and name in ("_default_manager", "_base_manager"):
                return getattr(options, name[1:])
            if options.abstract and name == "objects":
                raise AttributeError(f"{cls.__name__} is abstract: it has no rows, and so no manager")
            suggestion = nearest(name, [*options.by_attname, *dir(cls)])
            raise AttributeError(f"{cls.__name__} has no attribute {name!r}.{did_you_mean(suggestion)}")
        raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")


def _finish_proxy(
    cls: ModelBase, meta: dict[str, Any], own: dict[str, Field[Any]], registry: Registry
) -> ModelBase:
    """Give a proxy the table, fields and relations of the one model that it stands for."""
    above = [base for base in cls.__mro__[1:] if isinstance(base, ModelBase) and "_meta" in vars(base)]
    concrete = [base for base in above if not base._meta.abstract]
    if own or not concrete:
        what = f"adds the fields {listed(own)}" if own else "has no model to stand for"
        raise ImproperlyConfigured(f"{cls.__name__} is a proxy, and {what}: it shares its parent's table.")
    cls._meta = ProxyOptions(cls, concrete[0]._meta, meta)
    cls._meta.registry = registry
    _give_exceptions(cls, concrete[:1])
    _give_managers(cls, dict(vars(cls)))
    with registry.lock:
        registry.models[cls._meta.label] = cls
    return cls


def _connect(field: RelationField) -> None:
    """Put the attributes of a relation, whose models are all known by now, on both of them."""
    if isinstance(field, ForeignKey):
        relation = connect_key(field)
        if relation.accessor is not None:
            kind = ReverseAccessor if relation.many else ReverseOneToOne
            setattr(relation.owner.model, relation.accessor, kind(relation))
    elif isinstance(field, ManyToManyField):
        if field.through is None:
            field.through = _pair_model(field)
        for pairing in connect_pairs(field):
            if pairing.accessor is not None:
                setattr(pairing.owner.model, pairing.accessor, ReverseAccessor(pairing))


def _pair_model(field: ManyToManyField) -> ModelBase:
    """Make the model of the table of pairs: one key to each side, and no pair twice."""
    owner, target = field.model._meta, options_of(field.related_model)
    names = (owner.model_name, target.model_name)
    if owner is target:
        names = (f"from_{owner.model_name}", f"to_{owner.model_name}")
    meta = {
        "app_label": owner.app_label,
        "db_table": field.db_table or f"{owner.db_table}_{field.name}",
        "unique_together": [names],
    }
    keys = [
        ForeignKey(model, CASCADE, related_name="+", db_constraint=field.db_constraint)
        for model in (owner.model, target.model)
    ]
    namespace = {
        "__module__": owner.model.__module__,
        "Meta": type("Meta", (), meta),
        **dict(zip(names, keys)),
    }
    root = next(base for base in owner.model.__mro__ if _is_root(base))
    return ModelBase(f"{owner.name}_{field.name}", (root,), namespace, registry=owner.registry)


def _inherited_fields(
    bases: Iterable[type], own: dict[str, Field[Any]], namespace: dict[str, Any]
) -> dict[str, Field[Any]]:
    """Return copies of the parents' fields, but for those that the class drops with `name = None`."""
    found: dict[str, Field[Any]] = {}
    for base in bases:
        if isinstance(base, ModelBase) and "_meta" in base.__dict__:
            for field in (*base._meta.fields, *base._meta.many_to_many):
                if field.name not in own and namespace.get(field.name, 0) is not None:
                    found.setdefault(field.name, field.clone())
    return found


def _bound(cls: ModelBase, fields: dict[str, Field[Any]]) -> list[Field[Any]]:
    """Bind *fields* to the class; return them with the primary key first."""
    keys = [name for name, field in fields.items() if field.primary_key]
    if len(keys) > 1:
        raise ImproperlyConfigured(f"{cls.__name__} has several primary keys: {listed(keys)}. Keep one.")
    for name, field in fields.items():
        if iskeyword(name) or name == "self":
            raise ImproperlyConfigured(
                f"A field cannot be named {name!r}: no keyword argument can be called so."
            )
        if any(name in vars(base) for base in cls.__mro__ if _is_root(base)):
            raise ImproperlyConfigured(
                f"A field cannot be named {name!r}: every model has a {name!r} of its own."
            )
        field.bind(cls, name)
    _check_columns(cls, fields.values())
    return sorted(fields.values(), key=lambda field: not field.primary_key)


def _is_root(base: type) -> bool:
    return isinstance(base, ModelBase) and "_meta" not in base.__dict__


def _check_columns(cls: ModelBase, fields: Iterable[Field[Any]]) -> None:
    taken: dict[str, str] = {}
    for field in fields:
        for name in {field.column, field.attname} if not field.many_to_many else {field.name}:
            if taken.setdefault(name, field.name) != field.name:
                raise ImproperlyConfigured(
                    f"{cls.__name__}.{field.name} and {cls.__name__}.{taken[name]} both use the name {name!r}"
                )


def _give_exceptions(cls: ModelBase, parents: list[ModelBase]) -> None:
    for base in (ObjectDoesNotExist, MultipleObjectsReturned):
        name = "DoesNotExist" if base is ObjectDoesNotExist else base.__name__
        above = tuple(dict.fromkeys(parent.__dict__.get(name, base) for parent in parents)) or (base,)
        names = {"__module__": cls.__module__, "__qualname__": f"{cls.__qualname__}.{name}"}
        setattr(cls, name, type(name, above, names))


def _give_initialiser(cls: ModelBase) -> None:
    """Give the class an `__init__` of its own fields; one that a user wrote stays."""
    above = [base for base in cls.__mro__ if base is not object and not _is_root(base)]
    if all(is_generated(vars(base).get("__init__")) for base in above):
        setattr(cls, "__init__", lazy_initialiser(cls))
        return
    for base in above:
        # A written __init__ calls the one above it, which must not be that of fewer fields.
        if "__init__" in vars(base) and is_generated(vars(base)["__init__"]):
            delattr(base, "__init__")


def _give_managers(cls: ModelBase, namespace: dict[str, Any]) -> None:
    """Give the class its own copy of each inherited manager, and `objects` if it has none by that name."""
    for base in reversed(cls.__mro__[1:]):
        for name, value in list(vars(base).items()):
            if isinstance(value, Manager) and name not in namespace:
                setattr(cls, name, _owned(value, cls, name))
    if not isinstance(vars(cls).get("objects"), Manager):
        setattr(cls, "objects", _owned(Manager(), cls, "objects"))
    options = cls._meta
    managers = {name: value for name, value in vars(cls).items() if isinstance(value, Manager)}
    options.managers = managers
    first = min(managers, key=lambda name: managers[name].number)
    options.default_manager = _manager_named(options, "default_manager_name", first)
    options.base_manager = _manager_named(options, "base_manager_name", None) or _owned(Manager(), cls, "")


def _manager_named(options: Options, option: str, otherwise: str | None) -> Manager[Any] | None:
    name = options.names_of_managers.get(option) or otherwise
    if name is None:
        return None
    if name not in options.managers:
        suggestion = nearest(name, options.managers)
        raise ImproperlyConfigured(
            f"{options.name}.Meta.{option} is {name!r}, which is no manager.{did_you_mean(suggestion)} "
            f"Managers: {listed(options.managers)}."
        )
    manager: Manager[Any] = options.managers[name]
    return manager


def _owned(manager: Manager[Any], cls: ModelBase, name: str) -> Manager[Any]:
    own = copy(manager)
    own.__set_name__(cls, name)
    return own
