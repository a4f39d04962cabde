"""Import a project's modules, and import them anew when they have changed since.

Keeps what it imported for as long as the process lives. Knows models only as what is to be forgotten with
their module.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from importlib import invalidate_caches
from importlib.machinery import PathFinder
from importlib.util import cache_from_source
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from dorm.meta.registry import registry

INSTALLED: Final = frozenset({"site-packages", "dist-packages"})

# A file, and its time and size when it was imported.
State = tuple[str, int, int]

_imported: Final[dict[str, State]] = {}
_added_to_path: Final[list[str]] = []


def put_on_path(first: Iterable[Path], last: Iterable[Path]) -> None:
    """Have modules looked for in the folders *first*, and in *last* when nobody else has them.

    The folders of a project that was loaded before are no longer looked in.
    """
    for folder in _added_to_path:
        if folder in sys.path:
            sys.path.remove(folder)
    _added_to_path.clear()
    _add(first, at_front=True)
    _add(last, at_front=False)
    invalidate_caches()


def _add(folders: Iterable[Path], *, at_front: bool) -> None:
    new = [folder for folder in dict.fromkeys(map(str, folders)) if folder not in sys.path]
    place = 0 if at_front else len(sys.path)
    sys.path[place:place] = new
    _added_to_path.extend(new)


@contextmanager
def remembered(folder: Path, packages: Collection[str]) -> Iterator[None]:
    """Remember what the block imports from files under *folder*, or of *packages*."""
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            file = _file(sys.modules[name])
            is_own = file.startswith(f"{folder}{os.sep}") and not name.startswith("dorm.")
            if any(_is_in(name, package) for package in packages) or (
                is_own and not INSTALLED & {*Path(file).parts}
            ):
                _imported[name] = _state(file)


def is_current(name: str, file: Path) -> bool:
    """Tell whether the module *name*, if it is imported at all, is what *file* would give."""
    module = sys.modules.get(name)
    return module is None or os.path.realpath(_file(module)) == os.path.realpath(file)


def forget_elsewhere(package: str) -> None:
    """Forget a package, and all in it, that is not the one which an import would find now."""
    spec = PathFinder.find_spec(package)
    if spec is not None and spec.origin is not None and not is_current(package, Path(spec.origin)):
        forget_packages([package])


def has_changed() -> bool:
    """Tell whether a file has changed since something was imported from it."""
    return any(name in sys.modules and _state(state[0]) != state for name, state in _imported.items())


def forget_project(packages: Collection[str]) -> None:
    """Forget all that was imported for a project, and *packages*, whoever imported them."""
    forget(list(_imported))
    forget_packages(packages)


def forget_packages(packages: Collection[str]) -> None:
    """Forget *packages* and the modules in them."""
    # A module whose import failed is in no table, and its first models are registered all the same.
    known = {*sys.modules, *(model.__module__ for model in registry)}
    forget(name for name in known if any(_is_in(name, package) for package in packages))


def forget_remains(module: str) -> None:
    """Forget the models that an import of *module* left behind when it failed."""
    if module not in sys.modules:
        forget_packages([module])


def forget(names: Iterable[str]) -> None:
    """Forget modules, and the models in them: the next import runs their files."""
    gone = set(names)
    for model in registry:
        if model.__module__ in gone:
            registry.forget(model)
    for name in gone:
        module = sys.modules.pop(name, None)
        if module is not None:
            _forget_bytecode(_file(module))
        _imported.pop(name, None)


def models_of(module: str) -> list[type[Any]]:
    """Return the models that *module*, or a module in it, defines."""
    return [model for model in registry if _is_in(model.__module__, module)]


def _is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _forget_bytecode(file: str) -> None:
    # A file of bytecode is taken for current when second and size are the source's
    # (https://docs.python.org/3/reference/import.html#cached-bytecode-invalidation).
    if file.endswith(".py"):
        try:
            os.unlink(cache_from_source(file))
        except OSError:
            return


def _file(module: ModuleType) -> str:
    return getattr(module, "__file__", None) or ""


def _state(file: str) -> State:
    try:
        found = os.stat(file)
    except OSError:
        return file, 0, -1
    return file, found.st_mtime_ns, found.st_size
