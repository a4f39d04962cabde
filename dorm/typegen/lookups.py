"""The keywords of a model's queries and writes, with the types of their values.

Rests on the table of lookups and on models of the source. Every operator that fits a column is there, and of
the names that lead elsewhere those that the project uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..lookups.paths import SEPARATOR, Path, walk
from ..lookups.table import LOOKUPS, TRANSFORMS, Operand
from ..source.models import SourceField, SourceModel
from .rows import path_value
from .scope import StubScope

# Of a relation and of the primary key only what is asked often; the rest is there where it is used.
FEW = ("in", "isnull")


def lookup_keywords(
    scope: StubScope, model: SourceModel, used: Iterable[str], computed: Iterable[str]
) -> dict[str, str]:
    """Return the keywords of `filter()` and its kin, with what each takes."""
    found: dict[str, str] = {}
    for field in model.fields.values():
        found.update(_own(scope, field))
    for relation in model.relations:
        reverse = model.field(relation.query_name)
        if reverse is not None:
            found.update(_relation(scope, reverse))
    for key in used:
        if key not in found and (text := _used(scope, model, key, set(computed))) is not None:
            found[key] = text
    pk = model.pk
    found.setdefault("pk", operand(scope, pk))
    found.setdefault("pk__in", f"_In[{scope.annotation(pk.value)}]")
    return found


def _own(scope: StubScope, field: SourceField) -> Iterator[tuple[str, str]]:
    if field.family == "relation":
        yield from _relation(scope, field)
        return
    yield field.name, operand(scope, field)
    for word, row in LOOKUPS.items():
        if field.family in row.families and word != "exact" and (word != "isnull" or field.nullable):
            yield f"{field.name}{SEPARATOR}{word}", _form(scope, row.operand_for(field.family), field.value)
    if field.family != "any":
        for word, transform in TRANSFORMS.items():
            if field.family in transform.families:
                yield f"{field.name}{SEPARATOR}{word}", _RESULTS[transform.result]


_RESULTS = {"date": "_Date", "time": "_Time", "integer": "_Int"}


def _relation(scope: StubScope, field: SourceField) -> Iterator[tuple[str, str]]:
    key = relation_key(field)
    yield field.name, operand(scope, field)
    target = field.target
    both = f"{scope.model(target)} | {scope.annotation(key)}" if target is not None else "_Any"
    yield f"{field.name}__in", f"_In[{both}]"
    yield f"{field.name}__isnull", "bool"
    if field.is_key:
        yield field.attname, scope.operand(key) + (" | None" if field.nullable else "")
        yield f"{field.attname}__in", f"_In[{scope.annotation(key)}]"


def relation_key(field: SourceField) -> str:
    """Return the type of the key that a relation compares with."""
    if field.is_key or field.target is None:
        return field.value
    return field.target.pk.value


def operand(scope: StubScope, field: SourceField) -> str:
    """Return what a column compares with and takes; of a relation an instance or its key."""
    if field.family in ("json", "any"):
        return "_Any"
    if field.family != "relation":
        text = scope.operand(field.value)
    elif field.target is None:
        return "_Any"
    else:
        text = f"{scope.model(field.target)} | {scope.operand(relation_key(field))}"
    return f"{text} | None" if field.nullable else text


def _form(scope: StubScope, form: Operand, value: str) -> str:
    if form == "flag":
        return "bool"
    if form == "text":
        return "_Text"
    if form == "texts":
        return "_Iterable[str] | _E"
    if form == "sequence":
        return f"_In[{scope.annotation(value)}]"
    if form == "pair":
        return f"_Pair[{scope.annotation(value)}]"
    return scope.operand(value)


def _used(scope: StubScope, model: SourceModel, key: str, computed: set[str]) -> str | None:
    """Return what a name of the project's takes; None for one that leads nowhere."""
    head, _, _ = key.partition(SEPARATOR)
    if head in computed:
        return "_Any"
    path = walk(model, key)
    if not isinstance(path, Path):
        return "_Any" if path.position.rpartition(SEPARATOR)[2] in model.project.registered else None
    if path.lookup is not None and path.lookup.name not in ("exact", "iexact"):
        return _form(scope, path.lookup.operand_for(path.family), path_value(path))
    if path.lookup is not None and path.lookup.operand_for(path.family) == "text":
        text = "_Text"
    elif path.field.family in ("json", "any"):
        return "_Any"
    else:
        text = _same(scope, path)
    return f"{text} | None" if path.nullable and "None" not in text else text


def _same(scope: StubScope, path: Path) -> str:
    field = path.field
    if isinstance(field, SourceField) and field.family == "relation" and not path.transforms:
        return operand(scope, field)
    return scope.operand(path_value(path))


# -- writes ---------------------------------------------------------------------------------------


def write_keywords(scope: StubScope, model: SourceModel) -> dict[str, str]:
    """Return the keywords of `create()` and `update()`, with what each takes."""
    found: dict[str, str] = {}
    for field in model.columns:
        if field.call is not None and field.call.kind == "GeneratedField":
            continue
        found[field.name] = operand(scope, field)
        if field.is_key:
            found[field.attname] = scope.operand(field.value) + (" | None" if field.nullable else "")
    found.setdefault("pk", operand(scope, model.pk))
    return found
