"""What a project asks of each model: the names and rows at its call sites, by model.

Rests on the call sites of single files and on the models. A receiver that the text does not give away counts
for the models that have all the names, if these are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .._record import Record, replace
from ..lookups.paths import SEPARATOR
from ..source.calls import Made, Receiver, Shaping, Site, is_unnamed, plain_method
from ..source.models import Project, SourceModel
from ..source.modules import ClassSource
from .rows import PLAIN, Row, after, column

# A call whose receiver is unknown is taken for one of so many models at most.
MOST_GUESSES = 3

NAMED = frozenset({"values", "values_list", "order_by", "only", "defer", "distinct", "earliest", "latest"})
LOOKED_UP = frozenset({"filter", "exclude", "get", "get_or_none"})
OR_CREATE = frozenset({"get_or_create", "update_or_create"})
COMPUTING = frozenset({"annotate", "alias", "values"})


class Step(Record):
    """A call that changes what the rows are: from one row to another; *twin* is the one that is awaited."""

    before: Row
    call: Shaping
    row: Row
    twin: bool


class Uses:
    """What is asked of one model; every dict is an ordered set."""

    def __init__(self) -> None:
        self.steps: dict[Step, None] = {}
        self.aggregates: dict[tuple[str, Shaping], None] = {}
        self.lookups: dict[str, None] = {}
        # The keywords of get_or_create() and update_or_create(), where they are called.
        self.or_create: dict[str, dict[str, None]] = {}
        self.columns: dict[str, None] = {}
        self.relations: dict[str, None] = {}
        self.computed: dict[str, None] = {}
        # Attributes that prefetches fill: the name, and the path that is loaded.
        self.to_attributes: dict[tuple[str, str], None] = {}
        # Methods that are given names which are known only when the program runs.
        self.dynamic: dict[str, None] = {}
        self.in_bulk = False

    def facts(self) -> tuple[tuple[object, ...], ...]:
        """Return all that is asked, to compare it by."""
        plain = tuple(tuple(asked) for asked in vars(self).values() if isinstance(asked, dict))
        by_method = tuple((method, *keywords) for method, keywords in self.or_create.items())
        return (*plain, *by_method, (self.in_bulk,))

    def alike(self) -> set[tuple[object, ...]]:
        """Return the forms of calls that always compute the same."""
        found: dict[tuple[object, ...], set[tuple[Made, ...]]] = {}
        calls = [*(step.call for step in self.steps), *(call for _, call in self.aggregates)]
        for call in calls:
            found.setdefault(form_of(call), set()).add(call.made)
        return {form for form, made in found.items() if len(made) == 1}


def form_of(call: Shaping) -> tuple[object, ...]:
    """Return what overloads can tell of a call: its names and keywords, not what these stand for."""
    keywords = tuple(one.keyword for one in call.made)
    return (plain_method(call.method), call.names, keywords, call.flags)


def uses_of(project: Project, sites: Iterable[Site]) -> dict[str, Uses]:
    """Return what is asked of each model, by its full name."""
    finder = _Finder(project)
    found: dict[str, Uses] = {}
    for site in sites:
        for model in finder.models(site):
            _add(found.setdefault(model.full, Uses()), model, site)
    return found


def _add(uses: Uses, model: SourceModel, site: Site) -> None:
    call, method = site.call, plain_method(site.call.method)
    for earlier in (*site.receiver.earlier, call):
        if plain_method(earlier.method) in COMPUTING:
            uses.computed.update(dict.fromkeys(one.keyword for one in earlier.made))
    if method in NAMED:
        uses.columns.update(dict.fromkeys(_column_names(call)))
    if method in LOOKED_UP:
        uses.lookups.update(dict.fromkeys(one.keyword for one in call.made))
    if method in OR_CREATE:
        keywords = [one.keyword for one in call.made if "defaults" not in one.keyword]
        uses.or_create.setdefault(method, {}).update(dict.fromkeys(keywords))
    if method in ("select_related", "prefetch_related"):
        uses.relations.update(dict.fromkeys(call.names))
    if method == "prefetch_related":
        uses.to_attributes.update(
            dict.fromkeys((one.keyword, str(one.text) if one.called else "") for one in call.made)
        )
    if call.dynamic:
        uses.dynamic[method] = None
    uses.in_bulk = uses.in_bulk or method == "in_bulk"
    if method == "aggregate" and call.whole:
        uses.aggregates[(call.method, call)] = None
    if method in ("values", "values_list", "annotate"):
        _add_step(uses, model, site.receiver, call)


def _add_step(uses: Uses, model: SourceModel, receiver: Receiver, call: Shaping) -> None:
    plain, row = _plain(call), _row_before(model, receiver)
    then = after(model, row, plain) if row is not None else None
    if row is not None and then is not None:
        uses.steps[Step(row, plain, then, plain.method != call.method)] = None


def _column_names(call: Shaping) -> Iterator[str]:
    """Yield the names of values among the arguments of a call."""
    yield from (name.removeprefix("-") for name in call.names if name != "?" and not is_unnamed(name))


def _plain(call: Shaping) -> Shaping:
    """Return *call* as the method without the `a` of its twin."""
    method = plain_method(call.method)
    return call if method == call.method else replace(call, method=method)


def _row_before(model: SourceModel, receiver: Receiver) -> Row | None:
    row: Row | None = PLAIN
    for call in receiver.earlier:
        row = after(model, row, call) if row is not None else None
    return row


class _Finder:
    """Tells which models a receiver may be of."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.concrete = [model for model in project.models.values() if not model.abstract]
        self.by_accessor: dict[str, list[SourceModel]] = {}
        for model in self.concrete:
            for relation in model.relations:
                if (source := project.models.get(relation.source)) is not None:
                    self._offer(relation.accessor, source)
            for field in model.fields.values():
                if field.many and field.target is not None:
                    self._offer(field.name, field.target)

    def _offer(self, accessor: str, model: SourceModel) -> None:
        known = self.by_accessor.setdefault(accessor, [])
        if model not in known:
            known.append(model)

    def models(self, site: Site) -> list[SourceModel]:
        """Return the models that *site* may be about."""
        receiver = site.receiver
        if receiver.kind == "model":
            found = self._model(receiver.name)
            return [found] if found is not None else []
        if receiver.kind == "class":
            source = self.project.find_class(receiver.name)
            found = self._model_of_class(source) if source is not None else None
            if found is not None:
                return [found]
        if receiver.kind == "accessor" and receiver.name in self.by_accessor:
            candidates = self.by_accessor[receiver.name]
            return (
                [model for model in candidates if _knows(model, site)] if len(candidates) > 1 else candidates
            )
        return self._guesses(site)

    def _model(self, dotted: str) -> SourceModel | None:
        source = self.project.find_class(dotted)
        model = self.project.models.get(source.full) if source is not None else None
        return model if model is not None and not model.abstract else None

    def _model_of_class(self, source: ClassSource) -> SourceModel | None:
        """Return the model that a class of querysets or managers is of, by the brackets after its base."""
        if source.full in self.project.models:
            return self._model(source.full)
        name = self.project.model_of_class(source)
        return self._model(name) if name is not None else None

    def _guesses(self, site: Site) -> list[SourceModel]:
        if not any(_names(site)):
            return []
        fitting: list[SourceModel] = []
        for model in self.concrete:
            if _knows(model, site):
                fitting.append(model)
                if len(fitting) > MOST_GUESSES:
                    return []
        return fitting


def _knows(model: SourceModel, site: Site) -> bool:
    """Return whether a model has all the names of a call."""
    computed = {one.keyword for call in site.receiver.earlier for one in call.made}
    return all(name in computed or _leads(model, name) for name in _names(site))


def _leads(model: SourceModel, name: str) -> bool:
    return model.field(name.partition(SEPARATOR)[0]) is not None and (
        SEPARATOR not in name or column(model, name) is not None
    )


def _names(site: Site) -> Iterator[str]:
    method = plain_method(site.call.method)
    if method in NAMED:
        yield from _column_names(site.call)
    if method in LOOKED_UP | OR_CREATE:
        keywords = (one.keyword for one in site.call.made if "defaults" not in one.keyword)
        yield from (keyword.partition(SEPARATOR)[0] for keyword in keywords)
