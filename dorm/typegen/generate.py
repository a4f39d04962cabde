"""From a project's files to its stubs, done again only for what has changed.

Rests on the readers of the source and on the renderer; writes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from .._record import Record
from .._text import listed
from ..source.calls import METHODS, Site, read_calls
from ..source.index import is_searched
from ..source.lookups import names_in
from ..source.models import Project, SourceModel
from ..source.modules import ModuleSource, stamp_of
from .forms import MODULE, forms_text
from .render import QUIET, render_module
from .uses import Uses, uses_of

# A file without one of these has no call of interest.
MARKS = tuple(f".{prefix}{method}(".encode() for method in METHODS for prefix in ("", "a"))


class TypegenError(Exception):
    """The stubs cannot be made or written; the message says what stands in the way, and what to do."""


class Stub(Record):
    """One stub: its place below the folder of stubs, its text, and what it was made from."""

    path: Path
    text: str
    digest: str


class FileFacts(Record):
    """What one file says besides its models, while its stamp is *stamp*."""

    stamp: tuple[int, int]
    sites: tuple[Site, ...]
    lookups: tuple[str, ...]
    names_pairs: bool


class Counts(Record):
    """How much was read and made."""

    files: int
    models: int
    calls: int


class Generator:
    """The stubs of the models below *roots*; what lies below *out* is not read."""

    def __init__(self, roots: Iterable[Path], out: Path) -> None:
        self.roots = [root.absolute() for root in roots]
        self.out = out.absolute()
        self.project = Project(self.roots)
        self._read: dict[Path, FileFacts] = {}
        self._rendered: dict[str, tuple[object, str]] = {}
        self._generation = 0

    def stubs(self, apps: Iterable[str] = ()) -> list[Stub]:
        """Return the stub of each module with models, of *apps* alone if any are named.

        Raises TypegenError for an app without models, and for two models of one label.
        """
        if self.project.refresh():
            self._generation += 1
        self._check_labels()
        self._read_files()
        registered = frozenset(name for facts in self._read.values() for name in facts.lookups)
        if registered != self.project.registered:
            self.project.registered = registered
            self._generation += 1
        self.project.names_pairs = any(facts.names_pairs for facts in self._read.values())
        uses = uses_of(self.project, (site for facts in self._read.values() for site in facts.sites))
        modules = self._modules(list(apps))
        stubs = [self._stub(module, uses) for module in modules]
        return [*stubs, shared_stub()] if stubs else []

    def counts(self) -> Counts:
        """Return how much the last call of `stubs()` has read."""
        models = [model for model in self.project.models.values() if not model.abstract]
        calls = sum(len(facts.sites) for facts in self._read.values())
        return Counts(len(self._read), len(models), calls)

    def _modules(self, apps: list[str]) -> list[ModuleSource]:
        names = {model.module for model in self.project.models.values()}
        found = [module for name, module in sorted(self.project.modules.items()) if name in names]
        for app in apps:
            if not any(_is_of(module, app) for module in found):
                known = sorted({_app(module.name) for module in found})
                raise TypegenError(f"no models of an app {app!r} were found. Apps: {listed(known)}.")
        return [module for module in found if not apps or any(_is_of(module, app) for app in apps)]

    def _check_labels(self) -> None:
        taken: dict[str, SourceModel] = {}
        for model in self.project.models.values():
            if model.abstract:
                continue
            other = taken.setdefault(self.project.label_of(model), model)
            if other is not model:
                raise TypegenError(
                    f"{self.project.label_of(model)} is defined twice, in {other.source.module.path} and "
                    f"{model.source.module.path}: give one of them another Meta.app_label"
                )

    # -- what was read, kept while it is fresh --------------------------------------------------

    def _read_files(self) -> None:
        fresh: dict[Path, FileFacts] = {}
        for path, module in self._python_files():
            stamp = stamp_of(path)
            known = self._read.get(path)
            fresh[path] = known if known is not None and known.stamp == stamp else _facts(path, module, stamp)
        self._read = fresh

    def _python_files(self) -> Iterator[tuple[Path, str]]:
        seen: set[Path] = set()
        # A module is named from the innermost folder that holds it.
        for root in sorted(self.roots, key=lambda root: -len(root.parts)):
            for folder, folders, files in os.walk(root):
                folders[:] = sorted(one for one in folders if self._is_read(Path(folder, one)))
                for file in sorted(files):
                    path = Path(folder, file)
                    if file.endswith(".py") and path not in seen:
                        seen.add(path)
                        yield path, ".".join(path.relative_to(root).with_suffix("").parts)

    def _is_read(self, folder: Path) -> bool:
        return folder != self.out and is_searched(folder)

    def _stub(self, module: ModuleSource, uses: dict[str, Uses]) -> Stub:
        own = [model.full for model in self.project.models.values() if model.source.module is module]
        key = (
            self._generation,
            self.project.names_pairs,
            [uses[full].facts() for full in own if full in uses],
        )
        kept = self._rendered.get(module.name)
        if kept is None or kept[0] != key:
            kept = (key, render_module(self.project, module, uses))
            self._rendered[module.name] = kept
        return Stub(stub_path(module.name), kept[1], sha256(kept[1].encode()).hexdigest()[:16])


def shared_stub() -> Stub:
    """Return the module that all stubs import from."""
    text = f"{QUIET}{forms_text()}"
    return Stub(Path(f"{MODULE}.pyi"), text, sha256(text.encode()).hexdigest()[:16])


def stub_path(module: str) -> Path:
    """Return where checkers look for the stub of a module: in "app-stubs", or by itself at the top."""
    top, *rest = module.split(".")
    if not rest:
        return Path(f"{top}.pyi")
    return Path(f"{top}-stubs", *rest).with_suffix(".pyi")


def _facts(path: Path, module: str, stamp: tuple[int, int]) -> FileFacts:
    try:
        text = path.read_bytes()
    except OSError:
        return FileFacts(stamp, (), (), False)
    sites: tuple[Site, ...] = ()
    if any(mark in text for mark in MARKS):
        package = path.name == "__init__.py"
        sites = read_calls(module.removesuffix(".__init__"), text, package=package)
    return FileFacts(stamp, sites, tuple(names_in(text)), b"through_defaults" in text)


def _app(module: str) -> str:
    return module.partition(".models")[0] if ".models" in module else module


def _is_of(module: ModuleSource, app: str) -> bool:
    own = _app(module.name)
    return own == app or own.endswith(f".{app}")
