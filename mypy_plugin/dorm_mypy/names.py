"""The full names of dorm's classes, and of the methods whose calls are looked at.

Data alone. A class is known by where it is defined, not by where it is imported from.
"""

from __future__ import annotations

from typing import Final

MODEL: Final = "dorm.models.base.Model"
METACLASS: Final = "dorm.models.metaclass.ModelBase"
FIELD: Final = "dorm.fields.base.Field"
AUTO_FIELD: Final = "dorm.fields.numbers.AutoField"
BIG_AUTO_FIELD: Final = "dorm.fields.numbers.BigAutoField"
GENERATED_FIELD: Final = "dorm.fields.generated.GeneratedField"
ARRAY_FIELD: Final = "dorm.fields.structured.ArrayField"
JSON_FIELD: Final = "dorm.fields.structured.JSONField"
PYDANTIC_MODEL: Final = "pydantic.main.BaseModel"
PYDANTIC_FIELD: Final = "pydantic.fields.Field"
PYDANTIC_ROOT: Final = "pydantic.root_model.RootModel"
FOREIGN_KEY: Final = "dorm.fields.related.ForeignKey"
MANY_TO_MANY: Final = "dorm.fields.related.ManyToManyField"

QUERYSET: Final = "dorm.queryset.queryset.QuerySet"
MANAGER: Final = "dorm.queryset.manager.Manager"
UNBOUND: Final = "dorm.queryset.manager._Unbound"
RELATED_MANAGER: Final = "dorm.queryset.related.RelatedManager"
MANY_RELATED_MANAGER: Final = "dorm.queryset.related.ManyRelatedManager"
PREFETCH: Final = "dorm.actions.prefetch.Prefetch"

EXPRESSION: Final = "dorm.expressions.base.Expression"
COMBINED: Final = "dorm.expressions.base.Combined"
F: Final = "dorm.expressions.references.F"
COLUMN: Final = "dorm.expressions.columns.Column"
SUBQUERY: Final = "dorm.expressions.references.Subquery"
OUTER_REF: Final = "dorm.expressions.references.OuterRef"
ORDER_BY: Final = "dorm.expressions.base.OrderBy"
VALUE: Final = "dorm.expressions.references.Value"
WHEN: Final = "dorm.expressions.conditions.When"
FUNCTION: Final = "dorm.expressions.functions.Function"
SEVERAL: Final = "dorm.expressions.functions.Several"
KEY_TRANSFORM: Final = "dorm.expressions.documents.KeyTransform"
KEY_TEXT_TRANSFORM: Final = "dorm.expressions.documents.KeyTextTransform"
COALESCE: Final = "dorm.expressions.functions.Coalesce"
Q: Final = "dorm.expressions.conditions.Q"
AGGREGATE: Final = "dorm.expressions.aggregates.Aggregate"
COUNT: Final = "dorm.expressions.aggregates.Count"
SPREAD: Final = "dorm.expressions.aggregates.Spread"
WINDOW: Final = "dorm.expressions.windows.Window"
CASE: Final = "dorm.expressions.conditions.Case"
CAST: Final = "dorm.expressions.functions.Cast"
FUNC: Final = "dorm.expressions.functions.Func"
WRAPPER: Final = "dorm.expressions.functions.ExpressionWrapper"
AVG: Final = "dorm.expressions.aggregates.Avg"

# With a class for one of these, a field's values are its instances.
CLASS_KEYWORDS: Final = ("choices", "schema")

# The key under which the facts of a model stand in its TypeInfo.metadata, and so in mypy's cache.
FACTS: Final = "dorm"

SCHEMA: Final = "dorm.contrib.pydantic.DormSchema"
SCHEMA_FACTS: Final = "dorm_schema"
