"""SQLite's errors as ours: which class, which message, which columns.

Stands on the errors and the standard library's sqlite3.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from typing import Final

from ... import exceptions as ours
from ...sql.placeholders import SEVERAL

ERRORS: Final[tuple[type[Exception], ...]] = (
    sqlite3.Error,
    sqlite3.Warning,
    OverflowError,
    UnicodeEncodeError,
)

_BY_NAME: Final[dict[type[Exception], type[ours.Error]]] = {
    sqlite3.InterfaceError: ours.InterfaceError,
    sqlite3.DataError: ours.DataError,
    sqlite3.OperationalError: ours.OperationalError,
    sqlite3.IntegrityError: ours.IntegrityError,
    sqlite3.InternalError: ours.InternalError,
    sqlite3.ProgrammingError: ours.ProgrammingError,
    sqlite3.NotSupportedError: ours.NotSupportedError,
    sqlite3.DatabaseError: ours.DatabaseError,
    # Python 3.11 warns of several statements in one text where later versions raise ProgrammingError.
    sqlite3.Warning: ours.ProgrammingError,
    OverflowError: ours.DataError,
    UnicodeEncodeError: ours.DataError,
}

# What goes wrong with the file, not with the statement, is told with its path.
_FILE_CODES: Final = frozenset({
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT,
})  # fmt: skip


def translate(error: Exception, database: str) -> Exception:
    """Return our error for one of sqlite3's; *database* is the absolute path, or ":memory:"."""
    text = str(error)
    if isinstance(error, sqlite3.IntegrityError):
        return _integrity(error, text)
    if isinstance(error, OverflowError):
        return ours.DataError("the number is too large: SQLite stores integers of 64 bits")
    if isinstance(error, UnicodeEncodeError):
        return ours.DataError(
            f"the text cannot be stored: it holds a lone surrogate at position {error.start}"
        )
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _FILE_CODES:
        return ours.OperationalError(f"{text}: {database}{_why(database, code)}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ours.OperationalError(
            f"{text}: another connection kept {database} locked for longer than busy_timeout; "
            "nothing of this statement was done"
        )
    if text.startswith("You can only execute one statement"):
        return ours.ProgrammingError(SEVERAL)
    if text == "Cannot operate on a closed database.":
        return ours.InterfaceError("the connection is closed")
    # SQLite's one code for "the statement is wrong"; other databases tell it from trouble on their side.
    if code == sqlite3.SQLITE_ERROR and isinstance(error, sqlite3.OperationalError):
        return ours.ProgrammingError(text)
    return _named(error)(text)


def _named(error: Exception) -> type[ours.Error]:
    for kind in type(error).__mro__:
        if kind in _BY_NAME:
            return _BY_NAME[kind]
    return ours.DatabaseError


def _integrity(error: sqlite3.IntegrityError, text: str) -> Exception:
    make = _CONSTRAINTS.get(getattr(error, "sqlite_errorcode", 0))
    # ON DELETE RESTRICT is reported as if by a trigger.
    if make is None and text.startswith("FOREIGN KEY"):
        make = _foreign_key
    return ours.IntegrityError(text) if make is None else make(text)


def _unique(text: str) -> ours.IntegrityError:
    what = text.partition(": ")[2]
    if not what or what.startswith("index "):
        return ours.UniqueViolation(f"a row with this value already exists ({text})")
    pairs = [column.rpartition(".") for column in what.split(", ")]
    columns = [column for _, _, column in pairs]
    wording = " and ".join(repr(column) for column in columns)
    return ours.UniqueViolation(f"a row of {pairs[0][0]!r} with this {wording} already exists", columns)


def _not_null(text: str) -> ours.IntegrityError:
    table, _, column = text.partition(": ")[2].rpartition(".")
    return ours.NotNullViolation(f"{column!r} of {table!r} must have a value ({text})")


def _foreign_key(text: str) -> ours.IntegrityError:
    return ours.ForeignKeyViolation(
        f"a row points at one that does not exist, or is still pointed at ({text})"
    )


def _check(text: str) -> ours.IntegrityError:
    return ours.CheckViolation(f"a value is not allowed ({text})")


_CONSTRAINTS: Final[dict[int, Callable[[str], ours.IntegrityError]]] = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: _unique,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: _unique,
    sqlite3.SQLITE_CONSTRAINT_ROWID: _unique,
    sqlite3.SQLITE_CONSTRAINT_NOTNULL: _not_null,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: _foreign_key,
    sqlite3.SQLITE_CONSTRAINT_CHECK: _check,
}


def _why(path: str, code: int) -> str:
    """Return what is the matter with the file, as far as the file system tells."""
    folder = os.path.dirname(path)
    if code == sqlite3.SQLITE_NOTADB:
        return " is a file of another kind, or encrypted"
    if code == sqlite3.SQLITE_READONLY and os.access(path, os.W_OK):
        return " is opened for reading alone, as in an atomic block with read_only=True"
    if not os.path.isabs(path):
        return ""
    if not os.path.exists(folder):
        return f": the folder {folder} does not exist"
    if not os.path.isdir(folder):
        return f": {folder} is not a folder"
    if os.path.isdir(path):
        return " is a folder"
    if os.path.exists(path) and not os.access(path, os.R_OK | os.W_OK):
        return ": no permission to read and write the file"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f": no permission to write in the folder {folder}"
    return ""
