"""The command line itself: what it lists, what it refuses, and how it ends.

Stands on `main()`, called in this process; start-up is looked at in a fresh one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from types import ModuleType

import pytest

import dorm
from dorm.cli.main import COMMANDS, main

# What `dorm --help` has no use for; each is loaded by the command that needs it.
NOT_LOADED = {
    "aiosqlite",
    "asyncio",
    "importlib.metadata",
    "mypy",
    "rich",
    "sqlite3",
    "subprocess",
    "tempfile",
}

NO_COMMAND = (
    f"dorm: there is no command 'dmeo'. Did you mean 'demo'? Commands: {', '.join(sorted(COMMANDS))}."
)


@pytest.fixture
def command(monkeypatch):
    """Give a way to add a command "planted" that runs a function."""

    def planted(function):
        module = ModuleType("dorm.cli.planted")
        vars(module).update(add_arguments=lambda parser: None, run=function)
        monkeypatch.setitem(COMMANDS, "planted", "do as the test says")
        monkeypatch.setitem(sys.modules, "dorm.cli.planted", module)

    return planted


def raising(error):
    def run(arguments):
        raise error

    return run


@pytest.mark.parametrize("argv", [["help"], ["--help"], ["-h"]])
def test_help_lists_every_command(argv, capsys):
    assert main(argv) == 0
    shown = capsys.readouterr().out
    assert [name for name in COMMANDS if f"  {name} " not in shown] == []


@pytest.mark.parametrize("argv", [["help", "demo"], ["demo", "--help"]])
def test_help_of_a_command_tells_what_it_takes(argv, capsys):
    assert main(argv) == 0
    shown = capsys.readouterr().out
    assert "--keep DIR" in shown and "--database URL" in shown


def test_help_names_what_people_look_for_in_it(capsys):
    main(["help"])
    shown = capsys.readouterr().out
    assert "IPython" in shown and "--app" in shown


def test_version_is_dorms(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"dorm {dorm.__version__}\n"


def test_without_a_command_the_help_is_on_stderr(capsys):
    assert main([]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and "demo" in printed.err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["dmeo"], NO_COMMAND),
        (["help", "dmeo"], NO_COMMAND),
        (["demo", "--kep"], "dorm: unrecognized arguments: --kep. See: dorm demo --help"),
        (["demo", "--kee", "x"], "dorm: unrecognized arguments: --kee x. See: dorm demo --help"),
        (["--wrong"], "dorm: unrecognized arguments: --wrong. See: dorm --help"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(argv, message, capsys):
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"{message}\n")


def test_arguments_come_from_the_process_when_none_are_given(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["dorm", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("dorm ")


def test_the_status_of_a_command_is_that_of_the_process(command):
    command(lambda arguments: 1)
    assert main(["planted"]) == 1


def test_an_interruption_ends_with_130(command, capsys):
    command(raising(KeyboardInterrupt()))
    assert main(["planted"]) == 130
    assert capsys.readouterr().err == "\ndorm: interrupted\n"


def test_wrong_configuration_is_one_line_and_status_2(command, capsys):
    command(raising(dorm.ImproperlyConfigured("USE_TZ must be True or False, not 3")))
    assert main(["planted"]) == 2
    assert capsys.readouterr().err == "dorm: USE_TZ must be True or False, not 3\n"


def test_any_other_error_is_one_line_and_status_1(command, capsys):
    command(raising(dorm.OperationalError("disk I/O error")))
    assert main(["planted"]) == 1
    assert capsys.readouterr().err == "dorm: OperationalError: disk I/O error (--traceback shows where)\n"


@pytest.mark.parametrize("argv", [["--traceback", "planted"], ["planted", "--traceback"]])
def test_traceback_shows_where_an_error_came_from(argv, command, capsys):
    command(raising(dorm.OperationalError("disk I/O error")))
    assert main(argv) == 1
    shown = capsys.readouterr().err
    assert "Traceback (most recent call last)" in shown
    assert shown.endswith("\ndorm: OperationalError: disk I/O error\n")


@pytest.mark.parametrize(("value", "is_shown"), [("1", True), ("0", False), ("", False)])
def test_dorm_debug_shows_it_as_well(value, is_shown, command, monkeypatch, capsys):
    monkeypatch.setenv("DORM_DEBUG", value)
    command(raising(ValueError("x")))
    main(["planted"])
    assert ("Traceback" in capsys.readouterr().err) is is_shown


def test_a_reader_that_has_gone_is_no_traceback():
    reading, writing = os.pipe()
    os.close(reading)
    # Unbuffered output fails inside argparse, which keeps it to itself.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-m", "dorm", "help"]
    done = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, env=environ
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_help_loads_no_command_and_nothing_heavy():
    code = "import sys; from dorm.cli.main import main; main(['--help']); print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines())
    assert "dorm.cli.main" in loaded
    assert loaded & NOT_LOADED == set()
    assert {name for name in loaded if name.startswith("dorm.cli.")} == {"dorm.cli.errors", "dorm.cli.main"}
