"""Run each type checker over a folder, once, and return what it says by line.

Stands on the checkers that are installed; mypy and pyright always are.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from os.path import relpath
from pathlib import Path

from tests.typing.expectations import Lines, Said

MYPY = "[mypy]\nstrict = true\nallow_untyped_globals = true\ndisable_error_code = no-untyped-def\n"


def run(command: list[str], folder: Path) -> str:
    """Return what a checker prints; raise when it could not work at all."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr or done.stdout}")
    return done.stdout


def gather(found: Iterator[tuple[str, int, Said]]) -> Lines:
    out: Lines = defaultdict(list)
    for file, line, said in found:
        out[file, line].append(said)
    return out


def mypy(folder: Path, scratch: Path, *, plugin: bool) -> Lines:
    """Return what mypy says, with the plugin or with the stubs alone."""
    config = scratch / "mypy.ini"
    config.write_text(MYPY + ("plugins = dorm_mypy\n" if plugin else ""), encoding="utf-8")
    options = [f"--config-file={config}", f"--cache-dir={scratch / 'mypy'}", "--output=json"]
    return gather(read_mypy(run(["mypy", *options, "."], folder)))


def read_mypy(text: str) -> Iterator[tuple[str, int, Said]]:
    for line in text.splitlines():
        found = json.loads(line)
        revealed = re.fullmatch(r'Revealed type is "(.*)"', found["message"])
        if revealed:
            yield found["file"], found["line"], Said("R", revealed[1])
        elif found["severity"] == "error":
            yield found["file"], found["line"], Said("E", f"{found['code']} {found['message']}")


def pyright(folder: Path, scratch: Path, name: str = "pyright") -> Lines:
    """Return what pyright, or its kin of that *name*, says."""
    config = {
        "include": [relpath(folder, scratch)],
        "extraPaths": [str(folder)],
        "typeCheckingMode": "standard",
        "reportAttributeAccessIssue": "error",
        "reportUnusedExpression": "none",
        "reportUnusedCoroutine": "none",
    }
    path = scratch / "pyrightconfig.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    text = run([name, "--outputjson", "-p", str(path), "--pythonpath", sys.executable], folder)
    return gather(read_pyright(text, folder))


def read_pyright(text: str, folder: Path) -> Iterator[tuple[str, int, Said]]:
    for found in json.loads(text)["generalDiagnostics"]:
        file = Path(found["file"]).relative_to(folder.resolve()).as_posix()
        line = found["range"]["start"]["line"] + 1
        revealed = re.fullmatch(r'Type of ".*" is "(.*)"', found["message"], re.DOTALL)
        if revealed:
            yield file, line, Said("R", revealed[1])
        elif found["severity"] == "error":
            yield file, line, Said("E", f"{found.get('rule', 'error')} {found['message']}")


def basedpyright(folder: Path, scratch: Path) -> Lines:
    return pyright(folder, scratch, "basedpyright")


def ty(folder: Path, scratch: Path) -> Lines:
    """Return what ty says."""
    options = ["--project", str(folder), "--python", sys.prefix, "--output-format", "concise", "."]
    return gather(read_ty(run(["ty", "check", *options], folder)))


def read_ty(text: str) -> Iterator[tuple[str, int, Said]]:
    for line in text.splitlines():
        found = re.match(r"(\S+?\.py):(\d+):\d+: (\w+)\[([\w-]+)\] (.*)", line)
        if found is None:
            continue
        file, number, severity, code, message = found.groups()
        if code == "revealed-type":
            yield file, int(number), Said("R", message.removeprefix("Revealed type: "))
        elif severity == "error":
            yield file, int(number), Said("E", f"{code} {message}")


def pyrefly(folder: Path, scratch: Path) -> Lines:
    """Return what pyrefly says; without a configuration it reports next to nothing."""
    config = scratch / "pyrefly.toml"
    config.write_text(f'search-path = ["{folder}"]\nproject-includes = ["{folder}"]\n', encoding="utf-8")
    options = ["-c", str(config), "--python-interpreter-path", sys.executable, "--output-format", "json"]
    return gather(read_pyrefly(run(["pyrefly", "check", *options], folder), folder))


def read_pyrefly(text: str, folder: Path) -> Iterator[tuple[str, int, Said]]:
    for found in json.loads(text)["errors"]:
        file = (folder / found["path"]).resolve().relative_to(folder.resolve()).as_posix()
        if found["name"] == "reveal-type":
            yield file, found["line"], Said("R", found["description"].removeprefix("revealed type: "))
        elif found["severity"] == "error":
            yield file, found["line"], Said("E", f"{found['name']} {found['description']}")


def installed(*names: str) -> list[str]:
    """Return those of the checkers that are there."""
    return [name for name in names if find_spec(name) is not None]


PLAIN: dict[str, Callable[[Path, Path], Lines]] = {
    "mypy": lambda folder, scratch: mypy(folder, scratch, plugin=False),
    "pyright": pyright,
    "basedpyright": basedpyright,
    "ty": ty,
    "pyrefly": pyrefly,
}
