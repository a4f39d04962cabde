"""Migrations beside someone who writes to the same file of SQLite."""

from __future__ import annotations

import sqlite3

import dorm
from dorm.db.connection import get_connection, reset_connections
from dorm.migrations.api import migrate
from dorm.migrations.recorder import MigrationRecorder
from tests.migrations.folders import Apps


def test_a_writer_that_keeps_the_file_for_longer_than_busy_timeout_is_waited_for(tmp_path):
    file = str(tmp_path / "busy.sqlite3")
    dorm.configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": file, "OPTIONS": {"busy_timeout": 1}}})
    apps = Apps(tmp_path)
    apps.table("blog", "0001_initial", "blog_one")
    MigrationRecorder(get_connection()).ensure_table()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    seen = []

    def watch(progress):
        seen.append(progress.event)
        if progress.event == "waiting" and other.in_transaction:
            other.execute("COMMIT")

    migrate(apps=apps, on_progress=watch)
    other.close()
    reset_connections()
    assert seen == ["waiting", "start", "done"]
