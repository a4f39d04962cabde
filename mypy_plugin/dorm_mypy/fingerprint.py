"""A version of the plugin made from its text: results of another text are not to be trusted.

Stands on the standard library and on where the packages lie.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from dorm.lookups import paths


def fingerprint() -> str:
    """Return a digest of the plugin's files and of those of dorm that it reads by."""
    home = Path(paths.__file__).parents[1]
    digest = sha256()
    for folder in (Path(__file__).parent, home / "lookups", home / "source"):
        for file in sorted(folder.glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
