"""Find a project's settings and apps, configure dorm from the one, and import the models of the other.

What every command that needs a project begins with. Rests on `apps.py`, which looks, and on `modules.py`,
which imports.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Collection, Container, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final

import dorm
from dorm._record import Record
from dorm._text import did_you_mean, listed, nearest
from dorm.conf import CurrentSettings, databases
from dorm.meta.options import options_of
from dorm.meta.registry import registry

from . import modules
from .apps import discover
from .errors import FINDINGS, CommandError
from .terminal import Terminal

DEFAULT_SETTINGS: Final = "settings"

# Frames in these folders are dorm's own.
OURS: Final = str(Path(dorm.__file__).parent)

NO_DATABASE: Final = (
    "No database configured. Uncomment one block in settings.py, or run: dorm init --database sqlite"
)


class Project(Record):
    """What was loaded: *apps* are label -> folder, *packages* label -> dotted name of the package.

    *broken* are the apps whose models could not be imported; they are in none of the others.
    """

    settings_name: str
    folder: Path
    apps: dict[str, Path]
    packages: dict[str, str]
    broken: dict[str, str]

    def label(self, name: str) -> str:
        """Return the label of the app that *name* means: a label, a package, or the last part of one.

        Raises CommandError (status 1) when there is none, or more than one.
        """
        if name in self.apps:
            return name
        meant = [label for label, package in self.packages.items() if package == name]
        meant = meant or [label for label in self.apps if label.endswith(f".{name}")]
        if len(meant) == 1:
            return meant[0]
        if name in self.broken:
            raise CommandError(
                f"the models of app {name!r} cannot be imported: {self.broken[name]}", FINDINGS
            )
        if meant:
            raise CommandError(f"{name!r} may mean {' or '.join(meant)}: write it out", FINDINGS)
        hint = did_you_mean(nearest(name, self.apps))
        raise CommandError(f"there is no app {name!r}.{hint} Apps: {listed(self.apps) or 'none'}.", FINDINGS)

    def chosen(self, names: Sequence[str]) -> dict[str, Path]:
        """Return label -> folder of the apps *names*, or of every app when none is named."""
        labels = dict.fromkeys(map(self.label, names))
        return {label: self.apps[label] for label in labels} if names else self.apps

    def models(self, labels: Collection[str] | None = None, *, pairs: bool = False) -> list[type[Any]]:
        """Return the models that the apps, or those with these labels, define, in the order of definition.

        The tables that many-to-many fields make belong to the fields: they are among these with *pairs*.
        """
        wanted = self.apps if labels is None else labels
        every = [options_of(model) for model in registry]
        made = [field.through for options in every for field in options.many_to_many if field.makes_table]
        own = [options.model for options in every if options.app_label in wanted]
        return own if pairs else [model for model in own if model not in made]


def add_settings(parser: ArgumentParser) -> None:
    """Let the command take --settings."""
    parser.add_argument(
        "--settings",
        metavar="MODULE",
        help="the settings to read: else DORM_SETTINGS, else `settings` of [tool.dorm] in pyproject.toml, "
        "else the module `settings` in the working folder",
    )


def add_database(parser: ArgumentParser) -> None:
    """Let the command take --database."""
    parser.add_argument(
        "--database", metavar="ALIAS", default="default", help="which of DATABASES is meant; else `default`"
    )


def load(arguments: Any) -> Project:
    """Configure dorm from the settings that *arguments* or the environment name; import the apps' models.

    Whatever an earlier call configured and imported gives way, unless it is the same and has not changed.
    What is wrong with an app is a warning; CommandError says what is wrong with the settings.
    """
    name, folder = configure(arguments)
    terminal = Terminal()
    found = _apps(name, folder, terminal)
    if modules.has_changed() or not all(modules.is_current(*each) for each in _files(found)):
        modules.forget_project(found)
    apps: dict[str, Path] = {}
    packages: dict[str, str] = {}
    broken: dict[str, str] = {}
    with modules.remembered(folder, found):
        for package, place in found.items():
            problem = _import_models(package)
            if problem is not None:
                broken[package] = problem
                terminal.warn(f"{package}.models cannot be imported: {problem}")
                continue
            label = _label(package, apps, terminal)
            apps[label], packages[label] = place, package
    if not found:
        terminal.note(f"no apps detected in {folder}: an app is a package with a models.py")
    return Project(name, folder, apps, packages, broken)


def configure(arguments: Any) -> tuple[str, Path]:
    """Configure dorm from the settings that *arguments* or the environment name; return name and folder.

    Enough for a command that needs no models. CommandError says what is wrong with the settings.
    """
    name = _settings_name(arguments.settings)
    return name, _configure(name)


def need_database(alias: str = "default") -> None:
    """Raise CommandError when no database is configured, or none called *alias*."""
    known = databases()
    if not known:
        raise CommandError(NO_DATABASE)
    if alias not in known:
        hint = did_you_mean(nearest(alias, known))
        raise CommandError(f"there is no database {alias!r} in DATABASES.{hint} Aliases: {listed(known)}.")


# -- settings -------------------------------------------------------------------------------------


def _settings_name(given: str | None) -> str:
    """Return the name of the settings module, by the order in which places are asked for it."""
    name = given or os.environ.get("DORM_SETTINGS") or _name_in_pyproject() or DEFAULT_SETTINGS
    if not all(part.isidentifier() for part in name.split(".")):
        meant = name.removesuffix(".py").strip("./").replace("/", ".")
        raise CommandError(f"settings are named by module, not by file: {meant!r}, not {name!r}")
    return name


def _name_in_pyproject() -> str | None:
    path = Path("pyproject.toml")
    if not path.is_file():
        return None
    # Imported here: only a project that has the file needs it.
    import tomllib

    try:
        section = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("dorm", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"pyproject.toml cannot be read: {error}") from error
    name = section.get("settings")
    if name is not None and not isinstance(name, str):
        raise CommandError(f"pyproject.toml: settings of [tool.dorm] must be a text, not {name!r}")
    return name


def _configure(name: str) -> Path:
    """Import the settings and configure dorm from them; return the folder of their file."""
    modules.put_on_path([Path.cwd()], [])
    file = _settings_file(name)
    folder = file.parent.parent if file.name == "__init__.py" else file.parent
    modules.put_on_path([Path.cwd(), folder], [folder.parent])
    # Before the import: a settings module may call configure() itself.
    dorm.configure(**vars(CurrentSettings()))
    try:
        with modules.remembered(folder, []):
            module = import_module(name)
        dorm.configure(**{key: value for key, value in vars(module).items() if key.isupper()})
    except dorm.ImproperlyConfigured as error:
        raise CommandError(f"settings {name!r}: {error}") from error
    # Whatever the code of a user's settings may raise.
    except Exception as error:
        raise CommandError(f"settings {name!r} cannot be imported: {told(error)}") from error
    return folder


def _settings_file(name: str) -> Path:
    modules.forget([name])
    modules.forget_elsewhere(name.partition(".")[0])
    try:
        spec = find_spec(name)
    # The packages around the settings are imported here, and are a user's code.
    except Exception as error:
        if not _is_missing(error, name):
            raise CommandError(f"settings {name!r} cannot be imported: {told(error)}") from error
        spec = None
    if spec is None or spec.origin is None:
        raise CommandError(
            f"there is no settings module {name!r}: call dorm in the folder of the project, or name it "
            "with --settings. For a new project: dorm init"
        )
    return Path(spec.origin)


# -- apps -----------------------------------------------------------------------------------------


def _apps(name: str, folder: Path, terminal: Terminal) -> dict[str, Path]:
    """Return the folder of each app, by the name of its package: those of the settings, or all there are."""
    named = dorm.settings.INSTALLED_APPS
    if not named:
        return discover(folder, name.rpartition(".")[0])
    found: dict[str, Path] = {}
    for package in named:
        modules.forget_elsewhere(package.partition(".")[0])
        place = _folder_of(package, terminal)
        if place is not None:
            found[package] = place
    return found


def _folder_of(package: str, terminal: Terminal) -> Path | None:
    try:
        spec = find_spec(package)
    # A package's own code is run to find what is in it.
    except Exception as error:
        if not _is_missing(error, package):
            terminal.warn(f"app {package!r} cannot be imported: {told(error)}")
            return None
        spec = None
    if spec is None or not spec.submodule_search_locations:
        terminal.warn(f"INSTALLED_APPS names {package!r}, and there is no such package")
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _files(found: dict[str, Path]) -> Iterator[tuple[str, Path]]:
    """Yield the modules that tell whether the apps' are those of these folders, with their files."""
    for package, folder in found.items():
        pairs = {
            package: folder / "__init__.py",
            f"{package}.models": folder / "models.py",
        }
        yield from ((name, file) for name, file in pairs.items() if file.exists())


