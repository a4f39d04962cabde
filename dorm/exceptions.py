"""Every error that dorm raises, with its facts as attributes.

Stands on the wording helpers alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# -- queries and models ---------------------------------------------------------------------------


class FieldError(ValueError):
    """A name, lookup or operand that does not fit the model; raised before any SQL.

    `model`, `name`, `position` (the whole key it stood in), `choices` and `suggestion` say what was
    given, where, and what would be right; each may be empty.
    """

    def __init__(
        self,
        message: str,
        *,
        model: str = "",
        name: str = "",
        position: str = "",
        choices: Sequence[str] = (),
        suggestion: str | None = None,
    ) -> None:
        super().__init__(message)
        self.model = model
        self.name = name
        self.position = position
        self.choices = tuple(choices)
        self.suggestion = suggestion


class FieldDoesNotExist(FieldError):
    """`_meta.get_field()` was asked for a name that the model does not have."""


class ObjectDoesNotExist(Exception):
    """`get()` found no row. Each model has its own subclass, `Model.DoesNotExist`."""


DoesNotExist = ObjectDoesNotExist


class RelatedObjectDoesNotExist(ObjectDoesNotExist, AttributeError):
    """A relation leads to no row."""


class MultipleObjectsReturned(Exception):
    """`get()` found more than one row. Each model has its own subclass."""


class ValidationError(ValueError):
    """A value that a field, a validator or `clean()` refuses.

    *message* is a text, a list of messages or a mapping from field name to messages; `messages` is
    always a flat list of texts and `error_dict` the messages by field (empty unless given by field).
    """

    def __init__(
        self,
        message: str | Sequence[Any] | Mapping[str, Any] | ValidationError,
        code: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        self.message: Any = message.message if isinstance(message, ValidationError) else message
        self.code = code
        self.params = params
        self.error_dict: dict[str, list[str]] = {}
        if isinstance(self.message, Mapping):
            self.error_dict = {field: _texts(value, None) for field, value in self.message.items()}
        self.messages: list[str] = _texts(self.message, params)
        super().__init__(self.message)

    def __str__(self) -> str:
        if self.error_dict:
            return "; ".join(f"{field}: {', '.join(texts)}" for field, texts in self.error_dict.items())
        return "; ".join(self.messages)


def _texts(message: Any, params: Mapping[str, Any] | None) -> list[str]:
    if isinstance(message, ValidationError):
        return message.messages
    if isinstance(message, Mapping):
        return [text for value in message.values() for text in _texts(value, params)]
    if isinstance(message, str):
        return [message % params if params else message]
    return [text for value in message for text in _texts(value, params)]


# -- configuration and use ------------------------------------------------------------------------


class ImproperlyConfigured(Exception):
    """A setting, a model option or an environment that cannot work; the message says what would."""


class AsyncRequiredError(RuntimeError):
    """A synchronous call would have had to wait: use its a-prefixed twin."""


class TransactionManagementError(RuntimeError):
    """A transaction was used in a way that would lose or mix up work."""


class NaiveDatetimeWarning(RuntimeWarning):
    """A datetime without a time zone was taken as being in TIME_ZONE."""


# -- the database (the tree of PEP 249; the driver's own error is `__cause__`) ---------------------


class Error(Exception):
    """Anything that went wrong in the database or on the way to it."""


class InterfaceError(Error):
    """The driver was used wrongly or its connection is closed."""


class DatabaseError(Error):
    """The database refused or failed."""


class DataError(DatabaseError):
    """A value that the column's type cannot hold."""


class OperationalError(DatabaseError):
    """The database could not be reached, was busy for too long, or failed on its side."""


class IntegrityError(DatabaseError):
    """A constraint refused the statement."""


class InternalError(DatabaseError):
    """The database is in a state that it should not be in."""


class ProgrammingError(DatabaseError):
    """The statement itself is wrong: an unknown table, a syntax error."""


class NotSupportedError(DatabaseError):
    """The database cannot do this."""


class UniqueViolation(IntegrityError, ValidationError):
    """A unique constraint refused the row; both an IntegrityError and a ValidationError.

    `fields` names the columns where the driver tells them.
    """

    def __init__(self, message: str, fields: Sequence[str] = ()) -> None:
        ValidationError.__init__(self, message, code="unique")
        self.fields = tuple(fields)


class ForeignKeyViolation(IntegrityError):
    """A row points at a row that is not there, or is pointed at by one that is."""


class NotNullViolation(IntegrityError):
    """A column that must have a value got none."""


class CheckViolation(IntegrityError):
    """A CHECK constraint refused the row."""


class ProtectedError(IntegrityError):
    """A row cannot be deleted while others refer to it with PROTECT.

    `protected_objects` are the instances that stand in the way.
    """

    def __init__(self, message: str, protected_objects: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.protected_objects = list(protected_objects)


class MigrationError(Exception):
    """A migration cannot be loaded, planned or applied."""
