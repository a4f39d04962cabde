"""The mypy plugin of dorm: `plugins = ["dorm_mypy"]`."""

from __future__ import annotations

from .light import hold

# Before anything of dorm is imported.
hold("dorm")

from .fingerprint import fingerprint  # noqa: E402
from .plugin import plugin as plugin  # noqa: E402

# mypy drops its cache when this changes.
__version__ = fingerprint()
