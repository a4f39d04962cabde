"""The folder of the demo's project: where it is, what is written into it, and how it is imported.

The files stand in `template/`, as they are written; the settings alone differ with the database.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import dorm
from dorm.db.connection import reset_connections
from dorm.meta.registry import registry

from ..errors import CommandError

TEMPLATE: Final = Path(__file__).with_name("template")
MODELS: Final = ("Package", "File", "Requirement", "Classifier", "Label")

# What stands in the template's settings, and gives way to another database.
OWN_DATABASE: Final = '{"ENGINE": "sqlite", "NAME": Path(__file__).with_name("catalogue.sqlite3")}'
OWN_IMPORT: Final = "from pathlib import Path\n\n"


@contextmanager
def project_folder(keep: str | None) -> Iterator[Path]:
    """Give an empty folder: *keep*, or a temporary one that is gone afterwards.

    Raises CommandError when *keep* cannot be one.
    """
    if keep is not None:
        yield _empty_folder(keep)
        return
    folder = Path(tempfile.mkdtemp(prefix="dorm-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _empty_folder(keep: str) -> Path:
    folder = Path(keep).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = next(folder.iterdir(), None) is None
    except OSError as error:
        raise CommandError(
            f"--keep {keep}: {error.strerror}. Name a folder that can be written to."
        ) from error
    if not is_empty:
        raise CommandError(f"--keep {keep}: the folder is not empty. Name a new one, or an empty one.")
    return folder


@contextmanager
def emptied_on_failure(folder: Path) -> Iterator[None]:
    """Take away *folder* and all in it, which is ours, if the block does not come to its end."""
    try:
        yield
    except BaseException:
        # The files of an open database cannot be deleted everywhere.
        reset_connections()
        shutil.rmtree(folder, ignore_errors=True)
        raise


def write_project(folder: Path, database: dict[str, Any] | None) -> list[str]:
    """Write the project and return its files' names; its data is in *database*, or in a file of its own."""
    names = []
    for source in sorted(TEMPLATE.rglob("*.txt")):
        name = source.relative_to(TEMPLATE).with_suffix("")
        text = source.read_text(encoding="utf-8")
        if name.name == "settings.py" and database is not None:
            text = text.replace(OWN_DATABASE, _literal(database)).replace(OWN_IMPORT, "")
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
        names.append(name.as_posix())
    return names


def _literal(value: Any) -> str:
    """Return *value* as Python source, in the quotes that formatters want."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(each)}" for key, each in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


@contextmanager
def imported(folder: Path) -> Iterator[ModuleType]:
    """Import the settings and the models written to *folder*; give the module of the queries.

    Afterwards modules, models and settings are as they were: a program may call the command and go on.
    """
    before = _without_project()
    databases = dorm.settings.DATABASES
    writes_no_bytecode = sys.dont_write_bytecode
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    invalidate_caches()
    try:
        import_module("settings")
        yield import_module("catalogue.queries")
    finally:
        sys.dont_write_bytecode = writes_no_bytecode
        sys.path.remove(str(folder))
        _forget_models()
        _without_project()
        sys.modules.update(before)
        dorm.configure(DATABASES=databases)


def models_of(queries: ModuleType) -> Any:
    """Return the written project's module of models."""
    return sys.modules[queries.__name__.replace("queries", "models")]


def _without_project() -> dict[str, ModuleType]:
    """Take modules of the project's names out of sys.modules, and return them."""
    names = [name for name in sys.modules if name == "settings" or name.partition(".")[0] == "catalogue"]
    return {name: sys.modules.pop(name) for name in names}


def _forget_models() -> None:
    models = sys.modules.get("catalogue.models")
    for name in MODELS if models is not None else ():
        registry.forget(getattr(models, name))
