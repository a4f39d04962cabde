"""The applications once more, for Django itself: their files with the imports changed back.

Rests on Django, and on the text of the models files alone; each name in them is looked for in Django then.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.oracle.conftest import set_up_django

IMPORTS = {
    "from dorm import ValidationError, models": (
        "from django.core.exceptions import ValidationError\nfrom django.db import models\n"
        "import django.db.models.functions"
    ),
    "from dorm.models.functions import": "from django.db.models.functions import",
    "from dorm.validators import": "from django.core.validators import",
    "from dorm.signals import": "from django.db.models.signals import",
}


class Plain:
    """What the fixture `call` is for dorm: Django's methods are called as they are."""

    is_async = False

    def __call__(self, method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs)

    def list(self, queryset: Iterable[Any]) -> list[Any]:
        return list(queryset)


def for_django(name: str) -> ModuleType:
    """Return the models file of an application as Django's, made once in a process."""
    full = f"tests.porting.{name}.django_models"
    if full in sys.modules:
        return sys.modules[full]
    set_up_django()
    label_app(name)
    path = Path(__file__).parent / name / "models.py"
    text = path.read_text(encoding="utf-8")
    for ours, theirs in IMPORTS.items():
        text = text.replace(ours, theirs)
    assert "dorm" not in text.partition('"""\n')[2]
    module = sys.modules[full] = ModuleType(full)
    exec(compile(text, f"{path} for Django", "exec"), vars(module))
    return module


def label_app(name: str) -> None:
    """Tell Django of an app after its start, without the models file that it would import."""
    from django.apps import AppConfig, apps

    app = AppConfig(f"tests.porting.{name}", sys.modules[f"tests.porting.{name}"])
    app.apps, app.models = apps, apps.all_models[app.label]
    apps.app_configs[app.label] = app


def open_database(models: Iterable[Any]) -> None:
    """Give Django an empty database in memory, with the tables of *models*."""
    from django.db import connection, connections

    connections["default"].close()
    del connections["default"]
    entry = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    connections.settings.update(connections.configure_settings({"default": entry}))
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)


def close_database() -> None:
    from django.db import connections

    connections["default"].close()
