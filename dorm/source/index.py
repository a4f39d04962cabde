"""Which models point at which: the relations of a project, found in its source files.

Rests on the declarations of single modules; knows folders and module names, never imports one. A project's
models are looked for in `models.py` and in the modules of packages called `models`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from .._record import Record
from .declarations import RELATIONS, ClassDeclaration, ModuleDeclaration, Relation, read_module

SKIPPED: Final = frozenset({"__pycache__", "node_modules", "site-packages", "dist-packages", "build", "dist"})

# A search path that is a home directory must not cost minutes: what lies beyond is not looked at.
MOST_FOLDERS: Final = 10_000


class ReverseRelation(Record):
    """What a model gets from a relation that points at it.

    *accessor* is the attribute ("book_set"), *query_name* the name in lookups ("book"), *source* the full
    name of the class that holds *field*; *kind* is one of RELATIONS.
    """

    accessor: str
    query_name: str
    source: str
    field: str
    kind: str

    def as_texts(self) -> tuple[str, ...]:
        """Return all that it says, to compare it by."""
        return (self.accessor, self.query_name, self.source, self.field, self.kind)


class SourceIndex:
    """The declarations of all model modules below some folders, kept fresh by their times and sizes."""

    def __init__(self, roots: Iterable[Path] = ()) -> None:
        self.roots = [root.absolute() for root in roots]
        self._stamps: dict[Path, tuple[str, int, int]] = {}
        self._modules: dict[Path, ModuleDeclaration] = {}
        # Modules of other names that define fields of the project's own.
        self._beside: dict[Path, str] = {}
        self._own: dict[str, ModuleDeclaration] = {}
        self._classes: dict[str, ClassDeclaration] = {}
        self._reverse: dict[str, tuple[ReverseRelation, ...]] = {}
        # The same by module, into it and out of it; and the concrete classes by their last names.
        self._into: dict[str, dict[str, tuple[ReverseRelation, ...]]] = {}
        self._out: dict[str, list[tuple[str, ReverseRelation]]] = {}
        self._named_modules: list[str] = []
        self._by_name: dict[str, list[str]] = {}
        # Where the relations of abstract classes lead to, by the class: modules, for what is no relation yet.
        self._led: dict[str, set[str]] = {}

    def refresh(self) -> bool:
        """Read what is new or changed and forget what is gone; say whether anything was."""
        # A module is named from the innermost folder that holds it.
        roots = sorted(self.roots, key=lambda root: len(root.parts))
        found = {path: name for root in roots for path, name in _model_files(root)}
        found = {**{path: name for path, name in self._beside.items() if path.exists()}, **found}
        changed = self._stamps.keys() != found.keys()
        for gone in self._stamps.keys() - found.keys():
            del self._stamps[gone]
            self._modules.pop(gone, None)
        for path, name in found.items():
            changed = self._read(path, name) or changed
        if changed:
            self._link()
        return changed

    def learn(self, module: str, path: Path) -> None:
        """Learn from a module's file which folder its name starts from, such as "src".

        Only folders inside the known ones count: the project, not what is installed.
        """
        root = _root_of(module, path.absolute())
        if root is not None and root not in self.roots and any(known in root.parents for known in self.roots):
            self.roots.append(root)
            self.refresh()

    def add(self, module: str, path: Path) -> None:
        """Take *module* into account, any file but dorm's: its relations to models of its own file."""
        if module.partition(".")[0] == "dorm":
            return
        path = path.absolute()
        if path in self._stamps:
            if self._read(path, module):
                self._link()
            return
        text = _text(path)
        known = self._own.get(module)
        if known is None and not any(kind.encode() in text for kind in RELATIONS):
            return
        declared = read_module(module, text, package=path.name == "__init__.py")
        if declared is not None and declared != known:
            self._own[module] = declared
            self._link()

    def into(self, model: str) -> tuple[ReverseRelation, ...]:
        """Return the relations that point at the class of this full name, `()` when there is none."""
        return self._reverse.get(model, ())

    def into_module(self, module: str) -> dict[str, tuple[ReverseRelation, ...]]:
        """Return the relations that point at each class of *module*, from anywhere."""
        return self._into.get(module, {})

    def out_of_module(self, module: str) -> list[tuple[str, ReverseRelation]]:
        """Return the relations that the classes of *module* declare, each with its target."""
        return self._out.get(module, [])

    def modules(self) -> list[str]:
        """Return the names of the modules that classes were found in, sorted."""
        return self._named_modules

    def files(self) -> dict[Path, str]:
        """Return the files that models are looked for in, with the names of their modules."""
        return {path: stamp[0] for path, stamp in self._stamps.items() if path not in self._beside}

    def target_of(self, model: str, field: str) -> str | None:
        """Return the full name of the class that a relation of *model* leads to, None if it is hidden."""
        for relation in self._inherited(model):
            if relation.name == field:
                return self.named(relation.target, model) if relation.quoted else relation.target
        return None

    def sources(self, module: str) -> list[str]:
        """Return the other modules whose relations point into *module*, sorted."""
        found = {
            relation.source.rpartition(".")[0]
            for into in self.into_module(module).values()
            for relation in into
        }
        return sorted(found - {module})

    def targets(self, module: str) -> list[str]:
        """Return the other modules that the relations of *module* point into, sorted."""
        found = {target.rpartition(".")[0] for target, _ in self.out_of_module(module)}
        led = (into for full, into in self._led.items() if full.rpartition(".")[0] == module)
        return sorted(found.union(*led) - {module})

    def named(self, text: str, source: str) -> str | None:
        """Return the full name of the class that *text* ("self", "Name", "app.Name") means to *source*."""
        if text == "self":
            return source
        beside = f"{source.rpartition('.')[0]}.{text}"
        if "." not in text and beside in self._classes:
            return beside
        label = text if "." in text else f"{self.app_of(source)}.{text}"
        labels = {full: f"{self.app_of(full)}.{full.rpartition('.')[2]}" for full in self._concrete(text)}
        if (exact := next((full for full, own in labels.items() if own == label), None)) is not None:
            return exact
        # "shop.Item" may mean the Item of "myproject.shop", as long as no other app ends so.
        similar = [full for full, own in labels.items() if own.endswith(f".{label}")]
        return similar[0] if len(similar) == 1 else None

    def _read(self, path: Path, name: str) -> bool:
        try:
            status = path.stat()
        except OSError:
            return False
        stamp = (name, status.st_mtime_ns, status.st_size)
        if self._stamps.get(path) == stamp:
            return False
        self._stamps[path] = stamp
        declared = read_module(name, _text(path), package=path.name == "__init__.py")
        # A file that is being typed in keeps what it said last.
        if declared is None or self._modules.get(path) == declared:
            return False
        self._modules[path] = declared
        return True

    def _concrete(self, text: str) -> list[str]:
        """Return the full names of the classes that are called as the last part of *text* says."""
        return self._by_name.get(text.rpartition(".")[2], [])

    def app_of(self, full: str) -> str:
        """Return the app that a class belongs to: its Meta's, or as the run time takes it."""
        for one in self._line(full):
            label = self._classes[one].app_label
            if label:
                return label
        module = full.rpartition(".")[0]
        return (
            module.removesuffix(".models")
            if module.endswith(".models")
            else module.partition(".")[0].strip("_")
        )

    def _link(self) -> None:
        modules = [*self._own.values(), *self._modules.values()]
        self._classes = {f"{module.name}.{one.name}": one for module in modules for one in module.classes}
        self._by_name = {}
        for full, declared in self._classes.items():
            if not declared.abstract:
                self._by_name.setdefault(declared.name, []).append(full)
        own = self._own.keys()
        reverse: dict[str, list[ReverseRelation]] = {}
        self._led = {}
        for full, declared in list(self._classes.items()):
            if declared.abstract:
                self._led[full] = self._led_by(full, declared)
            # A proxy has the relations of the model that it stands for, and adds none.
            if declared.abstract or declared.proxy:
                continue
            for relation in self._inherited(full):
                kind = self._kind(relation.kind)
                if kind is None:
                    continue
                target = self.named(relation.target, full) if relation.quoted else relation.target
                module = full.rpartition(".")[0]
                if target is None or (module in own and target.rpartition(".")[0] != module):
                    continue
                if (found := self._reverse_of(relation, kind, full, target)) is not None:
                    reverse.setdefault(target, []).append(found)
        self._reverse = {
            target: tuple(sorted(found, key=lambda one: (one.accessor, one.source, one.field)))
            for target, found in reverse.items()
        }
        self._by_module()

    def _by_module(self) -> None:
        """Sort what was found by the modules that are asked about."""
        self._named_modules = sorted({full.rpartition(".")[0] for full in self._classes})
        self._into, self._out = {}, {}
        for target, into in self._reverse.items():
            self._into.setdefault(target.rpartition(".")[0], {})[target] = into
            for relation in into:
                self._out.setdefault(relation.source.rpartition(".")[0], []).append((target, relation))

    def _led_by(self, full: str, declared: ClassDeclaration) -> set[str]:
        """Return the modules of the models that the relations of a class name by text."""
        targets = (self.named(one.target, full) for one in declared.relations if one.quoted)
        return {target.rpartition(".")[0] for target in targets if target is not None}

    def _kind(self, name: str) -> str | None:
        """Return which of dorm's relations a class is or comes from, None for anything else."""
        if name in RELATIONS:
            return name
        if name not in self._classes:
            self._look_beside(name.rpartition(".")[0])
        for one in self._line(name):
            for base in self._classes[one].bases:
                if (last := base.rpartition(".")[2]) in RELATIONS:
                    return last
        return None

    def _look_beside(self, module: str) -> None:
        """Read the module of a field class, if it lies in one of the folders."""
        for root in self.roots:
            path = root.joinpath(*module.split(".")).with_suffix(".py") if module else root
            if module and path not in self._stamps and path.is_file():
                self._beside[path] = module
                self._read(path, module)
                for one in self._modules[path].classes if path in self._modules else ():
                    self._classes[f"{module}.{one.name}"] = one

    def _reverse_of(self, relation: Relation, kind: str, source: str, target: str) -> ReverseRelation | None:
        """Return what *target* gets from a relation of the class *source*; None when it is hidden."""
        model = source.rpartition(".")[2].lower()
        parts = {"class": model, "app_label": self.app_of(source)}
        related, query_name = (
            _filled(name, parts)
            for name in (relation.related_name or self._default_name(source), relation.query_name)
        )
        mutual = relation.target == "self" if relation.symmetrical is None else relation.symmetrical
        if related == "+" or (kind == "ManyToManyField" and mutual):
            return None
        default = model if kind == "OneToOneField" else f"{model}_set"
        return ReverseRelation(
            related or default, query_name or related or model, source, relation.name, kind
        )

    def _default_name(self, full: str) -> str | None:
        """Return the `default_related_name` of a class, its own or inherited."""
        found = (self._classes[one].default_related_name for one in self._line(full))
        return next((name for name in found if name is not None), None)

    def _inherited(self, full: str) -> Iterator[Relation]:
        """Yield a class's relations and those of its bases, the nearest of each name."""
        names: set[str] = set()
        for one in self._line(full):
            for relation in self._classes[one].relations:
                if relation.name not in names:
                    names.add(relation.name)
                    yield relation

    def _line(self, full: str) -> Iterator[str]:
        """Yield a class and those above it that are known, each once."""
        waiting, seen = [full], set()
        while waiting:
            one = waiting.pop(0)
            if one in self._classes and one not in seen:
                seen.add(one)
                yield one
                waiting += self._classes[one].bases


