"""The example in one file runs as its first lines say.

Runs in a process of its own, as a reader would run it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "quickstart.py"

PRINTED = """\
Welcome, Alice!
Welcome, Bob!
Bob's post by Bob
Hello by Alice
Bob's post []
Draft []
Hello ['python']
ALICE experienced
BOB young
young or senior: ['Bob']
{'total': 3, 'highest': 1}
average age: 27.5
Async post
Draft
Hello
posts: 4
"""


def test_it_prints_what_it_should_and_leaves_nothing(tmp_path):
    command = [sys.executable, str(EXAMPLE)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr, done.returncode) == (PRINTED, "", 0)
    assert list(tmp_path.iterdir()) == []
