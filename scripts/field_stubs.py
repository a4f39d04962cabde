"""Write the stubs of the fields: the descriptor, and the value type of each class with and without null.

The overloads on `null=` cannot be inherited (a subclass that has none of its own loses the inference in
mypy and pyright), so they are written out in every class. Run it after a change of a field's signature;
`--check` exits 1 when a stub is stale.
"""

from __future__ import annotations

import ast
import copy
import re
import sys
from typing import TypeAlias

from stub_text import cut, cut_class, names_of, parse, render, statements, used_names, write

MODULES = ("base", "text", "numbers", "temporal", "structured", "generated", "related")

# The overloads: whether the value is nullable, and what `null` is for it; the last for a `null` that is
# known only when the program runs.
NULLS = (
    (False, "Literal[False]", "False"),
    (True, "Literal[True]", None),
    (True, "bool", None),
)

# A target given as text leaves R open (default Any): an annotation, a subscript or the plugin closes it.
TARGETS = (("type[M]", "M", NULLS), ("str", "R", ((False, "bool", "False"),)))

# A column of pairs has no `null`: one overload for each way to give the target.
PAIR_TARGETS = (("type[M]", "M", NULLS[:1]), ("str", "R", NULLS[:1]))

# With a class for this keyword, the values are its instances: E is an enumeration, S a schema.
CLASS_OF_VALUES = {"choices": "E", "schema": "S"}

# It is always nullable.
ALWAYS_NULL = {"NullBooleanField": ((True, "Literal[True]", "True"),)}

# An instance's attribute is the manager of its rows, which nothing can take the place of.
PAIRS = """
@overload
def __get__(self, instance: None, owner: Any) -> Self: ...
@overload
def __get__(self, instance: Model, owner: Any) -> ManyRelatedManager[P]: ...
@overload
def __get__(self, instance: object, owner: Any) -> Self: ...
def __set__(self, instance: Model, value: Never) -> None: ...
"""
IGNORED = PAIRS.strip().splitlines()[-1]

# On a model class, a field stands for its column; on an instance for its value; anywhere else for itself, as
# `_meta.pk` does.
DESCRIPTOR = """
@overload
def __get__(self: {field}[_N | None], instance: None, owner: Any) -> {nullable}: ...
@overload
def __get__(self, instance: None, owner: Any) -> {column}: ...
@overload
def __get__(self, instance: Model, owner: Any) -> T: ...
@overload
def __get__(self, instance: object, owner: Any) -> Self: ...
"""

# Where a field stands for something else on its model's class than the fields above it do.
OTHER_COLUMNS = (
    "@overload\n    def __get__(self: DecimalField[",
    "@overload\n    def __get__(self: RelationField[",
    "@overload\n    def __get__(self, instance: None, owner: Any) -> Self: ...",
)

# Where pyright says so.
LAST = "def __get__(self, instance: object, owner: Any) -> Self: ..."

SETTER = """
def __set__(self, instance: Model, value: T | Expression[Any]) -> None: ...
"""

# The column of a field that may be NULL, and of one that may not: what rows hold, and what it compares with.
# An int is a Decimal without loss.
COLUMNS = {
    "Field": ("Column[_N | None, _N]", "Column[T, T]"),
    "TextField": ("TextColumn[_N | None, _N]", "TextColumn[T, T]"),
    "DecimalField": ("Column[_N | None, _N | int]", "Column[T, T | int]"),
    "RelationField": ("RelationColumn[_N]", "RelationColumn[R]"),
}

# The modules that have the type variable at run time too; in the others it is private, as the stub's alone.
HAVE_T = ("base", "temporal")

WITHOUT_NONE = """
_N = TypeVar("_N")
"""

VALUE_VARIABLES = """
T = TypeVar("T")
E = TypeVar("E", bound=Enum)
S = TypeVar("S")
"""

RELATED_VARIABLES = """
M = TypeVar("M", bound=Model)
R = TypeVar("R", default=Any)
P = TypeVar("P", bound=Model, default=Any)
"""

IMPORTS = """
from enum import Enum
from typing import Any, Generic, Literal, Never, Self, overload
from typing_extensions import TypeVar
from dorm.expressions.base import Expression
from dorm.expressions.columns import Column, RelationColumn, TextColumn
from dorm.fields.base import Choices, Field
from dorm.validators import Validator
from dorm.models.base import Model
from dorm.queryset.related import ManyRelatedManager
from collections.abc import Iterable, Mapping
"""


Targets: TypeAlias = tuple[tuple[str, str, tuple[tuple[bool, str, str | None], ...]], ...]