def _import_models(package: str) -> str | None:
    """Import the models of an app, if it has any; return what went wrong, or None."""
    module = f"{package}.models"
    modules.forget_remains(module)
    try:
        if find_spec(module) is not None:
            import_module(module)
    # Whatever the code of a user's models may raise.
    except Exception as error:
        modules.forget_packages([module])
        return told(error)
    return None


def _label(package: str, taken: Container[str], terminal: Terminal) -> str:
    """Return the label of an app: the one that all of its models have, else the name of the package."""
    labels = {options_of(model).app_label for model in modules.models_of(f"{package}.models")}
    label = labels.pop() if len(labels) == 1 else package
    if label not in taken:
        return label
    terminal.warn(f"the models of {package!r} have the app_label {label!r}, which is that of another app")
    return package


# -- what went wrong ------------------------------------------------------------------------------


def told(error: BaseException) -> str:
    """Return an error of a user's module in one line: its class, its message, and the place in the file."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}{_place(error.filename, error.lineno)}"
    frames = [each for each in extract_tb(error.__traceback__) if each.filename.endswith(".py")]
    own = [each for each in frames if not each.filename.startswith(OURS)]
    place = _place(own[-1].filename, own[-1].lineno) if own else ""
    message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message}{place}" if message else f"{type(error).__name__}{place}"


def _place(file: str | None, line: int | None) -> str:
    if file is None:
        return ""
    path = Path(file)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f" ({shown}, line {line})"


def _is_missing(error: Exception, name: str) -> bool:
    """Tell whether *error* says that *name*, or a package around it, is not there."""
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return False
    return f"{name}.".startswith(f"{error.name}.")
