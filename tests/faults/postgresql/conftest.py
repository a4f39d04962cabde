"""The fault tests of PostgreSQL work on the same table as those of its backend."""

from __future__ import annotations

from tests.postgresql.conftest import core, place

__all__ = ["core", "place"]
