"""What the tests of queryset methods share: the tables, rows and statements of the query tests."""

from __future__ import annotations

from tests.queries.conftest import rows as rows
from tests.queries.conftest import statements as statements
from tests.queries.conftest import tables as tables
