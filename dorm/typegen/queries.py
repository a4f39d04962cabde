"""What a stub has beside a model: the classes of its querysets and managers, their keywords and rows.

Rests on the row types and keywords of the other modules here. A method is written once, in the class that
querysets and managers share.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from ..source.calls import Made, Shaping, is_unnamed
from ..source.models import ManagerSource, SourceModel
from ..source.modules import ClassSource
from .lookups import lookup_keywords, write_keywords
from .rows import (
    PLAIN,
    RowTypes,
    column,
    filled_with,
    result_of,
    variable,
)
from .scope import StubScope, wrapped
from .uses import Step, Uses, form_of

# The class of each method that gets a row or makes it, and its parameters of values for a new row.
OR_CREATE: Final = {
    "get_or_create": ("OrCreate", ("defaults",)),
    "update_or_create": ("OrUpdate", ("defaults", "create_defaults")),
}


class QueryText:
    """The classes that are written beside one model."""

    def __init__(self, scope: StubScope, model: SourceModel, uses: Uses) -> None:
        self.scope = scope
        self.model = model
        self.uses = uses
        self.rows = RowTypes(scope, model)
        self.name = scope.model(model)
        self.lookups: dict[str, str] = {}
        self.same = uses.alike()
        # The most computed values that one overload speaks of.
        self.variables = 0

    def classes(self) -> str:
        """Return the classes that are written beside the model's own."""
        face = self._face()
        used = dict.fromkeys(
            [*self.uses.lookups, *(key for keys in self.uses.or_create.values() for key in keys)]
        )
        self.lookups = lookup_keywords(self.scope, self.model, used, self._computed())
        writes = write_keywords(self.scope, self.model)
        parts = [
            self._names(),
            self._callable("Lookups", "*args: _Condition", self.lookups),
            self._callable("Values", "", writes),
            *self._or_create_forms(writes),
            *self.rows.classes.values(),
            face,
            self._querysets(),
        ]
        return "\n".join(parts)

    def _own(self, suffix: str) -> str:
        return self.scope.own(self.model, suffix)

    # -- names ----------------------------------------------------------------------------------

    def _names(self) -> str:
        columns = self._columns()
        directions = [f"-{name}" for name in (*columns, *self._computed())]
        single, many = self._relations()
        found = {
            "Column": [*columns, *self._computed()],
            "Order": [*directions, "?"],
            "Single": single,
            "Many": many,
        }
        return "".join(
            f"{self._own(suffix)}: _TypeAlias = {_literal(names) if names else 'None'}\n"
            for suffix, names in found.items()
        )

    def _computed(self) -> list[str]:
        """Return the names that queries compute; one of a field is an error where it is used."""
        return [name for name in self.uses.computed if self.model.field(name) is None]

    def _columns(self) -> list[str]:
        own = [field.name for field in self.model.fields.values() if field.is_column]
        keys = [field.attname for field in self.model.fields.values() if field.is_key]
        known = [*own, *keys, "pk"]
        used = [name for name in self.uses.columns if name not in known and column(self.model, name)]
        return list(dict.fromkeys([*known, *used]))

    def _relations(self) -> tuple[list[str], list[str]]:
        """Return the paths of relations in use: those to one row each, and those to many."""
        own = [field.name for field in self.model.fields.values() if field.family == "relation"]
        accessors = [relation.accessor for relation in self.model.relations]
        single: dict[str, None] = {}
        many: dict[str, None] = {}
        for name in (*own, *accessors, *self.uses.relations):
            leads = self._leads(name)
            if leads is not None:
                (many if leads else single)[name] = None
        return list(single), list(many)

    def _leads(self, name: str) -> bool | None:
        """Return whether a path of attributes, as "book_set__tags", leads to many rows; None if to none."""
        at: SourceModel | None = self.model
        many = False
        filled = {attribute: path for attribute, path in self.uses.to_attributes if path and "__" not in path}
        head, _, rest = name.partition("__")
        for part in [filled.get(head, head), *(rest.split("__") if rest else ())]:
            if at is None:
                return None
            by_accessor = {one.accessor: one.query_name for one in at.relations}
            field = at.field(by_accessor.get(part, part))
            if field is None or field.family != "relation":
                return None
            many = many or field.many
            at = field.target
        return many

    # -- keywords -------------------------------------------------------------------------------

    def _callable(self, suffix: str, first: str, keywords: dict[str, str]) -> str:
        """Return the class of a method with these keywords, whatever it gives."""
        heads = ["self", *filter(None, [first]), *(() if first.startswith("*") else ("*",))]
        heads += [f"{name}: {text} = ..." for name, text in keywords.items()]
        heads += ["**_more: _Any"] if self.model.open else []
        name = self._own(suffix)
        return f"class {name}(_Protocol[_R]):\n    def __call__(\n{wrapped(heads)}    ) -> _R: ...\n"

    def _or_create_forms(self, writes: dict[str, str]) -> Iterable[str]:
        """Return the classes of `get_or_create()` and its kin, for a model with which they are called."""
        if self.uses.or_create:
            yield self._writes(writes)
        for method, keywords in self.uses.or_create.items():
            suffix, extra = OR_CREATE[method]
            used = {key: text for key, text in self.lookups.items() if key in keywords}
            defaults = f"{self._own('Defaults')} | None = None"
            heads = ", ".join(f"{name}: {defaults}" for name in extra)
            yield self._callable(suffix, heads, {**writes, **used})

    def _writes(self, keywords: dict[str, str]) -> str:
        held = "".join(f"    {name}: {text} | _Made\n" for name, text in keywords.items())
        name = self._own("Writes")
        either = f"{name} | _Dynamic" + (" | dict[str, _Any]" if self.model.open else "")
        return (
            f"class {name}(_TypedDict, total=False):\n{held}{self._own('Defaults')}: _TypeAlias = {either}\n"
        )

    # -- the class of methods -------------------------------------------------------------------

    def _face(self) -> str:
        column, order, single, many = (self._own(one) for one in ("Column", "Order", "Single", "Many"))
        lookups, values = self._own("Lookups"), self._own("Values")
        lines = [
            f"class {self._own('Face')}(_Chain[_Q_co, _Row, {column}, {order}, {single}, {many}]):\n",
            f"    filter: {lookups}[_Q_co]\n    exclude: {lookups}[_Q_co]\n",
            f"    get: {lookups}[_Row]\n    aget: {lookups}[_Awaited[_Row]]\n",
            f"    get_or_none: {lookups}[_Row | None]\n",
            f"    aget_or_none: {lookups}[_Awaited[_Row | None]]\n",
            f"    create: {values}[{self.name}]\n    acreate: {values}[_Awaited[{self.name}]]\n",
            f"    update: {values}[int]\n    aupdate: {values}[_Awaited[int]]\n",
            *self._or_create(),
            *self._rows(),
        ]
        return "".join(lines)

    def _or_create(self) -> Iterable[str]:
        pair = f"tuple[{self.name}, bool]"
        for method in self.uses.or_create:
            form = self._own(OR_CREATE[method][0])
            yield f"    {method}: {form}[{pair}]\n"
            yield f"    a{method}: {form}[_Awaited[{pair}]]\n"

    # -- rows -----------------------------------------------------------------------------------

    def _rows(self) -> Iterable[str]:
        query = self._own("Query")
        steps = sorted(self.uses.steps, key=lambda step: step.before == PLAIN)
        by_method: dict[str, list[str]] = {"values": [], "values_list": [], "annotate": []}
        twins: dict[str, list[str]] = {"avalues": [], "avalues_list": []}
        for step in steps:
            # A list of names may be empty to a checker: it would take the rows of all columns for these.
            if not step.call.names and not step.call.made and step.call.method in self.uses.dynamic:
                continue
            parameters, row = self._step(step)
            if step.twin:
                twins[f"a{step.call.method}"].append(f"{parameters} -> list[{row}]")
            else:
                by_method[step.call.method].append(f"{parameters} -> {query}[{row}]")
        name = self._own("Column")
        fallbacks = {
            "values": f"(self, *names: {name} | _E, **expressions: _E) -> {query}[dict[str, _Any]]",
            "annotate": f"(self, **annotations: _E) -> {query}[_Any]",
            "values_list": f"(self, *names: {name} | _E, flat: bool = False, named: bool = False) "
            f"-> {query}[_Any]",
        }
        for method, signatures in by_method.items():
            yield from _overloads(method, [*dict.fromkeys(signatures), fallbacks[method]])
        for method, signatures in twins.items():
            if signatures:
                rest = f"(self, *names: {name} | _E, **options: _Any) -> list[_Any]"
                yield from _overloads(method, [*dict.fromkeys(signatures), rest], "async ")
        yield from self._aggregates()
        if self.uses.in_bulk:
            yield from self._in_bulk()

    def _in_bulk(self) -> Iterable[str]:
        every = [f"field_name: _L['pk', {self.model.pk.name!r}] = 'pk'"]
        key = self.scope.annotation(self.model.pk.value)
        by_key = f"(self, ids: _Iterable[{key}] | None = None, *, {every[0]}) -> dict[{key}, {self.name}]"
        signatures = [by_key]
        for field in self.model.columns:
            if field.family != "relation" and field.name != self.model.pk.name:
                held = self.scope.annotation(field.value)
                signatures.append(
                    f"(self, ids: _Iterable[{held}] | None = None, *, field_name: _L[{field.name!r}]) "
                    f"-> dict[{held}, {self.name}]"
                )
        yield from _overloads("in_bulk", signatures)
        yield from _overloads("ain_bulk", signatures, "async ")

    def _step(self, step: Step) -> tuple[str, str]:
        """Return the parameters of a call that was found, and the type of the rows after it."""
        before = filled_with(step.before)
        made = [Made(name, "") for name in step.call.names if is_unnamed(name)]
        own = {
            one.keyword: self._made(step.call, one, len(before) + at)
            for at, one in enumerate([*made, *step.call.made])
        }
        hidden = dict.fromkeys(step.row.hidden, "_Any")
        filled = {**hidden, **before, **{name: result for name, (_, result) in own.items()}}
        needed = set(step.call.names) & set(step.before.computed) or step.call.method == "annotate"
        whole = not step.call.names and not step.call.made
        receiver = "self"
        if step.before != PLAIN and (needed or whole):
            receiver = f"self: {self._own('Face')}[_Any, {self.rows.text(step.before, before)}]"
        self.variables = max(self.variables, len(before) + len(own))
        names = [
            f"_{at}: {own[name][0] if is_unnamed(name) else f'_L[{name!r}]'}"
            for at, name in enumerate(step.call.names)
        ]
        slash = ["/"] if names else []
        flags = [f"{flag}: _L[True]" for flag in step.call.flags]
        keywords = [*flags, *(f"{one.keyword}: {own[one.keyword][0]}" for one in step.call.made)]
        star = ["*"] if keywords else []
        parameters = ", ".join([receiver, *names, *slash, *star, *keywords])
        return f"({parameters})", self.rows.text(step.row, filled)

    def _made(self, call: Shaping, made: Made, at: int) -> tuple[str, str]:
        """Return the parameter of a computed value, and its type.

        Where calls of one form compute different things, no overload can tell them apart.
        """
        known = result_of(self.scope, self.model, made) if form_of(call) in self.same else None
        return ("_E", known) if known is not None else (f"_E[{variable(at)}]", variable(at))

    def _aggregates(self) -> Iterable[str]:
        found: dict[str, list[str]] = {method: [] for method in ("aggregate", "aaggregate")}
        for method, call in self.uses.aggregates:
            keywords = tuple(one.keyword for one in call.made)
            own = {one.keyword: self._made(call, one, at) for at, one in enumerate(call.made)}
            self.variables = max(self.variables, len(keywords))
            row = self.rows.aggregate(keywords, {name: result for name, (_, result) in own.items()})
            parameters = ", ".join(f"{name}: {parameter}" for name, (parameter, _) in own.items())
            if keywords:
                found[method].append(f"(self, *, {parameters}) -> {row}")
        for method, signatures in found.items():
            if signatures:
                every = [*dict.fromkeys(signatures), "(self, **aggregates: _E) -> dict[str, _Any]"]
                yield from _overloads(method, every, "async " if method != "aggregate" else "")

    # -- querysets and managers -----------------------------------------------------------------

    def _querysets(self) -> str:
        face, query, own = self._own("Face"), self._own("Query"), self.name
        manager = self.default
        plain = self.queries_of(manager)
        generic = self.generic(manager)
        bases = [f"{face}[{plain}, {own}]", f"{generic}[{own}, {own}]" if generic else f"_Manager[{own}]"]
        related = (
            [self.written(manager)] if manager is not None and manager.manager is not None else bases[:1]
        )
        lines = [
            f"class {query}({', '.join(self._query_bases())}): ...\n",
            f"class {self._own('Manager')}({', '.join(bases)}): ...\n",
        ]
        if any(field.is_key for field in self.model.fields.values()):
            lines.append(
                f"class {self._own('Related')}({', '.join([*related, f'_RelatedManager[{own}]'])}): ...\n"
            )
        if self._is_paired():
            lines += self._paired(related)
        return "".join(lines)

    @property
    def default(self) -> ManagerSource | None:
        """The manager that related managers take after, None for dorm's own."""
        managers = self.model.managers
        return managers[0] if managers else None

    def queries_of(self, manager: ManagerSource | None) -> str:
        """Return the type of the querysets of instances that a manager gives."""
        queryset = manager.queryset if manager is not None else None
        if manager is None or queryset is None or not self.is_of_model(queryset):
            return f"{self._own('Query')}[{self.name}]"
        return self.scope.qualified(queryset.full, queryset.module.name)

    def is_of_model(self, source: ClassSource) -> bool:
        """Return whether a class of querysets or managers names this model in the brackets after its base."""
        name = self.model.project.model_of_class(source)
        found = self.model.project.find_class(name) if name is not None else None
        return found is self.model.source

    def written(self, manager: ManagerSource) -> str:
        """Return the class of a manager as a base."""
        if manager.manager is None or not self.is_of_model(manager.manager):
            return f"{self._own('Face')}[{self._own('Query')}[{self.name}], {self.name}]"
        return self.scope.qualified(manager.manager.full, manager.manager.module.name)

    def _query_bases(self) -> Iterable[str]:
        """Return the bases of the model's querysets: the methods of the project's own class first."""
        query = self._own("Query")
        queryset = self.default.queryset if self.default is not None else None
        if queryset is not None and self.is_of_model(queryset):
            yield self.scope.qualified(
                f"{queryset.module.name}._{queryset.node.name}Methods", queryset.module.name
            )
        yield f"{self._own('Face')}[{query}[_Row], _Row]"
        generic = self.generic(self.default)
        yield f"{generic}[{self.name}, _Row]" if generic else f"_QuerySet[{self.name}, _Row]"

    def generic(self, manager: ManagerSource | None) -> str | None:
        """Return the class of a manager made by `Class[Model, Row].as_manager()`, None for any other."""
        if manager is None or manager.queryset is None or not isinstance(manager.written, ast.Subscript):
            return None
        inner = manager.written.slice
        if not is_generic(manager.queryset) or not isinstance(inner, ast.Tuple) or len(inner.elts) != 2:
            return None
        return self.scope.qualified(manager.queryset.full, manager.queryset.module.name)

    def _paired(self, bases: list[str]) -> Iterable[str]:
        """Return the manager of pairs, whose writes may say something of the pair too."""
        head = f"class {self._own('ManyRelated')}({', '.join([*bases, f'_ManyRelatedManager[{self.name}]'])})"
        if not self.model.project.names_pairs:
            yield f"{head}: ...\n"
            return
        writes = write_keywords(self.scope, self.model)
        form = self._own("PairValues")
        yield self._callable("PairValues", "*", {"through_defaults": "_Mapping[str, _Any] | None", **writes})
        yield f"{head}:\n    create: {form}[{self.name}]\n    acreate: {form}[_Awaited[{self.name}]]\n"

    def _is_paired(self) -> bool:
        """Return whether rows of other models have a manager of pairs with these rows."""
        own = any(field.many and field.accessor is None for field in self.model.fields.values())
        return own or any(relation.kind == "ManyToManyField" for relation in self.model.relations)


def is_generic(source: ClassSource) -> bool:
    """Return whether a class takes type arguments of its own."""
    return any(
        isinstance(base, ast.Subscript) and "Generic" in ast.unparse(base.value) for base in source.node.bases
    )


def _overloads(method: str, signatures: list[str], prefix: str = "") -> Iterable[str]:
    mark = "    @_overload\n" if len(signatures) > 1 else ""
    for signature in signatures:
        yield f"{mark}    {prefix}def {method}{signature}: ...\n"


def _literal(names: Iterable[str]) -> str:
    return f"_L[{', '.join(repr(name) for name in names)}]"
