"""`dorm --print-completion`: which parser the script is made of, and what is said without shtab.

Stands on a stand-in for shtab, which is an extra.
"""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from dorm.cli.main import COMMANDS, main


@pytest.fixture
def asked(monkeypatch):
    """Put a stand-in in the place of shtab; give the list of what it is asked."""
    found = []
    shtab = ModuleType("shtab")
    shtab.__spec__ = sys.__spec__
    shtab.complete = lambda parser, shell: found.append((parser, shell)) or f"# for {shell}"
    monkeypatch.setitem(sys.modules, "shtab", shtab)
    return found


@pytest.mark.parametrize("argv", [["--print-completion", "bash"], ["--print-completion=bash"]])
def test_the_script_knows_every_command_with_its_options(asked, argv, capsys):
    assert main(argv) == 0
    assert capsys.readouterr().out == "# for bash\n"
    ((parser, shell),) = asked
    assert shell == "bash"
    (commands,) = (action for action in parser._actions if action.choices)
    assert set(commands.choices) == set(COMMANDS)
    assert "--no-input" in commands.choices["flush"].format_help()


def test_another_shell_is_refused(asked, capsys):
    assert main(["--print-completion", "fish"]) == 2
    assert "there is no completion for 'fish': bash, zsh and tcsh have one" in capsys.readouterr().err


def test_without_shtab_it_says_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["--print-completion", "zsh"]) == 2
    assert capsys.readouterr().err == (
        "dorm: completion scripts are written by shtab, which is not installed: pip install 'djanorm[cli]'\n"
    )
