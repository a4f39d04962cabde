"""Random pairs of project states: from the one to the other and back, with rows, the tables are always right.

The oracle is create_tables(): what the database says of tables that were changed is what it says of tables
that were made at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import dorm
from dorm.constraints import CheckConstraint, UniqueConstraint
from dorm.fields.related import ManyToManyField
from dorm.migrations.autodetector import MigrationAutodetector
from dorm.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    Operation,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
)
from dorm.migrations.references import same_field
from dorm.migrations.state import ProjectState
from tests.migrations.project import LABEL, Project

NAMES: Final = ("One", "Two")

# Any of these may become any other: the rows hold numbers, and what may not be NULL has a default.
PLAIN: Final[tuple[Callable[[], Any], ...]] = (
    lambda: dorm.CharField(max_length=20, null=True),
    lambda: dorm.CharField(max_length=30, null=True, unique=True, db_column="aa"),
    lambda: dorm.CharField(max_length=40, default="5"),
    lambda: dorm.TextField(null=True, db_index=True),
    lambda: dorm.IntegerField(null=True),
    lambda: dorm.IntegerField(default=5, db_default=6),
    lambda: dorm.BigIntegerField(null=True, unique=True),
    lambda: dorm.PositiveIntegerField(default=5, db_index=True),
    lambda: dorm.PositiveSmallIntegerField(null=True, db_default=4),
    lambda: dorm.FloatField(null=True),
    lambda: dorm.DecimalField(max_digits=9, decimal_places=2, default=5),
)
MORE: Final[tuple[Callable[[], Any], ...]] = (
    lambda: dorm.BooleanField(default=True),
    lambda: dorm.DateTimeField(null=True, db_index=True),
    lambda: dorm.JSONField(default=dict),
    lambda: dorm.UUIDField(null=True, unique=True),
    lambda: dorm.DurationField(null=True),
)
TO_OTHER: Final[tuple[Callable[[str], Any], ...]] = (
    lambda to: dorm.ForeignKey(to, dorm.CASCADE, null=True, related_name="+"),
    lambda to: dorm.ForeignKey(to, dorm.DB_SET_NULL, null=True, related_name="+", db_index=False),
    lambda to: dorm.ForeignKey(to, dorm.CASCADE, null=True, related_name="+", db_constraint=False),
    lambda to: dorm.OneToOneField(to, dorm.CASCADE, null=True, related_name="+"),
    lambda to: dorm.CharField(max_length=20, null=True, db_column="key_id"),
)
KEYS: Final[tuple[Callable[[], Any], ...]] = (
    lambda: dorm.BigAutoField(),
    lambda: dorm.AutoField(),
    lambda: dorm.BigIntegerField(primary_key=True),
    lambda: dorm.CharField(max_length=20, primary_key=True),
)

picked = st.integers(min_value=0)
model = st.fixed_dictionaries(
    {"id": picked, "a": picked, "table": st.booleans(), "together": st.booleans(), "index": st.booleans(),
     "check": st.booleans(), "unique": st.booleans()},
    optional={"b": picked, "key": picked, "pairs": st.booleans()},
)  # fmt: skip
states = st.dictionaries(st.sampled_from(NAMES), model, min_size=1)


def fields_of(name: str, chosen: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Return the fields of a model; relations lead to the other one, where there is one."""
    other = next((each for each in NAMES if each != name and each in names), name)
    made = {"id": KEYS[chosen["id"] % len(KEYS)](), "a": PLAIN[chosen["a"] % len(PLAIN)]()}
    if "b" in chosen:
        made[f"b{chosen['b'] % len(MORE)}"] = MORE[chosen["b"] % len(MORE)]()
    if "key" in chosen:
        made["key"] = TO_OTHER[chosen["key"] % len(TO_OTHER)](other)
    if chosen.get("pairs"):
        made["pairs"] = dorm.ManyToManyField(other, related_name="+", symmetrical=False)
    return made


def options_of(name: str, chosen: dict[str, Any]) -> dict[str, Any]:
    low = name.lower()
    made: dict[str, Any] = {}
    if chosen["table"]:
        made["db_table"] = f"table_of_{low}"
    if chosen["together"]:
        made["unique_together"] = [("id", "a")]
    if chosen["index"]:
        made["indexes"] = [dorm.Index(fields=["a", "-id"]), dorm.Index(fields=["a"], name=f"named_{low}")]
    made["constraints"] = []
    if chosen["check"]:
        always = dorm.Q(a=dorm.F("a")) | dorm.Q(a=None)
        made["constraints"].append(CheckConstraint(condition=always, name=f"check_{low}"))
    if chosen["unique"]:
        made["constraints"].append(UniqueConstraint(fields=["a", "id"], name=f"unique_{low}"))
    return made


class Models(dict[str, tuple[dict[str, Any], dict[str, Any]]]):
    """Fields and options by the names of models."""

    def __init__(self, chosen: dict[str, dict[str, Any]]) -> None:
        names = {*chosen}
        super().__init__(
            {name: (fields_of(name, chosen[name], names), options_of(name, chosen[name])) for name in chosen}
        )


