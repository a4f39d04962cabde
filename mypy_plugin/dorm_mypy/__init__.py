"""The mypy plugin of dorm: `plugins = ["dorm_mypy"]`."""

from __future__ import annotations

from .fingerprint import fingerprint
from .plugin import plugin as plugin

# mypy drops its cache when this changes.
__version__ = fingerprint()
