"""Where the database is: as the environment says, else a file beside this one."""

from __future__ import annotations

import os
from pathlib import Path

import dorm

FILE = Path(__file__).with_name("blog.sqlite3")

DATABASES: dict[str, dorm.DatabaseConfig | str] = {
    "default": os.environ.get("DATABASE_URL", f"sqlite:///{FILE}")
}
INSTALLED_APPS = ["blog"]
