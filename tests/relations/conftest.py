"""What the relation tests share."""

from __future__ import annotations

from typing import Any

import pytest

import dorm
from tests.queries.conftest import statements as statements
from tests.relations.models import MODELS


@pytest.fixture
def tables(call: Any) -> None:
    """Make the tables, empty, those of pairs with them."""
    call(dorm.create_tables, *MODELS)
