"""What the README says that mypy says, mypy says.

Runs the checker with the plugin over the first block and over the line that is wrong.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
[MODELS, *_] = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
[ANSWER, _, WRONG, ERROR] = re.findall(r"^```text\n(.*?)^```", README, re.MULTILINE | re.DOTALL)[
    0
].splitlines()


def mypy_says(source: str, folder: Path) -> str:
    """Return mypy's output for a module of *source*, names without their modules."""
    (folder / "library.py").write_text(source, encoding="utf-8")
    (folder / "mypy.ini").write_text("[mypy]\nplugins = dorm_mypy\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=mypy.ini", "library.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=\w)", "", done.stdout.replace(" in library.py", ""))


def test_mypy_knows_the_rows_and_the_slip_as_the_readme_says(tmp_path):
    said = mypy_says(f"{MODELS}\nreveal_type(rows)\n{WRONG}\n", tmp_path)
    assert f'Revealed type is "{ANSWER}"' in said
    assert ERROR in said
    assert said.count("error:") == 1
