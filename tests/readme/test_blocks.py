"""Run every Python block of the README and of the documentation.

The blocks of one page share one namespace, in their order, on an empty SQLite database in a folder of its
own. A block that awaits at its top level runs in an event loop.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from dorm.db.connection import close_all_async
from dorm.lookups.custom import Lookup, Transform, unregister
from dorm.meta.registry import registry

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> Iterator[CodeType]:
    """Yield the compiled blocks; their line numbers are the page's, so that tracebacks point there."""
    text = page.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        lines_above = "\n" * text.count("\n", 0, match.start(1))
        yield compile(lines_above + match[1], str(page), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.fixture
def namespace(monkeypatch: pytest.MonkeyPatch, database: Any, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Return the names of a fresh module `page`; the working folder is the test's own."""
    # A page creates the tables of all models: its own are all that there are.
    monkeypatch.setattr(registry, "models", {})
    monkeypatch.setattr(registry, "pending", [])
    page = ModuleType("page")
    monkeypatch.setitem(sys.modules, "page", page)
    monkeypatch.chdir(tmp_path)
    yield page.__dict__
    # Lookups that a page registers are known to every model of the process.
    for kind in [value for value in vars(page).values() if isinstance(value, type)]:
        if issubclass(kind, (Lookup, Transform)) and kind not in (Lookup, Transform):
            unregister(kind)


@pytest.mark.parametrize("page", [page for page in PAGES if list(blocks(page))], ids=lambda page: page.name)
def test_the_blocks_of_the_page_run(page, namespace):
    with asyncio.Runner() as runner:
        for block in blocks(page):
            if block.co_flags & inspect.CO_COROUTINE:
                runner.run(awaited(block, namespace))
            else:
                exec(block, namespace)
        runner.run(close_all_async())


async def awaited(block: CodeType, namespace: dict[str, Any]) -> None:
    await eval(block, namespace)


def test_the_readme_has_blocks_of_both_kinds():
    kinds = {bool(block.co_flags & inspect.CO_COROUTINE) for block in blocks(ROOT / "README.md")}
    assert kinds == {True, False}
