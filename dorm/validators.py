"""Callables that look at one value and raise ValidationError when they refuse it.

Rests on the errors alone. Two validators are equal when they refuse the same values with the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sized
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from .exceptions import ValidationError

Validator: TypeAlias = Callable[[Any], object]

S_contra = TypeVar("S_contra", contravariant=True)


class Comparable(Protocol[S_contra]):
    """What can stand on either side of a limit."""

    def __lt__(self, other: S_contra, /) -> bool: ...
    def __gt__(self, other: S_contra, /) -> bool: ...


# -- limits ---------------------------------------------------------------------------------------


class LimitValidator:
    """Hold a value against *limit*; what is measured and which way, the subclasses say."""

    code: str = "limit"
    words: str = "within %(limit)s"

    def __init__(self, limit: Any, message: str | None = None) -> None:
        self.limit = limit
        self.message = message

    def __call__(self, value: Any) -> None:
        measured = self.measure(value)
        if self.exceeds(measured):
            facts = {"limit": self.limit, "given": measured, "value": value}
            raise ValidationError(self.message or self.words, code=self.code, params=facts)

    def measure(self, value: Any) -> Any:
        """Return what of *value* is compared with the limit."""
        return value

    def exceeds(self, measured: Any) -> bool:
        """Return whether *measured* is on the wrong side of the limit."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), repr(self.limit)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.limit!r})"


class MinValueValidator(LimitValidator):
    """Refuse a value below *limit*."""

    code = "min_value"
    words = "This must be %(limit)s or more, not %(given)s."

    def __init__(self, limit: Comparable[Any], message: str | None = None) -> None:
        super().__init__(limit, message)

    def exceeds(self, measured: Any) -> bool:
        return not measured >= self.limit


class MaxValueValidator(LimitValidator):
    """Refuse a value above *limit*."""

    code = "max_value"
    words = "This must be %(limit)s or less, not %(given)s."

    def __init__(self, limit: Comparable[Any], message: str | None = None) -> None:
        super().__init__(limit, message)

    def exceeds(self, measured: Any) -> bool:
        return not measured <= self.limit


class LengthValidator(LimitValidator):
    """Hold the length of a value against *limit*."""

    def __init__(self, limit: int, message: str | None = None) -> None:
        super().__init__(limit, message)

    def measure(self, value: Sized) -> int:
        return len(value)


class MinLengthValidator(LengthValidator):
    """Refuse a value with fewer than *limit* characters or items."""

    code = "min_length"
    words = "This needs a length of at least %(limit)s, but has %(given)s."

    def exceeds(self, measured: int) -> bool:
        return bool(measured < self.limit)


class MaxLengthValidator(LengthValidator):
    """Refuse a value with more than *limit* characters or items."""

    code = "max_length"
    words = "This may have a length of at most %(limit)s, but has %(given)s."

    def exceeds(self, measured: int) -> bool:
        return bool(measured > self.limit)


# -- patterns -------------------------------------------------------------------------------------


class RegexValidator:
    """Refuse a text in which *pattern* is not found (`re.search`: anchor it to mean the whole text).

    *message* may name the text as `%(value)s`.
    """

    code: str = "invalid"

    def __init__(self, pattern: str | re.Pattern[str], message: str | None = None, flags: int = 0) -> None:
        compiled = re.compile(pattern, flags)
        self.pattern: str = compiled.pattern
        self.flags: int = compiled.flags
        self.message = message

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return the class's dotted path and the arguments that make such a validator again."""
        # Every pattern of texts is one of Unicode.
        flags = self.flags & ~re.UNICODE
        given = {"message": self.message, "flags": re.RegexFlag(flags) if flags else None}
        kwargs = {name: value for name, value in given.items() if value is not None}
        return f"{type(self).__module__}.{type(self).__qualname__}", [self.pattern], kwargs

    @property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern."""
        # `re` keeps what it has compiled, so this is a dict hit.
        return re.compile(self.pattern, self.flags)

    def __call__(self, value: Any) -> None:
        if not self.accepts(str(value)):
            raise self.error(value)

    def accepts(self, text: str) -> bool:
        """Return whether *text* is good."""
        return self.regex.search(text) is not None

    def error(self, value: Any) -> ValidationError:
        """Return the error for *value*."""
        if self.message is None:
            return ValidationError(f"{value!r} does not match the pattern {self.pattern!r}.", code=self.code)
        facts = {"value": value} if "%(value)" in self.message else None
        return ValidationError(self.message, code=self.code, params=facts)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), self.pattern, self.flags, self.message))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.pattern!r})"


# What one part of a host name may be (RFC 1034, with the letters of RFC 5890 beyond ASCII).
_LABEL: Final = r"[a-z0-9\u00a1-\uffff](?:[a-z0-9\u00a1-\uffff-]{0,61}[a-z0-9\u00a1-\uffff])?"
_DOTTED: Final = rf"(?:{_LABEL}\.)+(?!\d+$|\d+[:/?#]){_LABEL}"

# An unquoted local part (RFC 5322, section 3.2.3); a quoted one is nearly always a typing mistake.
_ATOM: Final = r"[\w!#$%&'*+/=?^`{|}~-]+"
_EMAIL: Final = rf"{_ATOM}(?:\.{_ATOM})*@{_DOTTED}"

_NUMBER: Final = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_HOST: Final = rf"(?:{_DOTTED}|localhost|{_NUMBER}(?:\.{_NUMBER}){{3}}|\[[0-9a-f:.]+\])"
_URL: Final = rf"(?:https?|ftps?)://(?:[^\s:@/?#]+(?::[^\s:@/?#]*)?@)?{_HOST}(?::\d{{1,5}})?(?:[/?#]\S*)?"


class BuiltInValidator(RegexValidator):
    """Hold a text against a long pattern of our own.

    It is compiled when it is first used: at import it would cost more than the rest of this file.
    """

    built_in: str
    words: str

    def __init__(self, message: str | None = None) -> None:
        self.pattern = self.built_in
        self.flags = int(re.IGNORECASE)
        self.message = message

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        path, _, kwargs = super().deconstruct()
        return path, [], {name: value for name, value in kwargs.items() if name == "message"}

    def error(self, value: Any) -> ValidationError:
        if self.message is not None:
            return super().error(value)
        return ValidationError(self.words, code=self.code, params={"value": value})

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class EmailValidator(BuiltInValidator):
    """Refuse what is no e-mail address with a dotted domain."""

    built_in = _EMAIL
    words = "%(value)r is not an e-mail address such as 'ada@example.org'."

    def accepts(self, text: str) -> bool:
        # RFC 5321, section 4.5.3.1, sets both lengths.
        local, _, _ = text.rpartition("@")
        return len(text) <= 320 and len(local) <= 64 and self.regex.fullmatch(text) is not None


class URLValidator(BuiltInValidator):
    """Refuse what is no http, https, ftp or ftps address."""

    built_in = _URL
    words = "%(value)r is not a web address such as 'https://example.org/'."

    def accepts(self, text: str) -> bool:
        return len(text) <= 2048 and self.regex.fullmatch(text) is not None


validate_email: Final = EmailValidator()
validate_url: Final = URLValidator()
validate_slug: Final = RegexValidator(
    r"\A[-a-zA-Z0-9_]+\Z", "%(value)r is not a slug: only letters, digits, '-' and '_' may stand in it."
)
