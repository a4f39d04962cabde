"""Run mypy over a project, with dorm's plugin whatever its configuration says.

mypy runs in a process of its own, and reads the project's configuration: as it is where that names the
plugin, else a copy with the plugin added.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from configparser import ConfigParser
from configparser import Error as ConfigError
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from .errors import USAGE, CommandError
from .terminal import Terminal

PLUGIN: Final = "dorm_mypy"
INSTALL: Final = "pip install 'djanorm[mypy]'"

# Where mypy looks, in its order (https://mypy.readthedocs.io/en/stable/config_file.html).
PLACES: Final = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg")
CACHE: Final = Path(".mypy_cache")


def check_types(paths: list[str], *, daemon: bool) -> int:
    """Show what mypy says of *paths*, or of the working folder; return 0, 1 for errors, 2 for no answer."""
    if find_spec("mypy") is None:
        raise CommandError(f"types are checked by mypy, which is not installed: {INSTALL}")
    terminal = Terminal()
    config, says_files = _config(terminal)
    chosen = paths or ([] if says_files else ["."])
    program = ["mypy.dmypy", "run", "--"] if daemon else ["mypy"]
    command = [sys.executable, "-m", *program, f"--config-file={config}", *chosen]
    # The plugin's own place comes with dorm: an editable install puts it on sys.path.
    status = subprocess.run(command, check=False).returncode
    return status if status in (0, 1) else USAGE


def _config(terminal: Terminal) -> tuple[Path, bool]:
    """Return a configuration that names the plugin, and whether it says what is to be checked."""
    place, found = _found()
    plugins = _listed(found.get("plugins", []))
    if place is not None and any(plugin.partition(":")[0] in (PLUGIN, "dorm.mypy") for plugin in plugins):
        return place, "files" in found
    if place is not None:
        terminal.note(
            f"{place} does not name the plugin: it is added here. To have it everywhere: {_line(place)}"
        )
    return _written({**found, "plugins": [*plugins, PLUGIN]}), "files" in found


def _line(place: Path) -> str:
    return f'plugins = ["{PLUGIN}"]' if place.suffix == ".toml" else f"plugins = {PLUGIN}"


def _found() -> tuple[Path | None, dict[str, Any]]:
    """Return where mypy is configured and how, sections of modules as "overrides"; (None, {}) if nowhere."""
    for name in PLACES:
        path = Path(name)
        if path.is_file():
            found = _read_toml(path) if path.suffix == ".toml" else _read_ini(path)
            if found is not None:
                return path, found
    return None, {}


def _read_toml(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] | None = (
            tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("mypy")
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    return found


def _read_ini(path: Path) -> dict[str, Any] | None:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (ConfigError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    if "mypy" not in parser:
        return None
    overrides = [
        {"module": name.removeprefix("mypy-").split(","), **parser[name]}
        for name in parser.sections()
        if name.startswith("mypy-")
    ]
    return {**parser["mypy"], "overrides": overrides}


def _listed(value: Any) -> list[str]:
    return [each.strip() for each in value.split(",")] if isinstance(value, str) else list(value)


def _written(options: dict[str, Any]) -> Path:
    """Write a configuration beside mypy's cache: always there, so that a daemon need not start anew."""
    lines = ["[mypy]", *_ini(options)]
    for override in options.get("overrides", []):
        names = override["module"]
        for name in [names] if isinstance(names, str) else names:
            lines += ["", f"[mypy-{name.strip()}]", *_ini(override)]
    CACHE.mkdir(exist_ok=True)
    ignored = CACHE / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")
    path = CACHE / "dorm.ini"
    text = "\n".join([*lines, ""])
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path


def _ini(options: dict[str, Any]) -> list[str]:
    return [
        f"{key} = {_value(key, value)}"
        for key, value in options.items()
        if key not in ("overrides", "module")
    ]


def _value(key: str, value: Any) -> str:
    values = _listed(value) if key == "plugins" else value
    if key == "plugins":
        # The copy stands elsewhere, and a path is read from where the configuration is.
        values = [
            str(Path(each).absolute()) if each.endswith(".py") or "/" in each else each for each in values
        ]
    if key == "exclude" and isinstance(values, list):
        return "|".join(f"(?:{each})" for each in values)
    return ", ".join(map(str, values)) if isinstance(values, list) else str(values).replace("\n", "\n    ")
