"""Schema editors: how a table is made, changed and dropped, for each database."""

from __future__ import annotations

from .base import SchemaEditor
from .choose import editor_for

__all__ = ["SchemaEditor", "editor_for"]
