"""Let the plugin import parts of dorm without all of it: a run from the cache would take twice as long.

Until a name of `dorm` itself is asked for, its package is there and has not run.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any


class Package(ModuleType):
    """A package whose `__init__` runs when a name is asked for that is not there yet."""

    def __getattr__(self, name: str) -> Any:
        spec = self.__spec__
        if name.startswith("__") or spec is None or spec.loader is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        # From here on it is a plain module.
        setattr(self, "__class__", ModuleType)
        spec.loader.exec_module(self)
        return getattr(self, name)


def hold(name: str) -> None:
    """Put the package *name* where imports find it, unless it is there."""
    spec = find_spec(name) if name not in sys.modules else None
    if spec is not None:
        module = module_from_spec(spec)
        module.__class__ = Package
        sys.modules[name] = module
