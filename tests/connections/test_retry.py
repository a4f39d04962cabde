"""with_transient_retry and its twin: which failures are tried again, how often, and after what wait."""

from __future__ import annotations

import sqlite3

import pytest

import dorm
from dorm.db import transient, utils
from dorm.db.transient import UnknownOutcome, is_transient
from dorm.db.utils import with_transient_retry
from dorm.transaction import aatomic, atomic

LOST = dorm.OperationalError("the connection was lost")


@pytest.fixture
def waits(monkeypatch):
    """Return the seconds that were waited; nobody waits for real."""
    waits = []

    async def asleep(seconds):
        waits.append(seconds)

    monkeypatch.setattr(utils, "sleep", waits.append)
    monkeypatch.setattr(utils, "asleep", asleep)
    return waits


class Work:
    """Work that raises what it is given, one after the other, and then succeeds."""

    def __init__(self, call, *errors):
        self.call = call
        self.errors = list(errors)
        self.times = 0

    def once(self):
        self.times += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"

    async def aonce(self):
        return self.once()

    def run(self, **options):
        return self.call(with_transient_retry, self.aonce if self.call.is_async else self.once, **options)


def test_work_is_tried_again_with_growing_waits(call, waits):
    work = Work(call, LOST, dorm.InterfaceError("closed"))
    assert work.run() == "done"
    assert work.times == 3
    assert waits == [0.1, 0.2]


def test_the_last_failure_is_raised(call, waits):
    work = Work(call, *[LOST] * 9)
    with pytest.raises(dorm.OperationalError, match="lost"):
        work.run()
    assert work.times == 3


def test_attempts_and_waits_can_be_said(call, waits):
    work = Work(call, *[LOST] * 4)
    assert work.run(attempts=5, backoff=1) == "done"
    assert waits == [1, 2, 4, 8]


def test_attempts_and_waits_come_from_the_environment(call, waits, monkeypatch):
    monkeypatch.setenv("DORM_RETRY_ATTEMPTS", "5")
    monkeypatch.setenv("DORM_RETRY_BACKOFF", "0.25")
    work = Work(call, *[LOST] * 9)
    with pytest.raises(dorm.OperationalError):
        work.run()
    assert waits == [0.25, 0.5, 1.0, 2.0]


def test_a_slip_in_the_environment_is_told_and_keeps_nobody_from_trying(call, waits, monkeypatch, caplog):
    monkeypatch.setenv("DORM_RETRY_ATTEMPTS", "many")
    assert Work(call, LOST).run() == "done"
    assert "DORM_RETRY_ATTEMPTS" in caplog.text


@pytest.mark.parametrize(
    "error", [ValueError("x"), dorm.IntegrityError("x"), dorm.ProgrammingError("x"), UnknownOutcome("x")]
)
def test_other_failures_are_raised_at_once(call, waits, error):
    work = Work(call, error)
    with pytest.raises(type(error)):
        work.run()
    assert (work.times, waits) == (1, [])


def test_in_a_transaction_there_is_one_attempt(call, waits):
    work = Work(call, LOST)
    with pytest.raises(dorm.OperationalError):
        work.run(in_transaction=True)
    assert work.times == 1


def test_a_transaction_is_seen(call, waits):
    work = Work(call, LOST)

    def sync():
        call(dorm.transaction.on_commit, str)
        with atomic():
            with_transient_retry(work.once)

    async def asynchronous():
        await dorm.transaction.aon_commit(str)
        await dorm.db.connection.get_async_connection().execute("SELECT 1")
        async with aatomic():
            await utils.awith_transient_retry(work.aonce)

    with pytest.raises(dorm.OperationalError):
        call.run(sync, asynchronous)
    assert work.times == 1


def test_a_transaction_as_a_whole_is_tried_again(go, waits, committed):
    failures = [LOST]

    async def program(face):
        def sync():
            with atomic():
                face.connection().execute("INSERT INTO t (name) VALUES ('a')")
                if failures:
                    raise failures.pop()

        async def asynchronous():
            async with aatomic():
                await face.insert("a")
                if failures:
                    raise failures.pop()

        await face.call(with_transient_retry, asynchronous if face.is_async else sync)
        assert committed() == ["a"]

    go(program)


@pytest.mark.parametrize("options", [{"attempts": 0}, {"backoff": -1}])
def test_numbers_that_make_no_sense_are_refused(call, options):
    with pytest.raises(ValueError, match=next(iter(options))):
        Work(call).run(**options)


# -- what passes -----------------------------------------------------------------------------------


def raised_from(cause):
    error = dorm.OperationalError("ours")
    error.__cause__ = cause
    return error


def test_a_drivers_own_errors_count():
    psycopg = pytest.importorskip("psycopg")
    assert is_transient(psycopg.OperationalError("server closed the connection unexpectedly"))
    assert is_transient(psycopg.InterfaceError("connection already closed"))
    assert is_transient(psycopg.errors.DeadlockDetected("x"))
    assert is_transient(raised_from(psycopg.errors.SerializationFailure("x")))
    assert is_transient(raised_from(psycopg.errors.AdminShutdown("x")))
    assert is_transient(raised_from(psycopg.errors.LockNotAvailable("x")))
    # A statement that took too long will take as long again.
    assert not is_transient(raised_from(psycopg.errors.QueryCanceled("x")))
    assert not is_transient(psycopg.errors.UniqueViolation("x"))
    assert not is_transient(psycopg.DataError("x"))


def test_a_locked_sqlite_passes_and_a_missing_table_does_not(tmp_path):
    def failure(sql, *before):
        connections = [
            sqlite3.connect(tmp_path / "a.sqlite3", timeout=0, isolation_level=None) for _ in range(2)
        ]
        try:
            for statement in before:
                connections[0].execute(statement)
            connections[1].execute(sql)
        except sqlite3.Error as error:
            return error
        finally:
            for connection in connections:
                connection.close()

    assert is_transient(failure("BEGIN IMMEDIATE", "BEGIN IMMEDIATE"))
    assert not is_transient(failure("SELECT * FROM nowhere"))


def test_waits_double_from_the_first_on():
    assert [transient.pause(attempt, 0.5) for attempt in (1, 2, 3)] == [0.5, 1.0, 2.0]
