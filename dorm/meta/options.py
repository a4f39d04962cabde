"""Model._meta: what a model is made of.

Rests on fields and lookups; is the ModelView that the path walker reads at run time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any, Final

from .._text import did_you_mean, listed, nearest
from ..constraints import BaseConstraint
from ..exceptions import FieldDoesNotExist, FieldError
from ..expressions import Expression, OrderBy
from ..fields.base import NOT_PROVIDED, RESERVED_NAMES, Field, check_identifier
from ..fields.related import ForeignKey, ManyToManyField, RelationField
from ..indexes import Index
from ..lookups.paths import FieldView, Miss, ModelView, Path
from .relations import ManyToMany, ReverseRelation

# What a class writes for its instances; a relation's attribute is neither.
WRITTEN: Final = (FunctionType, classmethod, staticmethod, property)


class Options:
    """The names, fields and relations of one model class."""

    def __init__(
        self,
        model: type[Any],
        *,
        abstract: bool = False,
        app_label: str | None = None,
        db_table: str | None = None,
        ordering: Sequence[str | Expression[Any] | OrderBy] = (),
        unique_together: Sequence[tuple[str, ...]] = (),
        names_of_managers: Mapping[str, str] | None = None,
        indexes: Sequence[Index] = (),
        constraints: Sequence[BaseConstraint] = (),
        get_latest_by: str | Sequence[str] | None = None,
        managed: bool = True,
        proxy: bool = False,
        verbose_name: str | None = None,
        verbose_name_plural: str | None = None,
        db_table_comment: str | None = None,
        default_related_name: str | None = None,
        permissions: Sequence[Any] = (),
        default_permissions: Sequence[str] = (),
        inheritable: Mapping[str, Any],
        fields: Sequence[Field[Any]],
    ) -> None:
        self.model = model
        self.name = model.__name__
        self.model_name = model.__name__.lower()
        self.app_label = app_label or _app_of(model.__module__)
        self.label = f"{self.app_label}.{model.__name__}"
        self.db_table = check_identifier(db_table or self.default_table(), "db_table")
        self.inheritable = dict(inheritable)
        self.names_of_managers = dict(names_of_managers or {})
        # Given when the class is made: managers by name, the one that related managers take after, the base.
        self.managers: dict[str, Any] = {}
        self.default_manager: Any = None
        self.base_manager: Any = None
        # Where the names of other models are looked up.
        self.registry: Any = None
        self.abstract = abstract
        self.ordering = tuple(ordering)
        self.unique_together = tuple(unique_together)
        # A name may have a place for the model's own.
        self.indexes = [index.named_for(self.app_label, self.model_name) for index in indexes]
        self.constraints = [one.named_for(self.app_label, self.model_name) for one in constraints]
        self.get_latest_by = get_latest_by
        self.managed = managed
        self.proxy = proxy
        self.concrete_model = model
        self.verbose_name = verbose_name or self.default_verbose_name()
        self.verbose_name_plural = verbose_name_plural or f"{self.verbose_name}s"
        self.db_table_comment = db_table_comment
        self.default_related_name = default_related_name
        self.permissions = tuple(permissions)
        self.default_permissions = tuple(default_permissions)
        self.many_to_many = tuple(field for field in fields if isinstance(field, ManyToManyField))
        # Those that have a column.
        self.fields: tuple[Field[Any], ...] = tuple(f for f in fields if not isinstance(f, ManyToManyField))
        self.foreign_keys = tuple(field for field in self.fields if isinstance(field, ForeignKey))
        self.reverse: dict[str, ReverseRelation] = {}
        self.pairings: dict[str, ManyToMany] = {}
        # Whether the checks have looked at the model; they do when it is first asked about.
        self.is_checked = False
        # What the floors above keep per model; dropped when a relation is added or taken away.
        self.cache: dict[Any, Any] = {}
        self.by_attname = {field.attname: field for field in self.fields}
        self._named: dict[str, Field[Any]] = {
            **self.by_attname,
            **{field.name: field for field in self.fields},
        }
        keys = [field for field in self.fields if field.primary_key]
        self._pk: Field[Any] | None = keys[0] if keys else None
        if self._pk is not None:
            self._named.setdefault("pk", self._pk)
        self.written_fields = tuple(field for field in self.fields if not field.generated)
        self.fields_without_pk = tuple(field for field in self.written_fields if not field.primary_key)
        # What comes back with the row: computed columns, and those whose default the database knows.
        self.generated = tuple(field for field in self.fields if field.generated)
        defaults = [field for field in self.written_fields if field.db_default is not NOT_PROVIDED]
        self.database_made = (*self.generated, *defaults)

    def __repr__(self) -> str:
        return f"<Options of {self.label}>"

    def default_table(self) -> str:
        """Return the name of the table where Meta gives none."""
        return f"{self.app_label.rpartition('.')[2]}_{self.model_name}"

    def default_verbose_name(self) -> str:
        """Return what the model is called where Meta does not say."""
        return _in_words(self.name)

    @property
    def pk(self) -> Field[Any]:
        """The primary key; an abstract model may have none: then FieldDoesNotExist."""
        if self._pk is None:
            raise FieldDoesNotExist(
                f"{self.name} is abstract and has no primary key", model=self.name, name="pk"
            )
        return self._pk

    def get_field(self, name: str) -> Field[Any]:
        """Return the field called *name*; FieldDoesNotExist, with the nearest name, if there is none."""
        field = self._named.get(name) or next((own for own in self.many_to_many if own.name == name), None)
        if field is None:
            choices = [own.name for own in (*self.fields, *self.many_to_many)]
            suggestion = nearest(name, choices)
            raise FieldDoesNotExist(
                f"{self.name} has no field {name!r}.{did_you_mean(suggestion)} Fields: {listed(choices)}.",
                model=self.name, name=name, position=name, choices=choices, suggestion=suggestion,
            )  # fmt: skip
        return field

    def get_column(self, name: str) -> Field[Any]:
        """Return the field called *name*; FieldError if it has no column, as a ManyToManyField."""
        field = self.get_field(name)
        if isinstance(field, ManyToManyField):
            raise FieldError(
                f"{self.name}.{name} has no column: change it by add(), remove() and set()",
                model=self.name, name=name, position=name,
            )  # fmt: skip
        return field

    # -- the ModelView --------------------------------------------------------------------------

    def field(self, name: str) -> FieldView | None:
        """Return the field or reverse relation that *name* means in a query, or None."""
        return self._named.get(name) or self.pairings.get(name) or self.reverse.get(name)

    def names(self) -> list[str]:
        """Return the names of fields and reverse relations, as offered in messages."""
        relations = [name for name in (*self.pairings, *self.reverse) if name[0] != "+"]
        return [*(field.name for field in self.fields), *relations]

    # -- the other side of other models' foreign keys -------------------------------------------

    def add_reverse(self, relation: ReverseRelation) -> None:
        self.reverse[_name_of(relation)] = relation
        self.cache.clear()

    def add_pairing(self, relation: ManyToMany) -> None:
        self.pairings[_name_of(relation)] = relation
        self.cache.clear()

    def remove_relations(self, field: RelationField) -> None:
        """Forget the directions that *field* gave this model."""
        self.reverse = {name: own for name, own in self.reverse.items() if own.field is not field}
        self.pairings = {name: own for name, own in self.pairings.items() if own.field is not field}
        self.cache.clear()

    def holder_of(self, name: str, *, leaving: type[Any] | None = None) -> str | None:
        """Return what uses *name* on this model, relations from the model *leaving* not counted; or None."""
        if name in self._named:
            return f"the field {self.name}.{name}"
        for relation in (*self.reverse.values(), *self.pairings.values()):
            if name in (relation.name, relation.accessor) and relation.field.model is not leaving:
                return f"{relation.field.model.__name__}.{relation.field.name}"
        writer = next((base for base in self.model.__mro__ if name in vars(base)), None)
        if writer is not None and (name in RESERVED_NAMES or isinstance(vars(writer)[name], WRITTEN)):
            return f"{writer.__name__}.{name}"
        return None


class ProxyOptions(Options):
    """The options of a proxy: its own names, and the table, fields and relations of the model behind it."""

    def __init__(self, model: type[Any], behind: Options, meta: Mapping[str, Any]) -> None:
        self.behind = behind
        shared = {"db_table": behind.db_table, "indexes": (), "constraints": ()}
        super().__init__(model, **{**meta, **shared}, fields=(*behind.fields, *behind.many_to_many))
        self.concrete_model = behind.concrete_model

    # A relation to the model behind may come later, and leads to the proxy's rows too.
    @property
    def reverse(self) -> dict[str, ReverseRelation]:
        return self.behind.reverse

    @reverse.setter
    def reverse(  # pyright: ignore[reportIncompatibleVariableOverride]  # read and set as on the base
        self, value: dict[str, ReverseRelation]
    ) -> None:
        """Leave the relations where they are."""

    @property
    def pairings(self) -> dict[str, ManyToMany]:
        return self.behind.pairings

    @pairings.setter
    def pairings(  # pyright: ignore[reportIncompatibleVariableOverride]  # read and set as on the base
        self, value: dict[str, ManyToMany]
    ) -> None:
        """Leave the relations where they are."""


def _in_words(name: str) -> str:
    """Return the words of a class's name: "blog post" for "BlogPost"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).lower()


def _name_of(relation: ReverseRelation | ManyToMany) -> str:
    """Return the name of a relation in queries; one under "+" has a name that none can write, for deletes."""
    if relation.accessor is not None:
        return relation.name
    return f"+{relation.target.db_table}.{relation.field.name}"


def _app_of(module: str) -> str:
    """Return the app of a module: the package of its `models`, else the first part of its name."""
    if module.endswith(".models"):
        return module.removesuffix(".models")
    return module.partition(".")[0].strip("_")


def options_of(model: type[Any]) -> Options:
    """Return the options of a model class."""
    options: Options = model._meta
    return options


def read(walker: Callable[[ModelView, str], Path | Miss], view: ModelView, key: str) -> Path:
    """Return the path that *walker* finds for *key*; raise the FieldError that a Miss describes."""
    found = walker(view, key)
    if isinstance(found, Miss):
        raise FieldError(
            found.message,
            model=found.model,
            name=found.name,
            position=found.position,
            choices=found.choices,
            suggestion=found.suggestion,
        )
    return found
