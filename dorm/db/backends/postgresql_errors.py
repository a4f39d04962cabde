"""PostgreSQL's errors as ours: which class, which message, which columns; and which may be tried again.

Stands on the errors and psycopg.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from ... import exceptions as ours
from ..transient import UnknownOutcome
from .postgresql_connection import psycopg

ERRORS: Final[tuple[type[Exception], ...]] = (psycopg.Error, psycopg.Warning, UnicodeEncodeError)

_BY_KIND: Final[dict[type[Exception], type[ours.Error]]] = {
    psycopg.InterfaceError: ours.InterfaceError,
    psycopg.DataError: ours.DataError,
    psycopg.OperationalError: ours.OperationalError,
    psycopg.IntegrityError: ours.IntegrityError,
    psycopg.InternalError: ours.InternalError,
    psycopg.ProgrammingError: ours.ProgrammingError,
    psycopg.NotSupportedError: ours.NotSupportedError,
    psycopg.DatabaseError: ours.DatabaseError,
}

# The server is not there, not yet, or full: nothing was sent, and a moment later it may do.
_BUSY_SERVER: Final = frozenset({"57P03", "53300"})
# The statement was rolled back as a whole: a deadlock, or another transaction in its way.
_ROLLED_BACK: Final = frozenset({"40001", "40P01"})
# What says that the server is ending the connection.
_SHUTDOWN: Final = frozenset({"57P01", "57P02", "57P05", "25P03"})


def translate(error: Exception) -> Exception:
    """Return our error for one of psycopg's; each message is one line and holds no password."""
    if isinstance(error, UnicodeEncodeError):
        return ours.DataError(
            f"the text cannot be stored: it holds a lone surrogate at position {error.start}"
        )
    code = getattr(error, "sqlstate", None)
    make = _CONSTRAINTS.get(code) if code else None
    if make is not None:
        return make(error)
    if code == "25P02":
        return ours.TransactionManagementError(
            "a statement of this transaction failed, and PostgreSQL refuses all that follow until a "
            "rollback: leave the atomic block, or put the statement that may fail into a nested one"
        )
    return _class_of(error)(message_of(error))


def _class_of(error: Exception) -> type[ours.Error]:
    for kind in type(error).__mro__:
        if kind in _BY_KIND:
            return _BY_KIND[kind]
    return ours.DatabaseError


def message_of(error: Exception) -> str:
    """Return what the server or the driver says, in one line."""
    diagnosis = getattr(error, "diag", None)
    primary = diagnosis.message_primary if diagnosis is not None else None
    if diagnosis is None or not primary:
        return " ".join(str(error).split())
    hint = diagnosis.message_hint
    return f"{primary} ({hint})" if hint else str(primary)


# -- constraints -----------------------------------------------------------------------------------

_KEY: Final = re.compile(r"\(([^()]*)\)=\(")


def _unique(error: Any) -> ours.IntegrityError:
    diagnosis = error.diag
    # "Key (a, "order")=(1, 2) already exists."; an index on an expression has no columns to name.
    found = _KEY.search(diagnosis.message_detail or "")
    columns = [column.strip('"') for column in found[1].split(", ")] if found else []
    if not columns or not all(column.isidentifier() for column in columns):
        return ours.UniqueViolation(f"a row with this value already exists ({diagnosis.message_primary})")
    wording = " and ".join(repr(column) for column in columns)
    return ours.UniqueViolation(
        f"a row of {diagnosis.table_name!r} with this {wording} already exists", columns
    )


def _not_null(error: Any) -> ours.IntegrityError:
    diagnosis = error.diag
    where = f"{diagnosis.column_name!r} of {diagnosis.table_name!r}"
    return ours.NotNullViolation(f"{where} must have a value ({diagnosis.message_primary})")


def _foreign_key(error: Any) -> ours.IntegrityError:
    return ours.ForeignKeyViolation(
        f"a row points at one that does not exist, or is still pointed at ({error.diag.message_primary})"
    )


def _check(error: Any) -> ours.IntegrityError:
    return ours.CheckViolation(f"a value is not allowed ({error.diag.message_primary})")


_CONSTRAINTS: Final[dict[str, Callable[[Any], ours.IntegrityError]]] = {
    "23505": _unique,
    "23502": _not_null,
    "23503": _foreign_key,
    "23001": _foreign_key,
    "23514": _check,
}


# -- what may be tried again -----------------------------------------------------------------------


def is_lost(error: BaseException, connection: Any) -> bool:
    """Tell whether *error* means that the connection is gone."""
    return isinstance(error, psycopg.Error) and (connection.closed or error.sqlstate in _SHUTDOWN)


def may_connect_again(error: psycopg.Error) -> bool:
    """Tell whether a connection that could not be opened may be had a moment later."""
    # Without a code, nobody answered; a wrong password or name has one.
    return isinstance(error, psycopg.OperationalError) and (
        error.sqlstate in _BUSY_SERVER or (error.sqlstate is None and not _is_refusal(error))
    )


def _is_refusal(error: psycopg.Error) -> bool:
    """Tell whether the server said no: libpq gives no code for what happens while it connects."""
    text = str(error)
    return "FATAL:" in text and not any(word in text for word in _NOT_READY)


_NOT_READY: Final = (
    "starting up",
    "shutting down",
    "recovery",
    "too many clients",
    "remaining connection slots",
)


def is_stale(error: psycopg.Error) -> bool:
    """Tell whether a prepared statement was refused: its tables have changed, or the server forgot it."""
    return error.sqlstate == "26000" or (error.sqlstate == "0A000" and "cached plan" in str(error))


def may_run_again(error: psycopg.Error, connection: Any, sql: str) -> bool:
    """Tell whether a statement that failed outside of a transaction may be repeated: never done twice."""
    if error.sqlstate in _ROLLED_BACK or is_stale(error):
        return True
    return is_lost(error, connection) and is_plain_select(sql)


def is_plain_select(sql: str) -> bool:
    """Tell whether *sql* only reads; WITH may hold an INSERT, so it does not count."""
    return sql[:7].upper() in ("SELECT ", "SELECT\n")


def unknown_outcome(error: Exception, what: str) -> UnknownOutcome:
    """Return the error for work that may or may not be done."""
    return UnknownOutcome(
        f"the connection was lost while {what} was under way ({message_of(error)}): "
        "it is not known whether it took effect, so it was not repeated"
    )
