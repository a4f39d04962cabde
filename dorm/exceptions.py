"""Every error that dorm raises, with its facts as attributes.

Stands on the wording helpers alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

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

    *message* is a text (which *params* fill in), a list of messages, or a mapping from field name to
    messages; each may be a ValidationError. `messages` is always the flat list of texts, and `message_dict`
    the texts by field. `error_list` and `error_dict` are the errors themselves, with `code` and `params`; the
    latter, as `message_dict`, is there only where errors were given by field.
    """

    error_list: list[ValidationError]
    error_dict: dict[str, list[ValidationError]]

    def __init__(
        self,
        message: str | Sequence[Any] | Mapping[str, Any] | ValidationError,
        code: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        # An error of one error is that error.
        if isinstance(message, ValidationError):
            given = message
            message = vars(given).get("error_dict", given.message if given._is_single else given.error_list)
            code, params = given.code or code, given.params or params
        self.message: Any = message
        self.code: str | None = code
        self.params: Mapping[str, Any] | None = params
        if isinstance(message, Mapping):
            self.error_dict = {field: _errors(value) for field, value in message.items()}
            self.error_list = [error for errors in self.error_dict.values() for error in errors]
            self.message = self.message_dict
        elif isinstance(message, (list, tuple)):
            self.error_list = _errors(message)
            self.message = self.messages
        else:
            self.error_list = [self]
        super().__init__(message, code, params)

    @property
    def _is_single(self) -> bool:
        """Whether this is one error, with a text of its own."""
        return any(error is self for error in self.error_list)

    @property
    def messages(self) -> list[str]:
        """The texts of all errors, in order."""
        return [error._text() for error in self.error_list]

    @property
    def message_dict(self) -> dict[str, list[str]]:
        """The texts by field; AttributeError where the errors were not given by field."""
        return {field: [error._text() for error in errors] for field, errors in self.error_dict.items()}

    def update_error_dict(
        self, error_dict: dict[str, list[ValidationError]]
    ) -> dict[str, list[ValidationError]]:
        """Add the errors to *error_dict*, those of no one field under `__all__`; return it."""
        own = vars(self).get("error_dict") or {NON_FIELD_ERRORS: self.error_list}
        for field, errors in own.items():
            error_dict.setdefault(field, []).extend(errors)
        return error_dict

    def _text(self) -> str:
        text = str(self.message)
        return text % self.params if self.params else text

    def __iter__(self) -> Iterator[Any]:
        """Yield the texts; pairs of a field and its texts, where errors were given by field."""
        return iter(self.message_dict.items() if "error_dict" in vars(self) else self.messages)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ValidationError):
            return NotImplemented
        return self._facts() == other._facts()

    def __hash__(self) -> int:
        return hash((str(self.message), self.code))

    def _facts(self) -> tuple[Any, ...]:
        if self._is_single:
            return (self.message, self.code, self.params)
        return (vars(self).get("error_dict"), self.error_list)

    def __str__(self) -> str:
        if "error_dict" in vars(self):
            return "; ".join(f"{field}: {', '.join(texts)}" for field, texts in self.message_dict.items())
        return "; ".join(self.messages)


# Where the errors of `full_clean()` stand that are about no one field.
NON_FIELD_ERRORS: Final = "__all__"


def _errors(given: Any) -> list[ValidationError]:
    """Return a message, or a list of messages, as a flat list of errors with one text each."""
    if isinstance(given, ValidationError):
        return given.error_list
    if isinstance(given, Mapping):
        return ValidationError(given).error_list
    if isinstance(given, (list, tuple)):
        return [error for one in given for error in _errors(one)]
    return [ValidationError(given)]


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
        self.args = (message, self.fields)


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
