"""Metadata as it is found in the wild: double, cut off, in another encoding, or not there.

Stands on dist-info folders written for each test, and read as Python reads them.
"""

from __future__ import annotations

import os
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

from dorm.cli.demo.reading import FoundRequirement, Reader, clean, normalized, requirement_in

HEAD = b"Metadata-Version: 2.1\nName: Odd_Package\nVersion: 1.0\n"


def install(
    folder: Path, metadata: bytes | None = HEAD, record: bytes | None = None, name: str = "odd"
) -> None:
    """Write a dist-info folder; None: that file is missing."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    for file, content in (("METADATA", metadata), ("RECORD", record)):
        if content is not None:
            (info / file).write_bytes(content)


def read(*folders: Path):
    reader = Reader()
    return reader.read(distributions(path=[str(folder) for folder in folders])), reader.warnings


def test_a_package_is_read(tmp_path):
    (tmp_path / "odd.py").write_text("x = 1\n")
    os.utime(tmp_path / "odd.py", (1_700_000_000, 1_700_000_000))
    install(
        tmp_path,
        HEAD
        + b"Summary: Odd things\nLicense-Expression: MIT\nRequires-Python: >=3.8\n"
        + b"Requires-Dist: rich (>=14)\nClassifier: Typing :: Typed\nClassifier: Typing :: Typed\n",
        b"odd.py,sha256=x,6\nodd.py,,\ngone.txt,,\n",
    )
    [package], warnings = read(tmp_path)
    assert (package.name, package.version, package.summary) == ("odd-package", "1.0", "Odd things")
    assert (package.licence, package.requires_python) == ("MIT", ">=3.8")
    assert package.classifiers == ("Typing :: Typed",)
    assert package.requirements == (FoundRequirement("rich", ">=14", "", ""),)
    assert package.files[0].size == 6 and package.files[0].suffix == ".py"
    assert package.files[0].modified.timestamp() == 1_700_000_000
    # A file that is not there has no size; newer Pythons leave it out themselves.
    assert [(file.path, file.size) for file in package.files[1:]] in ([("gone.txt", None)], [])
    assert warnings == []


def test_of_two_packages_with_one_name_the_first_is_taken(tmp_path):
    install(tmp_path / "a")
    install(tmp_path / "b", HEAD.replace(b"Odd_Package", b"odd.package").replace(b"1.0", b"2.0"))
    [package], warnings = read(tmp_path / "a", tmp_path / "b")
    assert package.version == "1.0"
    assert warnings == ["odd-package is installed twice: 1.0 is taken, 2.0 passed over"]


@pytest.mark.parametrize("metadata", [None, b"", b"Version: 1.0\n", b"Name: \nVersion: 1\n"])
def test_a_package_without_a_name_is_passed_over_and_told(tmp_path, metadata):
    install(tmp_path, metadata)
    packages, warnings = read(tmp_path)
    assert packages == []
    assert "has no readable name and is passed over" in warnings[-1]


def test_metadata_in_another_encoding_does_not_end_the_reading(tmp_path):
    install(tmp_path, HEAD + "Summary: naïve\n".encode("latin-1"))
    install(tmp_path, HEAD.replace(b"Odd_Package", b"sound"), name="sound")
    packages, warnings = read(tmp_path)
    assert "sound" in [package.name for package in packages]
    assert len(packages) + len([line for line in warnings if "passed over" in line]) == 2


@pytest.mark.parametrize("record", [b"odd.py,sha256=x,many\n", "naïve.py,,\n".encode("latin-1")])
def test_a_list_of_files_that_cannot_be_read_is_told(tmp_path, record):
    install(tmp_path, HEAD, record)
    [package], warnings = read(tmp_path)
    assert package.files == ()
    assert len(warnings) == 1 and warnings[0].startswith("Odd_Package: its list of files cannot be read (")


def test_missing_headers_are_empty(tmp_path):
    install(tmp_path, b"Name: bare\n")
    [package], warnings = read(tmp_path)
    assert (package.version, package.summary, package.licence, package.requires_python) == (
        "",
        "",
        None,
        None,
    )
    assert package.files == package.requirements == package.classifiers == ()
    assert warnings == []


def test_a_finder_that_fails_is_told():
    class Failing(Distribution):
        def read_text(self, filename):
            if filename == "METADATA":
                return "Name: failing\nVersion: 1\n"
            raise OSError("the network is down")

        def locate_file(self, path):
            return Path(path)

    reader = Reader()
    [package] = reader.read([Failing()])
    assert package.files == package.requirements == ()
    assert [line.partition(" (")[0] for line in reader.warnings] == [
        "failing: its list of files cannot be read",
        "failing: its requirements cannot be read",
    ]


def test_a_package_does_not_require_itself(tmp_path):
    install(tmp_path, HEAD + b"Requires-Dist: odd.package[fast]; extra == 'all'\nRequires-Dist: !!\n")
    [package], warnings = read(tmp_path)
    assert package.requirements == ()
    assert warnings == ["odd-package: its requirement '!!' cannot be read"]


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        ("License-Expression: MIT\nLicense: other", "MIT"),
        ("License: BSD", "BSD"),
        ("License: UNKNOWN", None),
        (f"License: {'All rights ' * 20}\nClassifier: License :: OSI Approved :: MIT License", "MIT License"),
        ("Classifier: License :: OSI Approved :: BSD License", "BSD License"),
    ],
)
def test_the_licence_is_a_short_name(tmp_path, lines, licence):
    install(tmp_path, HEAD + lines.encode() + b"\n")
    [package], _ = read(tmp_path)
    assert package.licence == licence


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("rich", ("rich", "", "", "")),
        ("Typing_Extensions>=4.12", ("typing-extensions", ">=4.12", "", "")),
        ("rich (>=14,<15)", ("rich", ">=14,<15", "", "")),
        ("psycopg[binary,pool]>=3.3", ("psycopg", ">=3.3", "", "")),
        ("tomli >=2; python_version < '3.11'", ("tomli", ">=2", "python_version < '3.11'", "")),
        ("rich>=14 ; extra == 'cli'", ("rich", ">=14", "extra == 'cli'", "cli")),
        (
            'x; (os_name == "nt") and extra == "all"',
            ("x", "", '(os_name == "nt") and extra == "all"', "all"),
        ),
        ("pip @ https://a.b/pip.zip ; extra == 'v'", ("pip", "@ https://a.b/pip.zip", "extra == 'v'", "v")),
        ("zope.interface", ("zope-interface", "", "", "")),
    ],
)  # fmt: skip
def test_a_requirement_is_read_in_its_parts(line, parts):
    assert requirement_in(line) == FoundRequirement(*parts)


@pytest.mark.parametrize("line", ["", "  ", "!!", "; extra == 'x'", "-e .", "a b"])
def test_what_is_no_requirement_is_none(line):
    assert requirement_in(line) is None


def test_names_have_one_spelling():
    assert {normalized(name) for name in ("Odd_Package", "odd.package", "odd--package")} == {"odd-package"}


def test_what_no_database_stores_is_taken_out():
    assert clean("a\udcffb\0c") == "a?bc"
