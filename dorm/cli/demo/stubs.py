"""Write stubs of the demo's models, and show what pyright says with them of the queries that mypy refused.

pyright runs in a process of its own, as a user runs it.
"""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from dorm.typegen.generate import Generator
from dorm.typegen.write import contents, write

from ..terminal import Terminal
from .checking import WRONG_IN_ALL, Verdict, run_module, show_verdict

INSTALL: Final = "pip install pyright"
FOLDER: Final = "typings"
ERROR: Final = re.compile(r"^ *(?P<file>[^:\n]+):(?P<line>\d+):\d+ - error: ", re.MULTILINE)


def check_stubs(folder: Path, terminal: Terminal) -> bool:
    """Show `dorm typegen`, then pyright on broken.py; tell whether it finds the four wrong queries.

    Without pyright there is nothing to show, and nothing wrong.
    """
    terminal.say()
    terminal.say("$ python -m dorm typegen", "title")
    out = folder / FOLDER
    changes = write(out, contents(Generator([folder], out).stubs()), remove=True)
    for path in changes.written:
        terminal.say(f"Wrote {FOLDER}/{path.as_posix()}")
    if find_spec("pyright") is None:
        terminal.note(f"With these, pyright and editors know the queries: {INSTALL}")
        return True
    verdict = show_verdict("pyright", "broken.py", lambda: run_pyright(folder), terminal)
    if not is_as_broken_as_meant(verdict):
        terminal.warn(f"pyright should find {WRONG_IN_ALL} errors in broken.py")
        return False
    return True


def is_as_broken_as_meant(verdict: Verdict) -> bool:
    """Tell whether the four wrong queries were found, and nothing else."""
    return verdict.status == 1 and len(ERROR.findall(verdict.text)) == WRONG_IN_ALL


def run_pyright(folder: Path) -> Verdict:
    """Return what pyright says of broken.py in *folder*."""
    verdict = run_module(folder, "pyright", "--pythonpath", sys.executable, "broken.py")
    return Verdict(verdict.status, verdict.text.replace(f"{folder.resolve()}/", ""))
