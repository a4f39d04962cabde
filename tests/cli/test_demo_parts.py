"""The demo's edges: odd data, missing extras, databases and folders that cannot be used.

Stands on `main()` in this process, with a handful of made-up packages in place of those installed.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

import dorm
from dorm.cli.demo import checking, command, filling, stubs
from dorm.cli.demo.checking import Verdict, is_as_broken_as_meant
from dorm.cli.demo.folder import TEMPLATE
from dorm.cli.demo.questions import HEADINGS, read_questions, rows_of, time_of
from dorm.cli.demo.statements import sql_lines
from dorm.cli.main import main
from dorm.meta.registry import registry


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Have the demo find the packages in a folder, given as name -> lines of metadata, and skip mypy."""
    folder = tmp_path / "site"
    folder.mkdir()

    def put(packages):
        for name, lines in packages.items():
            info = folder / f"{name}-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n{lines}", encoding="utf-8")
            (info / "RECORD").write_text(
                f"{name}.py,,\ngone-\udcff.txt,,\n", encoding="utf-8", errors="surrogateescape"
            )
            (folder / f"{name}.py").write_text("x = 1\n")

    monkeypatch.setattr(command, "distributions", lambda: distributions(path=[str(folder)]))
    monkeypatch.setattr(command, "check_types", lambda folder, terminal: True)
    monkeypatch.setattr(command, "check_stubs", lambda folder, terminal: True)
    put({})
    return put