class Family:
    """The field classes of all modules, by name."""

    def __init__(self, trees: dict[str, ast.Module]) -> None:
        self.classes = {
            node.name: node for tree in trees.values() for node in tree.body if isinstance(node, ast.ClassDef)
        }

    def base(self, node: ast.ClassDef) -> ast.ClassDef | None:
        """Return the field class that *node* extends, None for what is not a field."""
        for base in node.bases:
            name = (
                base.value.id if isinstance(base, ast.Subscript) and isinstance(base.value, ast.Name) else ""
            )
            name = base.id if isinstance(base, ast.Name) else name
            found = self.classes.get(name)
            if found is not None and (found.name == "Field" or self.base(found) is not None):
                return found
        return None

    def chain(self, node: ast.ClassDef) -> list[ast.ClassDef]:
        """Return *node* and the field classes above it."""
        base = self.base(node)
        return [node, *(self.chain(base) if base is not None else [])]

    def value(self, node: ast.ClassDef) -> str:
        """Return the T of the `Field[T]` that *node* comes from, as text."""
        for one in self.chain(node):
            for base in one.bases:
                if isinstance(base, ast.Subscript) and ast.unparse(base.value) != "Generic":
                    return ast.unparse(base.slice)
        return "Any"

    def init(self, node: ast.ClassDef) -> ast.FunctionDef:
        """Return the `__init__` of *node*, its own or inherited, with `**options` spelled out."""
        nearest, *above = [self._own_init(one) for one in self.chain(node) if self._has_init(one)]
        init = copy.deepcopy(nearest)
        for common in above if init.args.kwarg is not None else ():
            taken = {argument.arg for argument in (*init.args.args, *init.args.kwonlyargs)}
            for argument, default in zip(common.args.kwonlyargs, common.args.kw_defaults):
                if argument.arg not in taken:
                    init.args.kwonlyargs.append(copy.deepcopy(argument))
                    init.args.kw_defaults.append(copy.deepcopy(default))
            if common.args.kwarg is None:
                break
        init.args.kwarg = None
        return init

    @staticmethod
    def _has_init(node: ast.ClassDef) -> bool:
        return any("__init__" in names_of(child) for child in node.body)

    @staticmethod
    def _own_init(node: ast.ClassDef) -> ast.FunctionDef:
        return next(c for c in node.body if isinstance(c, ast.FunctionDef) and c.name == "__init__")

    def change(self, node: ast.ClassDef) -> ast.ClassDef:
        """Return the stub of a class: of a field with its overloads and only what its bases do not have."""
        if node.name == "Field":
            return self._field(node)
        base = self.base(node)
        if base is None:
            return cut_class(node)
        return self._subclass(node, base)

    def _field(self, node: ast.ClassDef) -> ast.ClassDef:
        out = cut_class(node)
        out.body = [child for child in out.body if "__class_getitem__" not in names_of(child)]
        out.body = [child for child in out.body if "__new__" not in names_of(child)]
        out.body += [*descriptor(node.name, "T"), *statements(SETTER)]
        return out

    def _subclass(self, node: ast.ClassDef, base: ast.ClassDef) -> ast.ClassDef:
        out = cut_class(node)
        # A field that a field keeps is no descriptor of it, as a declaration would make it.
        for child in out.body:
            if isinstance(child, ast.AnnAssign) and self.classes.keys() & used_names([child]):
                child.annotation = ast.Name("Any")
        inherited = self._inherited(base)
        out.body = [child for child in out.body if says_more(child, inherited)]
        bases, targets = self._relation(node, base)
        out.bases = [ast.parse(text, mode="eval").body for text in bases]
        value = self.value(node)
        if node.name in COLUMNS:
            out.body += descriptor(node.name, "R" if node.name == "RelationField" else "T")
        if value == "T" or node.name == "RelationField":
            # A base of several value types: it is not for use by itself.
            return out
        out.body = [child for child in out.body if "__init__" not in names_of(child)]
        for keyword in self._class_keywords(node):
            held = CLASS_OF_VALUES[keyword]
            typed = [self._overload(node, "", held, *null) for null in NULLS]
            out.body += [with_class(init, keyword, held) for init in typed]
        nulls = ALWAYS_NULL.get(node.name, NULLS)
        for target, held, these in targets or (("", value, nulls),):
            out.body += [self._overload(node, target, held, *null) for null in these]
        inits = [child for child in out.body if "__init__" in names_of(child)]
        if len(inits) == 1 and isinstance(inits[0], ast.FunctionDef):
            inits[0].decorator_list = []
        if targets is PAIR_TARGETS:
            out.body += statements(PAIRS)
        return out

    def _relation(self, node: ast.ClassDef, base: ast.ClassDef) -> tuple[tuple[str, ...], Targets]:
        """Return the bases of *node* as the stub writes them, and its targets if it is a relation."""
        if node.name == "ManyToManyField":
            return ("RelationField[ManyRelatedManager[P]]", "Generic[P]"), PAIR_TARGETS
        if any(one.name == "RelationField" for one in self.chain(node)):
            return (f"{base.name}[R]",), TARGETS
        return (f"{base.name}[T]",), ()

    def _class_keywords(self, node: ast.ClassDef) -> list[str]:
        """Return the keywords that may give *node* the class of its values."""
        names = {one.name for one in self.chain(node)}
        if "JSONField" in names:
            return ["schema"]
        return ["choices"] if names & {"TextField", "IntegerField"} and "AutoField" not in names else []

    def _inherited(self, base: ast.ClassDef) -> dict[str, ast.stmt]:
        """Return the members of *base* and of those above it, the nearest of each name."""
        members = [child for one in reversed(self.chain(base)) for child in cut_class(one).body]
        return {name: child for child in members for name in names_of(child)}

    def _overload(
        self, node: ast.ClassDef, target: str, value: str, nullable: bool, null: str, default: str | None
    ) -> ast.FunctionDef:
        stub = cut_class(ast.ClassDef("x", [], [], [self.init(node)], [])).body
        init = next(child for child in stub if isinstance(child, ast.FunctionDef))
        init.decorator_list = [ast.Name("overload")]
        whole = f"{value} | None" if nullable and value not in ("Any", "R") else value
        if value != "R":
            init.args.args[0].annotation = ast.parse(f"{node.name}[{whole}]", mode="eval").body
        for index, argument in enumerate(init.args.kwonlyargs):
            if argument.arg == "null":
                argument.annotation = ast.parse(null, mode="eval").body
                init.args.kw_defaults[index] = ast.parse(default, mode="eval").body if default else None
            elif argument.arg == "default":
                argument.annotation = ast.Name("object")
        if target:
            init.args.args[1].annotation = ast.parse(target, mode="eval").body
        return init