def _filled(name: str | None, parts: dict[str, str]) -> str | None:
    """Return a name with the parts that each child of an abstract model has of its own."""
    if name is None or "%" not in name:
        return name
    try:
        return name % parts
    except (KeyError, TypeError, ValueError):
        return None


def _text(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _model_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield every model module below *root* with its dotted name, in a fixed order."""
    count = 0
    for folder, folders, files in os.walk(root):
        count += 1
        if count > MOST_FOLDERS:
            return
        folders[:] = sorted(one for one in folders if is_searched(Path(folder, one)))
        package = Path(folder).name == "models" and "__init__.py" in files
        for file in sorted(files):
            if file == "models.py" or (package and file.endswith(".py")):
                path = Path(folder, file)
                parts = list(path.relative_to(root).with_suffix("").parts)
                if parts[-1] == "__init__":
                    parts.pop()
                if parts and all(map(str.isidentifier, parts)):
                    yield path, ".".join(parts)


def _root_of(module: str, path: Path) -> Path | None:
    """Return the folder that the name of *module* starts from, None when its file is called otherwise."""
    parts = module.split(".")
    file = path.parent if path.name == "__init__.py" else path.with_suffix("")
    if path.suffix != ".py" or list(file.parts[-len(parts) :]) != parts:
        return None
    return file.parents[len(parts) - 1]


def is_searched(folder: Path) -> bool:
    """Return whether a project's files may lie in *folder*: not what is hidden, made or installed."""
    name = folder.name
    return name not in SKIPPED and not name.startswith(".") and not (folder / "pyvenv.cfg").exists()
