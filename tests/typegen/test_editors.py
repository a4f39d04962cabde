"""What an editor offers on a project with stubs: pyright's language server, spoken to as an editor does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest

MODELS = """\
import dorm


class Publisher(dorm.Model):
    name = dorm.CharField(max_length=100)


class Author(dorm.Model):
    name = dorm.CharField(max_length=100)
    age = dorm.IntegerField(null=True)
    publisher = dorm.ForeignKey(Publisher, on_delete=dorm.CASCADE)


class Book(dorm.Model):
    title = dorm.CharField(max_length=100)
    author = dorm.ForeignKey(Author, on_delete=dorm.CASCADE)
"""

VIEWS = """\
from blog.models import Author, Book

Book.objects.filter(author__publisher__name="x")
Book.objects.filter(author__age__gte=3)
row = Author.objects.values("name", "age").get()
author = Author.objects.get()
"""

HEADER = b"Content-Length: "


class Server:
    """A language server, and the one file that is open in it."""

    name = ""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        self.uri = (folder / "blog" / "views.py").as_uri()
        self.numbers = count(1)
        self.versions = count(1)
        roots = [{"uri": folder.as_uri(), "name": folder.name}]
        options = {"processId": None, "capabilities": CAPABILITIES}
        self.ask("initialize", rootUri=folder.as_uri(), workspaceFolders=roots, **options)
        self.tell("initialized")
        document = {"uri": self.uri, "languageId": "python", "version": 0, "text": VIEWS}
        self.tell("textDocument/didOpen", textDocument=document)

    def tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        number = next(self.numbers)
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" in message and "id" in message:
                self._answer(message)
            elif message.get("id") == number:
                return message.get("result")

    def completions(self, line: str) -> list[str]:
        """Return the labels that are offered at the end of *line*, which is typed below the rest."""
        at = self._type(line)
        found = self.ask("textDocument/completion", textDocument={"uri": self.uri}, position=at)
        items = found if isinstance(found, list) else (found or {"items": []})["items"]
        return [item["label"].strip("\"'") for item in items]

    def hover(self, line: str, column: int) -> str:
        """Return what is shown over a place in *line*."""
        at = {**self._type(line), "character": column}
        found = self.ask("textDocument/hover", textDocument={"uri": self.uri}, position=at)
        return str(found["contents"]["value"])

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _type(self, line: str) -> dict[str, int]:
        document = {"uri": self.uri, "version": next(self.versions)}
        self.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": VIEWS + line}])
        return {"line": VIEWS.count("\n"), "character": len(line)}

    def _answer(self, message: dict[str, Any]) -> None:
        """Give the server the settings that it asks for: none; any other question has null for an answer."""
        asked = message["params"].get("items") if message["method"] == "workspace/configuration" else None
        self._send({"id": message["id"], "result": [{} for _ in asked] if asked else None})

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(HEADER + str(len(body)).encode() + b"\r\n\r\n" + body)
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        size = 0
        while (line := self.process.stdout.readline()) != b"\r\n":
            assert line, "the server has ended"
            if line.startswith(HEADER):
                size = int(line[len(HEADER) :])
        found: dict[str, Any] = json.loads(self.process.stdout.read(size))
        return found


CAPABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {"hover": {"contentFormat": ["plaintext"]}},
}

SERVERS = {
    "pyright": ["-m", "pyright.langserver", "--stdio"],
    "basedpyright": ["-c", "from basedpyright.langserver import main; main()", "--stdio"],
    "ty": ["-m", "ty", "server"],
    "pyrefly": ["-m", "pyrefly", "lsp"],
}


# What a server does not complete by itself, on any TypedDict.
NOT_OFFERED = {("ty", 'row["')}


@pytest.fixture(scope="module", params=[name for name in SERVERS if find_spec(name)])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start each language server on a project with stubs, as `dorm typegen --configure` leaves it."""
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "blog").mkdir()
    (folder / "blog/__init__.py").touch()
    (folder / "blog/models.py").write_text(MODELS, encoding="utf-8")
    (folder / "blog/views.py").write_text(VIEWS, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "dorm", "typegen", "--configure"], cwd=folder, check=True, capture_output=True
    )
    config = f'[tool.pyright]\nvenvPath = "{Path(sys.prefix).parent}"\nvenv = "{Path(sys.prefix).name}"\n'
    pyproject = folder / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8").replace("[tool.pyright]\n", config)
    text = text.replace("[tool.ty.environment]\n", f'[tool.ty.environment]\npython = "{sys.prefix}"\n')
    text = text.replace("[tool.pyrefly]\n", f'[tool.pyrefly]\npython-interpreter-path = "{sys.executable}"\n')
    pyproject.write_text(text, encoding="utf-8")
    started = Server([sys.executable, *SERVERS[request.param]], folder)
    started.name = request.param
    yield started
    started.close()


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Author.objects.filter(na", {"name=", "name__icontains=", "name__in="}),
        ("Book.objects.filter(author__", {"author__publisher__name=", "author__age__gte=", "author__in="}),
        ("Author.objects.exclude(age", {"age=", "age__gte=", "age__isnull="}),
        ("Author.objects.create(pub", {"publisher=", "publisher_id="}),
        ("Author(ag", {"age="}),
        ("author.", {"name", "age", "publisher_id", "book_set", "asave"}),
        ("author.book_set.filter(ti", {"title=", "title__startswith="}),
    ],
)
def test_keywords_and_attributes_are_offered(server, line, wanted):
    assert wanted <= set(server.completions(line))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ('Author.objects.order_by("', {"name", "-name", "publisher", "pk"}),
        ('Author.objects.values("', {"name", "age", "publisher_id"}),
        ('Author.objects.select_related("', {"publisher"}),
        ('row["', {"name", "age"}),
    ],
)
def test_names_in_quotes_are_offered(server, line, wanted):
    offered = set(server.completions(line))
    if (server.name, line) in NOT_OFFERED:
        assert not offered
    else:
        assert wanted <= offered


def test_hovering_shows_the_types_of_rows(server):
    shown = server.hover("for found in Author.objects.filter(age=3): found", 5)
    assert "Author" in shown
