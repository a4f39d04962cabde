"""Read what is installed here, as plain records.

Rests on importlib.metadata; knows no model. Metadata is written by thousands of hands: what cannot be read is
told in `warnings` and left out, and nothing of it ends the reading.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from importlib.metadata import Distribution, PackageMetadata
from pathlib import PurePosixPath
from typing import Final, TypeVar

from dorm._record import Record

T = TypeVar("T")

# What finders raise for files that are missing, cut off or in another encoding than UTF-8.
UNREADABLE: Final = (OSError, ValueError, TypeError, KeyError, AttributeError, csv.Error)

# https://packaging.python.org/en/latest/specifications/dependency-specifiers/
REQUIREMENT: Final = re.compile(
    r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*"
    r"(?:@\s*(?P<url>\S+)\s*|\(?\s*(?P<specifier>[<>=!~][^;()]*)?\)?\s*)(?:;\s*(?P<marker>.*))?",
    re.DOTALL,
)
EXTRA: Final = re.compile(r"""\bextra\s*==\s*["']([^"']+)["']""")

# Some packages put the whole licence where its name belongs.
LICENCE_LENGTH: Final = 60


class FoundFile(Record):
    """A file that its package's RECORD names; `size` and `modified` are None when it is not there."""

    path: str
    suffix: str
    size: int | None
    modified: datetime | None


class FoundRequirement(Record):
    """One line of Requires-Dist in its parts; `for_extra` is "" when it is always required."""

    name: str
    specifier: str
    marker: str
    for_extra: str


class FoundPackage(Record):
    """What one dist-info says."""

    name: str
    version: str
    summary: str
    licence: str | None
    requires_python: str | None
    files: tuple[FoundFile, ...]
    requirements: tuple[FoundRequirement, ...]
    classifiers: tuple[str, ...]


class Reader:
    """Reads distributions, and remembers what was wrong with them."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def read(self, distributions: Iterable[Distribution]) -> list[FoundPackage]:
        """Return the packages in order of name. Of two under one name the first is the one Python imports."""
        found: dict[str, FoundPackage] = {}
        for distribution in distributions:
            package = self._package(distribution)
            if package is None:
                continue
            if package.name in found:
                self.warnings.append(
                    f"{package.name} is installed twice: {found[package.name].version} is taken, "
                    f"{package.version} passed over"
                )
                continue
            found[package.name] = package
        return [found[name] for name in sorted(found)]

    def _package(self, distribution: Distribution) -> FoundPackage | None:
        place = str(getattr(distribution, "_path", distribution))
        metadata = self._tried(place, "metadata", lambda: distribution.metadata)
        name = "" if metadata is None else text_of(metadata, "Name")
        if metadata is None or not name:
            self.warnings.append(f"{place} has no readable name and is passed over")
            return None
        classifiers = tuple(dict.fromkeys(clean(term) for term in metadata.get_all("Classifier") or ()))
        own_name = normalized(name)
        files = self._tried(name, "list of files", lambda: files_of(distribution))
        requires = self._tried(name, "requirements", lambda: list(distribution.requires or ()))
        return FoundPackage(
            name=own_name,
            version=text_of(metadata, "Version"),
            summary=text_of(metadata, "Summary"),
            licence=licence_in(metadata, classifiers),
            requires_python=text_of(metadata, "Requires-Python") or None,
            files=files or (),
            requirements=tuple(self._requirements(own_name, requires or ())),
            classifiers=classifiers,
        )

    def _tried(self, name: str, what: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except UNREADABLE as error:
            self.warnings.append(f"{name}: its {what} cannot be read ({type(error).__name__}: {error})")
            return None

    def _requirements(self, own_name: str, lines: Iterable[str]) -> Iterator[FoundRequirement]:
        for line in lines:
            requirement = requirement_in(clean(line))
            if requirement is None:
                self.warnings.append(f"{own_name}: its requirement {line!r} cannot be read")
            # "djanorm[sqlite]; extra == 'all'" groups extras: a package does not require itself.
            elif requirement.name != own_name:
                yield requirement


def files_of(distribution: Distribution) -> tuple[FoundFile, ...]:
    """Return the files of a distribution, each once; none when it has no list of them."""
    paths = dict.fromkeys(str(path) for path in distribution.files or ())
    root = str(distribution.locate_file(""))
    return tuple(file_at(root, path) for path in paths)


def file_at(root: str, path: str) -> FoundFile:
    """Return what the disk says of *path*, which is told relative to *root*."""
    suffix = PurePosixPath(path).suffix
    try:
        status = os.stat(os.path.join(root, path))
        modified = datetime.fromtimestamp(status.st_mtime, timezone.utc)
    # ValueError and OverflowError: a NUL in the name, a date that no calendar holds.
    except (OSError, ValueError, OverflowError):
        return FoundFile(clean(path), clean(suffix), None, None)
    return FoundFile(clean(path), clean(suffix), status.st_size, modified)


def requirement_in(line: str) -> FoundRequirement | None:
    """Return the parts of a requirement such as "rich>=14 ; extra == 'cli'"; None if it is none."""
    found = REQUIREMENT.fullmatch(line)
    if found is None:
        return None
    marker = (found["marker"] or "").strip()
    extra = EXTRA.search(marker)
    return FoundRequirement(
        name=normalized(found["name"]),
        specifier=f"@ {found['url']}" if found["url"] else (found["specifier"] or "").strip(),
        marker=marker,
        for_extra=extra[1] if extra else "",
    )


def text_of(metadata: PackageMetadata, key: str) -> str:
    """Return the value of a header; "" when there is none."""
    return clean(metadata[key] or "") if key in metadata else ""


def licence_in(metadata: PackageMetadata, classifiers: Iterable[str]) -> str | None:
    """Return the licence's name: from the expression, the free text if it is short, or a classifier."""
    texts = [text_of(metadata, key).strip() for key in ("License-Expression", "License")]
    named = [term.rpartition(" :: ")[2] for term in classifiers if term.startswith("License ::")]
    fits = (text for text in [*texts, *named] if text and text != "UNKNOWN" and len(text) <= LICENCE_LENGTH)
    return next(fits, None)


def normalized(name: str) -> str:
    """Return the one form of all spellings of a name (PEP 503): "typing-extensions"."""
    return re.sub(r"[-_.]+", "-", name).lower()


def clean(text: object) -> str:
    """Return *text* without what no database can store: lone surrogates and NUL."""
    return str(text).encode("utf-8", "replace").decode("utf-8").replace("\0", "")