def way(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Operation]:
    """Yield operations that lead from some models to others: what is in the way goes first."""
    # What a relation leads to may be another model; a field of that name is another one then.
    moved = ("key", "pairs") if old.keys() != new.keys() else ()
    for name in NAMES:
        if name in old and name in new:
            yield from _parts_gone(name, old[name][1], new[name][1])
        if name in old:
            for key, field in old[name][0].items():
                if key in _removed(name, key, field, new, moved):
                    yield RemoveField(name, key)
    for name in NAMES:
        if name in old and name not in new:
            yield DeleteModel(name)
        if name in new and name not in old:
            fields, options = new[name]
            plain = [(key, field) for key, field in fields.items() if key not in ("key", "pairs")]
            yield CreateModel(name, plain, {"db_table": options.get("db_table")})
    for name in NAMES:
        if name in new:
            yield from _changes(name, old.get(name), new[name], new, moved)
    for name in NAMES:
        if name in new:
            yield from _parts_new(name, old.get(name, ({}, {}))[1], new[name][1])


def _removed(name: str, key: str, field: Any, new: dict[str, Any], moved: tuple[str, ...]) -> list[str]:
    if key in moved:
        return [key]
    if name not in new:
        return []
    later = new[name][0].get(key)
    is_other = isinstance(field, ManyToManyField) and later is not None and not same(field, later)
    return [key] if later is None or is_other else []


def same(one: Any, other: Any) -> bool:
    return same_field(one, other, LABEL)


def _changes(
    name: str, old: Any, new: Any, models: dict[str, Any], moved: tuple[str, ...]
) -> Iterator[Operation]:
    for key, field in new[0].items():
        if old is None:
            if key in ("key", "pairs"):
                yield AddField(name, key, field)
        elif key not in old[0] or _removed(name, key, old[0][key], models, moved):
            yield AddField(name, key, field)
        elif not same(old[0][key], field):
            yield AlterField(name, key, field)
    if old is not None and old[1].get("db_table") != new[1].get("db_table"):
        yield AlterModelTable(name, new[1].get("db_table"))


def _parts_gone(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Operation]:
    for index in old.get("indexes", ()):
        yield RemoveIndex(name, index)
    for constraint in old.get("constraints", ()):
        if constraint.name not in {each.name for each in new["constraints"]}:
            yield RemoveConstraint(name, constraint.name)


def _parts_new(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Operation]:
    if old.get("unique_together") != new.get("unique_together"):
        yield AlterUniqueTogether(name, new.get("unique_together"))
    for index in new.get("indexes", ()):
        yield AddIndex(name, index)
    for constraint in new.get("constraints", ()):
        if constraint.name not in {each.name for each in old.get("constraints", ())}:
            yield AddConstraint(name, constraint)


class InSync:
    """Operations are done synchronously: other tests do them in both colours."""

    def run(self, sync: Callable[[], Any], coroutine: Any) -> Any:
        return sync()


def fill(project: Project, *, related: bool) -> None:
    for model in project.state.apps.get_models():
        for number in (1, 2, 3):
            row: dict[str, Any] = {"pk": number + 10}
            if number < 3 or not model._meta.get_field("a").null:
                row["a"] = number
            model.objects.create(**row)
    for model in project.state.apps.get_models() if related else ():
        if "pairs" in {field.name for field in model._meta.many_to_many}:
            row_of = model.objects.order_by("pk").first()
            row_of.pairs.add(model._meta.get_field("pairs").related_model.objects.order_by("pk").first())
        if "key" in {field.name for field in model._meta.fields}:
            model.objects.filter(pk=11).update(**{model._meta.get_field("key").attname: 12})


def counts(project: Project, names: set[str]) -> dict[str, int]:
    return {
        model.__name__: model.objects.count()
        for model in project.state.apps.get_models()
        if model.__name__ in names
    }


quickly = settings(
    max_examples=25,
    deadline=None,
    # To shrink takes minutes, and what fails is small.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@given(first=states, second=states)
@quickly
def test_tables_are_right_after_each_way(database: Any, first: Any, second: Any) -> None:
    project = Project(InSync())
    project.clear()
    old, new = Models(first), Models(second)
    staying = {*old} & {*new}

    project.forwards(*way({}, old))
    fill(project, related=True)
    at_first, rows = project.found(), counts(project, staying)

    done = list(way(old, new))
    project.forwards(*done)
    at_second = project.found()
    assert counts(project, staying) == rows

    for _ in done:
        project.backwards()
    assert project.found() == at_first
    assert counts(project, staying) == rows

    project.forwards(*way(old, new), *way(new, old))
    assert project.found() == at_first
    assert counts(project, staying) == rows

    project.forwards(*way(old, new))
    assert project.found() == at_second
    assert project.expected() == at_second


def state_of(models: Models) -> ProjectState:
    state = ProjectState()
    for name, (fields, options) in models.items():
        state.add_model(LABEL, name, fields, options)
    return state


@given(first=states, second=states)
@quickly
def test_what_is_detected_leads_from_each_to_the_other(database: Any, first: Any, second: Any) -> None:
    project = Project(InSync())
    project.clear()
    old, new = state_of(Models(first)), state_of(Models(second))
    staying = {*first} & {*second}

    project.forwards(*detected(ProjectState(), old))
    # Whom rows refer to may be another model afterwards, which has no such row.
    fill(project, related=False)
    at_first, rows = project.found(), counts(project, staying)

    for target in (new, old, new):
        project.forwards(*detected(project.state, target))
        assert detected(project.state, target) == []
        assert counts(project, staying) == rows
        if target is old:
            assert project.found() == at_first

    at_second = project.found()
    assert project.expected() == at_second


def detected(old: ProjectState, new: ProjectState) -> list[Operation]:
    return MigrationAutodetector(old, new).changes(LABEL).get(LABEL, [])
