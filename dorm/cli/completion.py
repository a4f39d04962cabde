"""`dorm --print-completion SHELL`: the script that completes commands and options.

Stands on shtab, of the `cli` extra; the script runs by itself, without Python.
"""

from __future__ import annotations

from argparse import ArgumentParser
from importlib.util import find_spec
from typing import Final

from .errors import CommandError

SHELLS: Final = ("bash", "zsh", "tcsh")
INSTALL: Final = "pip install 'djanorm[cli]'"


def completion(parser: ArgumentParser, shell: str) -> str:
    """Return the script for *shell* that completes what *parser* takes.

    Raises CommandError for another shell, and without shtab.
    """
    if shell not in SHELLS:
        raise CommandError(f"there is no completion for {shell!r}: bash, zsh and tcsh have one")
    if find_spec("shtab") is None:
        raise CommandError(f"completion scripts are written by shtab, which is not installed: {INSTALL}")
    # Imported here: shtab is an extra.
    import shtab

    return str(shtab.complete(parser, shell))
