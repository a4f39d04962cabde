"""Migrations from code: what the commands do, as typed functions in two colours.

Stands on the executor; finds the folders of migrations by the models and settings that are there.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from .._run import run_sync
from ..conf import settings
from ..db.connection import async_executor, executor
from ..meta.options import options_of
from ..meta.registry import registry
from .history import Apps, History, Step
from .loader import MigrationLoader
from .run import Choose, OnProgress, Run, read_history

FOLDER: Final = "migrations"


def migrate(
    label: str | None = None,
    target: str | None = None,
    *,
    apps: Apps | None = None,
    using: str = "default",
    fake: bool = False,
    fake_initial: bool = False,
    on_progress: OnProgress | None = None,
) -> list[Step]:
    """Bring a database to where its migrations lead, and return the steps that were taken.

    Without a *label* that is the last migration of every app; with one, the last of that app, or its
    *target*: a name, the beginning of one, or "zero". *apps* are the folders of migrations by label; without
    them, they are those of the apps of INSTALLED_APPS and of the models that are defined.
    """
    run = Run(executor(using), fake=fake, fake_initial=fake_initial, on_progress=on_progress)
    return run_sync(run.migrate(_given(apps), towards(label, target)))


async def amigrate(
    label: str | None = None,
    target: str | None = None,
    *,
    apps: Apps | None = None,
    using: str = "default",
    fake: bool = False,
    fake_initial: bool = False,
    on_progress: OnProgress | None = None,
) -> list[Step]:
    """Bring a database to where its migrations lead, and return the steps that were taken.

    See `migrate`.
    """
    run = Run(async_executor(using), fake=fake, fake_initial=fake_initial, on_progress=on_progress)
    return await run.migrate(_given(apps), towards(label, target))


def plan(
    label: str | None = None,
    target: str | None = None,
    *,
    apps: Apps | None = None,
    using: str = "default",
) -> list[Step]:
    """Return the steps that `migrate()` would take; changes nothing."""
    history = run_sync(read_history(executor(using), _given(apps)))
    return towards(label, target)(history)


async def aplan(
    label: str | None = None,
    target: str | None = None,
    *,
    apps: Apps | None = None,
    using: str = "default",
) -> list[Step]:
    """Return the steps that `amigrate()` would take; changes nothing."""
    history = await read_history(async_executor(using), _given(apps))
    return towards(label, target)(history)


def makemigrations(
    *labels: str,
    apps: Apps | None = None,
    name: str | None = None,
    renames: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> list[Path]:
    """Write what leads from the migrations that there are to the models that are defined; return the paths.

    Of all apps, or of *labels*. *renames* say what is called otherwise now (`{"blog.Author.name": "title"}`),
    *defaults* what rows that are there get (`{"blog.Author.age": "0"}`); MigrationError says which of them is
    missing. With *dry_run* nothing is written. No database is asked, so there is no twin.
    """
    # Imported here: to apply migrations takes nothing of what makes them.
    from . import making
    from .questions import Answers

    loader = MigrationLoader(_given(apps))
    made = making.detected(loader, labels or None, name=name, questioner=Answers(renames, defaults))
    if not dry_run:
        return making.written(loader, made)
    return [making.path_of(loader, migration) for each in made.values() for migration in each]


def towards(label: str | None, target: str | None) -> Choose:
    """Return what finds the steps to a target of one app, or to the latest of all."""
    if label is None and target is not None:
        raise TypeError(f"the target {target!r} needs the label of its app")

    def choose(history: History) -> list[Step]:
        return history.plan(history.latest() if label is None else [history.target(label, target)])

    return choose


def _given(apps: Apps | None) -> Apps:
    return app_folders() if apps is None else apps


def app_folders() -> dict[str, Path]:
    """Return the folder of migrations of each app of INSTALLED_APPS, and of each whose models are defined."""
    found: dict[str, Path] = {}
    for model in registry:
        home = _package_of(model.__module__)
        if home is not None:
            found.setdefault(options_of(model).app_label, home / FOLDER)
    known = set(found.values())
    for package in settings.INSTALLED_APPS:
        spec = find_spec(package)
        places = list(spec.submodule_search_locations or ()) if spec is not None else []
        if places and Path(places[0]) / FOLDER not in known:
            found[package] = Path(places[0]) / FOLDER
    return found


def _package_of(module: str) -> Path | None:
    """Return the folder of the package that a module of models is in, or the module's own."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None:
        return None
    path = Path(file)
    is_package = path.name == "__init__.py" and path.parent.name == "models"
    return path.parents[1] if is_package else path.parent
