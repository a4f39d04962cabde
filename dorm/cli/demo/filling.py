"""From what was read to rows of the written models, in one transaction.

The models come in as a module: they are the project's, not ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import dorm
from dorm._record import Record
from dorm.transaction import atomic

from ..terminal import Terminal
from .reading import FoundPackage

STEP: Final = 2000


class Filled(Record):
    """How many rows there are now."""

    packages: int
    files: int
    requirements: int
    classifiers: int
    labels: int


def fill(models: Any, found: Sequence[FoundPackage], terminal: Terminal) -> Filled:
    """Create the tables and save everything, or nothing."""
    with atomic():
        dorm.create_tables(models.Package, models.File, models.Requirement, models.Classifier, models.Label)
        packages = {package.name: _package(models, package) for package in found}
        names = dict.fromkeys(term for package in found for term in package.classifiers)
        classifiers = {name: models.Classifier(name=name) for name in names}
        _save(terminal, "packages", models.Package, packages.values(), len(packages))
        _save(terminal, "classifiers", models.Classifier, classifiers.values(), len(classifiers))
        counts = [sum(len(many) for many in column) for column in zip(*map(_many, found))] or [0, 0, 0]
        _save(terminal, "files", models.File, _files(models, found, packages), counts[0])
        _save(terminal, "requirements", models.Requirement, _requirements(models, found, packages), counts[1])
        _save(terminal, "labels", models.Label, _labels(models, found, packages, classifiers), counts[2])
    return Filled(len(packages), counts[0], counts[1], len(classifiers), counts[2])


def _save(terminal: Terminal, what: str, model: Any, rows: Iterable[Any], total: int) -> None:
    waiting = iter(rows)
    with terminal.progress(what, total) as advance:
        while chunk := list(islice(waiting, STEP)):
            model.objects.bulk_create(chunk)
            advance(len(chunk))


def _many(package: FoundPackage) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    return package.files, package.requirements, package.classifiers


def _package(models: Any, package: FoundPackage) -> Any:
    return models.Package(
        name=package.name,
        version=package.version,
        summary=package.summary,
        licence=package.licence,
        requires_python=package.requires_python,
    )


def _files(models: Any, found: Iterable[FoundPackage], packages: dict[str, Any]) -> Iterator[Any]:
    for package in found:
        owner = packages[package.name].pk
        for file in package.files:
            yield models.File(
                package_id=owner,
                path=file.path,
                suffix=file.suffix,
                size=file.size,
                modified=file.modified,
            )


def _requirements(models: Any, found: Iterable[FoundPackage], packages: dict[str, Any]) -> Iterator[Any]:
    for package in found:
        for requirement in package.requirements:
            yield models.Requirement(
                package=packages[package.name],
                target=packages.get(requirement.name),
                name=requirement.name,
                specifier=requirement.specifier,
                marker=requirement.marker,
                for_extra=requirement.for_extra,
            )


def _labels(
    models: Any, found: Iterable[FoundPackage], packages: dict[str, Any], classifiers: dict[str, Any]
) -> Iterator[Any]:
    for package in found:
        for term in package.classifiers:
            yield models.Label(package=packages[package.name], classifier=classifiers[term])
