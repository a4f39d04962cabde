"""What a stub has in the class of a model: its fields with their types, and the attributes that nobody wrote.

Rests on models of the source and on the keywords of writes.
"""

from __future__ import annotations

from ..source.models import SourceField, SourceModel
from .lookups import write_keywords
from .scope import StubScope, wrapped
from .uses import Uses


class MemberText:
    """The attributes of one model."""

    def __init__(self, scope: StubScope, model: SourceModel, uses: Uses) -> None:
        self.scope = scope
        self.model = model
        self.uses = uses

    def attributes(self) -> dict[str, str]:
        """Return the attributes that nobody wrote, by name."""
        found: dict[str, str] = {}
        for name, path in self.uses.to_attributes:
            if not path:
                found[name] = "list[_Any]"
            elif "__" not in path and (target := self._prefetched(path)) is not None:
                found[name] = f"list[{self.scope.model(target)}]"
        if "id" in self.model.calls and "id" not in self.model.own and not self._inherits("id"):
            found["id"] = "_BigAutoField[int]"
        found["save"] = f"_Save[{self.scope.own(self.model, 'Column')}, None]"
        found["asave"] = f"_Save[{self.scope.own(self.model, 'Column')}, _Awaited[None]]"
        found["pk"] = self.scope.annotation(self.model.pk.value)
        for field in self.model.fields.values():
            if field.is_key:
                found[field.attname] = f"_Field[{self.scope.nullable(field.value, field.nullable)}]"
            if field.call is not None and field.call.has_choices:
                found[f"get_{field.name}_display"] = "def get_{name}_display(self) -> str: ..."
        for relation in self.model.relations:
            text = self._accessor(relation.source, relation.kind)
            if text is not None:
                found[relation.accessor] = text
        return found

    def _prefetched(self, path: str) -> SourceModel | None:
        """Return the model of the rows that a relation of this one loads."""
        by_accessor = {one.accessor: one.query_name for one in self.model.relations}
        field = self.model.field(by_accessor.get(path, path))
        return field.target if field is not None and field.family == "relation" else None

    def _inherits(self, name: str) -> bool:
        return any(name in self.model.project.calls_of(one)[0] for one in self.model.line[1:])

    def _accessor(self, source: str, kind: str) -> str | None:
        other = self.model.project.models.get(source)
        if other is None or other.abstract:
            return None
        if kind == "OneToOneField":
            return self.scope.model(other)
        return self.scope.own(other, "ManyRelated" if kind == "ManyToManyField" else "Related")

    def declared(self, field: SourceField) -> str | None:
        """Return the annotation of a field that the class declares; None to leave it as it is written."""
        call = field.call
        if call is None:
            return None
        if not call.called.startswith("dorm."):
            return self._of_own_class(field)
        if call.kind == "ManyToManyField":
            target = field.target
            return (
                self.scope.own(target, "ManyRelated") if target is not None and not target.abstract else None
            )
        if field.family == "relation":
            target = field.target
            held = self.scope.model(target) if target is not None else "_Any"
            return f"{{field}}[{held}{' | None' if field.nullable and target is not None else ''}]"
        if call.kind in ("GeneratedField", "Field"):
            return None
        return f"{{field}}[{self.scope.nullable(field.value, call.null)}]"

    def _of_own_class(self, field: SourceField) -> str | None:
        """Return the annotation of a field whose class is the project's own and need not say its type."""
        if field.is_key and field.target is not None:
            return f"_Field[{self.scope.model(field.target)}{' | None' if field.nullable else ''}]"
        if field.family in ("relation", "any", "json"):
            return None
        return f"_Field[{self.scope.nullable(field.value, field.nullable)}]"

    def initialiser(self) -> str:
        """Return the `__init__` of the model's keywords."""
        keywords = write_keywords(self.scope, self.model)
        heads = ["self", "*", *(f"{name}: {text} = ..." for name, text in keywords.items())]
        heads += ["**_more: _Any"] if self.model.open else []
        return f"    def __init__(\n{wrapped(heads)}    ) -> None: ...\n"