def descriptor(name: str, value: str) -> list[ast.stmt]:
    """Return what the field class *name*, of the type variable *value*, stands for as an attribute."""
    nullable, column = COLUMNS[name]
    text = DESCRIPTOR.format(field=name, nullable=nullable, column=column)
    return statements(re.sub(r"\bT\b", value, text))


def with_class(init: ast.FunctionDef, keyword: str, variable: str) -> ast.FunctionDef:
    """Return *init* with a class that must be given by *keyword*."""
    for index, argument in enumerate(init.args.kwonlyargs):
        if argument.arg == keyword:
            argument.annotation = ast.parse(f"type[{variable}]", mode="eval").body
            init.args.kw_defaults[index] = None
    return init


def says_more(member: ast.stmt, inherited: dict[str, ast.stmt]) -> bool:
    """Return whether a member of a subclass is new, or has another type than the one that it replaces.

    What replaces a method of T for one value type says nothing that T does not.
    """
    before = next((inherited[name] for name in names_of(member) if name in inherited), None)
    if before is None:
        return True
    if not (isinstance(before, ast.FunctionDef) and isinstance(member, ast.FunctionDef)):
        return False
    old, new = ast.unparse(before), ast.unparse(member)
    return old != new and not re.search(r"\bT\b", old)


def main(argv: list[str]) -> int:
    """Write the stubs of `fields/`, or check them."""
    trees = {module: parse(f"fields.{module}") for module in MODULES}
    family = Family(trees)
    files = {}
    for module, tree in trees.items():
        body = cut(tree, dict.fromkeys(family.classes, family.change))
        head = statements(IMPORTS)
        head += statements(WITHOUT_NONE)
        if module != "base":
            body = [node for node in body if names_of(node) != ["T"]]
            head += statements(RELATED_VARIABLES if module == "related" else VALUE_VARIABLES)
        used = used_names([*body, *statements(SETTER)])
        head = [
            node for node in head if not isinstance(node, ast.Assign) or used.intersection(names_of(node))
        ]
        text = render("scripts/field_stubs.py", f"fields.{module}", [*head, *body])
        text = text.replace(IGNORED, f"{IGNORED}  # type: ignore[override]")
        for first in OTHER_COLUMNS:
            ignored = first.replace("@overload", "@overload  # type: ignore[override]")
            text = text.replace(first, ignored)
        if module != "base":
            text = text.replace(LAST, f"{LAST}  # pyright: ignore[reportIncompatibleMethodOverride]")
        files[f"fields.{module}"] = text if module in HAVE_T else re.sub(r"\b([TMRPES])\b", r"_\1", text)
    return write(files, argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
