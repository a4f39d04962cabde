"""What tests of migrations ask for beside the fixtures of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import dorm


@pytest.fixture
def statements() -> Callable[[], Any]:
    """Return a block that collects the statements sent in it."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        sent: list[str] = []

        def receiver(sender: Any, sql: str, params: Any) -> None:
            sent.append(sql)

        dorm.pre_query.connect(receiver)
        try:
            yield sent
        finally:
            dorm.pre_query.disconnect(receiver)

    return collect
