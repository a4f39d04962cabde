"""Apps of its own for each test, so that classes of one name do not meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import dorm
from dorm.meta.registry import registry
from dorm.signals import is_transaction_control


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Iterator[type]:
    """Return the parent of a `Meta`, with an app of the test's own; its models are forgotten afterwards."""
    label = f"app_{abs(hash(request.node.nodeid))}"
    before = set(registry.models)
    yield type("Meta", (), {"app_label": label})
    for name in set(registry.models) - before:
        registry.forget(registry.models[name])


@pytest.fixture
def statements() -> Callable[[], Any]:
    """Return a block that collects the statements sent in it."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        sent: list[str] = []

        def receiver(sender: Any, sql: str, params: Any) -> None:
            if not is_transaction_control(sql):
                sent.append(sql)

        dorm.pre_query.connect(receiver)
        try:
            yield sent
        finally:
            dorm.pre_query.disconnect(receiver)

    return collect
