"""Settings: the keys of DATABASES and what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any, reveal_type

import dorm

dorm.configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": Path("db.sqlite3")}}, USE_TZ=False)
dorm.configure(DATABASES={"default": "sqlite:///db.sqlite3"}, INSTALLED_APPS=["blog"], MY_OWN=3)
dorm.configure(DATABASES={"default": {"ENGINE": "postgresql", "NAME": "x", "PORT": 5432, "OPTIONS": {"sslmode": "require"}}})
dorm.configure(DATABASES={"default": {"ENGIN": "sqlite", "NAME": "db.sqlite3"}})  # E:
dorm.configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": 3}})  # E:
dorm.configure(DATABASES={"default": {"ENGINE": "postgresql", "NAME": "x", "MAX_POOL_SIZE": "many"}})  # E:
dorm.configure(USE_TZ="yes")  # E:
dorm.configure(INSTALLED_APPS=3)  # E:
dorm.settings.USE_TZ = True
dorm.settings.USE_TZ = "yes"  # E:
reveal_type(dorm.settings.TIME_ZONE)  # R: str

DATABASES: dict[str, dorm.DatabaseConfig] = {"default": {"ENGINE": "sqlite", "NAME": "db.sqlite3"}}
dorm.configure(DATABASES=DATABASES)
slip: dorm.DatabaseConfig = {"ENGINE": "sqlite", "NMAE": "db.sqlite3"}  # E:
whole: dorm.Settings = {"DATABASES": {"default": {"ENGINE": "sqlite", "NAME": "x"}}, "TIME_ZONE": "Europe/Vienna"}
dorm.configure(**whole)
wrong: dorm.Settings = {"DATABASE": {}}  # E:


def put_back(made: dict[str, Any]) -> None:
    before = dorm.settings.DATABASES
    dorm.configure(DATABASES=made)
    dorm.configure(DATABASES=before)