def tables(path: Path) -> list[str]:
    with sqlite3.connect(path) as database:
        return [name for [name] in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def test_an_environment_without_packages_is_no_error(installed, capsys):
    assert main(["demo"]) == 0
    assert "0 packages, 0 files" in capsys.readouterr().out


def test_the_folder_is_temporary_unless_it_is_kept(installed, capsys):
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    [folder] = re.findall(r"^Project +(\S+) ", out, re.MULTILINE)
    assert not Path(folder).exists()
    assert "The folder is gone now. Next:" in out


def test_it_can_be_run_again_and_leaves_the_process_as_it_was(installed, tmp_path):
    installed({"one": "Requires-Dist: two\n", "two": ""})
    dorm.configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": str(tmp_path / "own.sqlite3")}})
    before, path = dorm.settings.DATABASES, list(sys.path)
    try:
        assert main(["demo"]) == main(["demo"]) == 0
        assert dorm.settings.DATABASES == before
    finally:
        dorm.configure(DATABASES={})
    assert sys.path == path
    assert [name for name in sys.modules if name.split(".")[0] in ("settings", "catalogue")] == []
    assert [label for label in registry.models if label.startswith("catalogue.")] == []
    assert not (tmp_path / "own.sqlite3").exists()


def test_another_database_is_filled_and_named_in_the_settings(installed, tmp_path):
    installed({"one": "Requires-Dist: two>=1; extra == 'x'\n", "two": "Classifier: Typing :: Typed\n"})
    file, folder = tmp_path / "other.sqlite3", tmp_path / "kept"
    assert main(["demo", "--keep", str(folder), "--database", f"sqlite:///{file}"]) == 0
    with sqlite3.connect(file) as database:
        rows = database.execute("SELECT name, for_extra, target_id IS NULL FROM requirements").fetchall()
    assert rows == [("two", "x", 0)]
    assert f'"default": {{"ENGINE": "sqlite", "NAME": "{file}"}}' in (folder / "settings.py").read_text()
    assert not (folder / "catalogue.sqlite3").exists()


def test_a_database_that_holds_a_catalogue_is_refused(installed, tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    assert main(["demo", "--database", url]) == 0
    assert main(["demo", "--database", url]) == 2
    assert "it already has a table 'packages', which the demo would make" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "--database is not a database URL"),
        ("sqlite://:memory:", "a database in memory is seen by one alone"),
        ("sqlite:///{folder}/no/such.db", "unable to open database file"),
        ("sqlite:///{folder}/text.db", "file is not a database"),
        ("mysql://localhost/x", "unknown ENGINE 'mysql'"),
        ("sqlite:///x.db?jurnal_mode=wal", "Did you mean 'journal_mode'?"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_and_status_2(installed, tmp_path, capsys, url, message):
    (tmp_path / "text.db").write_text("this is a text\n" * 100)
    folder = tmp_path / "kept"
    assert main(["demo", "--keep", str(folder), "--database", url.format(folder=tmp_path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err and printed.err.count("\n") == 1
    assert not folder.exists()


def test_a_folder_with_files_is_refused_and_left_alone(installed, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["demo", "--keep", str(tmp_path)]) == 2
    assert capsys.readouterr().err.endswith("the folder is not empty. Name a new one, or an empty one.\n")
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert not (tmp_path / "settings.py").exists()


def test_a_file_is_no_folder(installed, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["demo", "--keep", str(tmp_path / "file")]) == 2
    assert "Name a folder that can be written to." in capsys.readouterr().err


def test_an_interrupted_filling_leaves_nothing_behind(installed, tmp_path, monkeypatch):
    def interrupted(*given):
        raise KeyboardInterrupt

    installed({"one": ""})
    monkeypatch.setattr(filling, "_labels", interrupted)
    file, folder = tmp_path / "other.sqlite3", tmp_path / "kept"
    assert main(["demo", "--keep", str(folder), "--database", f"sqlite:///{file}"]) == 130
    assert tables(file) == []
    assert not folder.exists()


def test_without_aiosqlite_the_async_questions_are_left_out(installed, monkeypatch, capsys):
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert main(["demo"]) == 0
    printed = capsys.readouterr()
    assert "[sync: " in printed.out and "[async: " not in printed.out
    assert "pip install 'djanorm[sqlite]'" in printed.err


def test_without_mypy_the_line_that_installs_it_is_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(checking, "find_spec", lambda name: None)
    assert checking.check_types(tmp_path, command.Terminal()) is True
    assert "pip install 'djanorm[mypy]'" in capsys.readouterr().err


def test_the_demo_fails_when_mypy_says_something_else(installed, monkeypatch):
    monkeypatch.setattr(command, "check_types", checking.check_types)
    monkeypatch.setattr(checking, "run_mypy", lambda folder, name: Verdict(0, "Success\n"))
    assert main(["demo"]) == 1


def test_without_pyright_the_stubs_are_written_all_the_same(tmp_path, monkeypatch, capsys):
    (tmp_path / "models.py").write_text("import dorm\n\nclass A(dorm.Model): ...\n", encoding="utf-8")
    monkeypatch.setattr(stubs, "find_spec", lambda name: None)
    assert stubs.check_stubs(tmp_path, command.Terminal()) is True
    printed = capsys.readouterr()
    assert "Wrote typings/models.pyi" in printed.out
    assert "pip install pyright" in printed.err


def test_the_demo_fails_when_pyright_says_something_else(installed, monkeypatch):
    monkeypatch.setattr(command, "check_stubs", stubs.check_stubs)
    monkeypatch.setattr(stubs, "find_spec", lambda name: True)
    monkeypatch.setattr(stubs, "run_pyright", lambda folder: Verdict(0, "0 errors\n"))
    assert main(["demo"]) == 1


@pytest.mark.parametrize(
    ("status", "codes", "is_right"),
    [
        (1, ["dorm-field", "dorm-lookup", "dorm-value", "misc"], True),
        (1, ["dorm-field", "dorm-lookup", "dorm-value", "typeddict-item"], True),
        (1, ["dorm-field", "dorm-lookup", "dorm-value"], False),
        (1, ["dorm-field", "dorm-field", "dorm-value", "misc"], False),
        (2, ["dorm-field", "dorm-lookup", "dorm-value", "misc"], False),
        (0, [], False),
    ],
)
def test_four_errors_are_meant_three_of_them_dorms(status, codes, is_right):
    lines = [f'broken.py:{line}: error: "x" [or y]  [{code}]' for line, code in enumerate(codes, 10)]
    text = "\n".join([*lines, "broken.py:10: note: See x  [dorm-field]", "Found 4 errors in 1 file"])
    assert is_as_broken_as_meant(Verdict(status, text)) is is_right


def test_every_question_has_headings():
    questions = read_questions(TEMPLATE / "catalogue" / "queries.py.txt")
    assert {question.name for question in questions} == HEADINGS.keys()


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        ([("a", 1), ("b", 2)], [("a", 1), ("b", 2)]),
        (["a", "b"], [("a",), ("b",)]),
        ((1, 2), [(1, 2)]),
        (None, [(None,)]),
        ([], []),
    ],
)
def test_every_answer_is_rows(answer, rows):
    assert rows_of(answer) == rows


def test_a_statement_is_broken_at_its_clauses_and_nowhere_in_a_name():
    joined = 'FROM "t" LEFT JOIN "u" ON "u"."id" = "t"."id" WHERE "t"."c" = ? LIMIT ?'
    assert sql_lines(f'SELECT "t"."a FROM b", "t"."c" {joined}') == [
        'SELECT "t"."a FROM b", "t"."c"',
        'FROM "t"',
        'LEFT JOIN "u" ON "u"."id" = "t"."id"',
        'WHERE "t"."c" = ?',
        "LIMIT ?",
    ]
    assert sql_lines("SELECT 1 FROM t") == ["SELECT 1 FROM t"]


def test_statements_that_wait_side_by_side_take_no_more_than_there_was():
    assert time_of(1.04, 2.5) == ", 1.0 ms of 2.5 ms in all"
    assert time_of(65.9, 52.4) == " side by side, 52.4 ms in all"
