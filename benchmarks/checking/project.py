"""A project to check: models in many apps, and queries about them, in dorm's words or in Django's.

Data and text; runs nothing. The two differ in the import of `models` and in Django's settings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

APPS: Final = 30
MODELS: Final = 10
FILES: Final = 100
QUERIES: Final = 50

SOURCES: Final = {"dorm": "from dorm import models", "django": "from django.db import models"}
EXPRESSIONS: Final = {
    "dorm": "from dorm import Avg, Count, F, Max, Q, Sum",
    "django": "from django.db.models import Avg, Count, F, Max, Q, Sum",
}

MODEL: Final = """
class {name}(models.Model):
    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    size = models.IntegerField(default=0)
    height = models.FloatField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    active = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)
    note = models.TextField(null=True)
    parent = models.ForeignKey("{parent}", on_delete=models.CASCADE, related_name="{children}")
    friend = models.ForeignKey("{friend}", on_delete=models.SET_NULL, null=True, related_name="{fans}")
    others = models.ManyToManyField("{other}", related_name="{back}")

    class Meta:
        app_label = "{app}"
"""

# Each is one query; {M} is a model, {children} the other side of its `parent`.
SHAPES: Final = (
    '{M}.objects.filter(name="x", size__gte=3, active=True)',
    '{M}.objects.filter(parent__name__icontains="x", parent__parent__size__lt=9).order_by("-size", "name")',
    "{M}.objects.exclude(note__isnull=True).filter(created__year=2024)[:10]",
    '[row["name"] for row in {M}.objects.values("name", "parent__name", "height")]',
    '{M}.objects.values_list("size", flat=True).first()',
    '{M}.objects.filter(Q(size=3) | ~Q(name__startswith="a"), friend__active=True).count()',
    '{M}.objects.annotate(n=Count("{children}")).filter(n__gte=2).order_by("-n")',
    '{M}.objects.aggregate(total=Sum("size"), mean=Avg("price"), most=Max("created"))',
    '{M}.objects.filter(size__lt=F("height")).update(size=F("size") + 1)',
    '{M}.objects.select_related("parent").prefetch_related("others", "{children}").get(pk=1).parent.name',
)


def write(folder: Path, kind: str) -> None:
    """Write the project below *folder*, which is empty."""
    for app in range(APPS):
        package = folder / f"app{app:02}"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        text = "".join(model(app, number) for number in range(MODELS))
        (package / "models.py").write_text(f"{SOURCES[kind]}\n\n{text}")
    for file in range(FILES):
        (folder / f"queries{file:03}.py").write_text(queries(file, kind))
    if kind == "django":
        apps = [f"app{app:02}" for app in range(APPS)]
        (folder / "settings.py").write_text(f"INSTALLED_APPS = {apps}\nSECRET_KEY = 'x'\n")


def name_of(number: int) -> str:
    """Return the name of a model, of all apps' counted together."""
    return f"Thing{number % (APPS * MODELS):03}"


def label_of(number: int) -> str:
    return f"app{number % (APPS * MODELS) // MODELS:02}.{name_of(number)}"


def model(app: int, number: int) -> str:
    place = app * MODELS + number
    return MODEL.format(
        name=name_of(place),
        app=f"app{app:02}",
        parent=label_of(place + 1),
        friend=label_of(place + 11),
        other=label_of(place + 3),
        children=f"children_{place:03}",
        fans=f"fans_{place:03}",
        back=f"back_{place:03}",
    )


def queries(file: int, kind: str) -> str:
    """Return a module of queries about a few models of two apps."""
    used = [(file * 7 + step) % (APPS * MODELS) for step in range(5)]
    imports = "\n".join(f"from app{place // MODELS:02}.models import {name_of(place)}" for place in used)
    lines = [f"{EXPRESSIONS[kind]}\n\n{imports}\n"]
    for number in range(QUERIES):
        place = used[number % len(used)]
        children = f"children_{(place - 1) % (APPS * MODELS):03}"
        query = SHAPES[(number + file) % len(SHAPES)].format(M=name_of(place), children=children)
        lines.append(f"\n\ndef query{number:02}() -> None:\n    {query}")
    return "\n".join(lines) + "\n"
