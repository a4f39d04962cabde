"""The files that a new project and a new app begin with, and how they are written.

Stands on nothing. A file that is there is never written over.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .apps import is_looked_into
from .errors import CommandError

SETTINGS: Final = "settings.py"
MODELS: Final = "models.py"

DATABASES: Final = {
    "sqlite": """\
DATABASES = {
    "default": {
        "ENGINE": "sqlite",
        "NAME": "db.sqlite3",
        # "OPTIONS": {"journal_mode": "WAL"},  # for readers beside a writer
    }
}
""",
    "postgresql": """\
DATABASES = {
    "default": {
        "ENGINE": "postgresql",
        "NAME": "my_database",
        "USER": "postgres",
        "PASSWORD": "secret",  # better: os.environ["DB_PASSWORD"]
        "HOST": "localhost",
        "PORT": 5432,
        "MIN_POOL_SIZE": 1,
        "MAX_POOL_SIZE": 10,
        "POOL_TIMEOUT": 30.0,
        # Straight to the driver, psycopg.
        "OPTIONS": {
            "sslmode": "prefer",
            "application_name": "my_project",
        },
    }
}
""",
}

SETTINGS_TEXT: Final = """\
# What the command `dorm` reads; you never import it, and never call dorm.configure().
#
# Every package beside this file that has a models.py is an app. To name them yourself:
# INSTALLED_APPS = ["blog", "shop.payments"]

# One of these blocks is to be in use, and the other a comment.

# SQLite: a file in the folder where dorm is called.
{sqlite}
# PostgreSQL: pip install "djanorm[postgresql]"
{postgresql}"""

MODELS_TEXT: Final = """\
import dorm


class User(dorm.Model):
    name = dorm.CharField(max_length=100)
    email = dorm.EmailField(unique=True)
    joined = dorm.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
"""


def settings_text(database: str | None = None) -> str:
    """Return the text of new settings: with the block of *database* in use, and the others commented out."""
    blocks = {name: text if name == database else _commented(text) for name, text in DATABASES.items()}
    return SETTINGS_TEXT.format(**blocks)


def with_database(text: str, database: str) -> str | None:
    """Return settings in which the block of *database* alone is in use.

    None when it is not in them, or when another DATABASES is that did not come from here.
    """
    others = [block for name, block in DATABASES.items() if name != database]
    for other in others:
        text = text.replace(f"\n{other}", f"\n{_commented(other)}")
    block = _commented(DATABASES[database])
    if block not in text or re.search(r"^DATABASES\b", text, re.MULTILINE):
        return None
    return text.replace(block, DATABASES[database])


def _commented(block: str) -> str:
    return "".join(f"# {line}" for line in block.splitlines(keepends=True))


def app_files(name: str) -> Iterator[tuple[Path, str]]:
    """Yield path and text of the files of a new app; *name* may be dotted.

    Raises CommandError for a name that no import could use, or that discovery passes over.
    """
    parts = name.split(".")
    for part in parts:
        if not part.isidentifier() or keyword.iskeyword(part):
            raise CommandError(f"{name!r} is no name for an app: it must be one of a Python package")
        if not is_looked_into(part):
            raise CommandError(f"apps are not looked for in folders called {part!r}: take another name")
    for depth in range(1, len(parts) + 1):
        yield Path(*parts[:depth]) / "__init__.py", ""
    yield Path(*parts) / MODELS, MODELS_TEXT


def write_new(path: Path, text: str) -> bool:
    """Write a file, with the folders around it; return False, and change nothing, when it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True
