"""What models alone do not say, and who is asked: was this renamed, and what do rows that are there get?

Rests on fields. Asking is left to two functions, so that it takes no terminal of its own; what has no answer
without one is an error that says how to give it.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .._text import listed
from ..exceptions import FieldError, MigrationError, ValidationError
from ..fields import NOT_PROVIDED, Field
from ..fields.related import RelationField


class Questioner:
    """Takes the models at their word: nothing was renamed, and every field is as it is written."""

    def is_renamed_model(self, label: str, old: str, new: str) -> bool:
        """Return whether the model *old* is called *new* now."""
        return False

    def is_renamed_field(self, label: str, model: str, old: str, new: str, field: Field[Any]) -> bool:
        """Return whether the field *old* of *model* is called *new* now, which is *field*."""
        return False

    def default_for_new(self, label: str, model: str, name: str, field: Field[Any]) -> Any:
        """Return what rows get in a new field that needs a value; NOT_PROVIDED to leave it open."""
        return NOT_PROVIDED

    def default_for_null(self, label: str, model: str, name: str, field: Field[Any]) -> Any:
        """Return what takes the place of NULL in a field without it; NOT_PROVIDED to leave it open."""
        return NOT_PROVIDED

    def is_merged(self, label: str, names: Iterable[str]) -> bool:
        """Return whether the migrations *names* are to be joined."""
        return True


class Answers(Questioner):
    """Answers that were given beforehand; a question without one is a MigrationError that names the flag.

    *renames* leads from "blog.Author" or "blog.Author.name" to the new name alone, or to "" for what was not
    renamed; *defaults* from "blog.Author.age" to a value as one types it, or to "" where none is needed.
    """

    def __init__(
        self, renames: Mapping[str, str] | None = None, defaults: Mapping[str, str] | None = None
    ) -> None:
        self.renames = {place.lower(): new for place, new in (renames or {}).items()}
        self.defaults = {place.lower(): text for place, text in (defaults or {}).items()}

    @classmethod
    def read(cls, renames: Iterable[str] = (), defaults: Iterable[str] = ()) -> Answers:
        """Return the answers of such texts as "blog.Author.name=title" and "blog.Author.age=0"."""
        return cls(_pairs("--rename", renames), _pairs("--default", defaults))

    def is_renamed_model(self, label: str, old: str, new: str) -> bool:
        answer = self._renamed(f"{label}.{old}", new)
        return self.ask_model(label, old, new) if answer is None else answer

    def is_renamed_field(self, label: str, model: str, old: str, new: str, field: Field[Any]) -> bool:
        answer = self._renamed(f"{label}.{model}.{old}", new)
        return self.ask_field(label, model, old, new, field) if answer is None else answer

    def default_for_new(self, label: str, model: str, name: str, field: Field[Any]) -> Any:
        place = f"{label}.{model}.{name}"
        if place.lower() in self.defaults:
            return self._given(place, field)
        return self.ask_new(place, field)

    def default_for_null(self, label: str, model: str, name: str, field: Field[Any]) -> Any:
        place = f"{label}.{model}.{name}"
        if place.lower() in self.defaults:
            return self._given(place, field)
        return self.ask_null(place, field)

    def _renamed(self, place: str, new: str) -> bool | None:
        answer = self.renames.get(place.lower())
        if answer is not None:
            return answer.lower() == new.lower()
        home = place.lower().rpartition(".")[0]
        # What another one is called now is not free.
        taken = [there for there, name in self.renames.items() if name.lower() == new.lower()]
        return False if any(there.rpartition(".")[0] == home for there in taken) else None

    def _given(self, place: str, field: Field[Any]) -> Any:
        text = self.defaults[place.lower()]
        if not text:
            return NOT_PROVIDED
        try:
            return value_of(text, field)
        except (FieldError, ValidationError) as error:
            raise MigrationError(f"--default {place}={text}: {error}") from error

    # -- questions that have no answer yet

    def ask_model(self, label: str, old: str, new: str) -> bool:
        """Ask whether a model was renamed."""
        raise MigrationError(_unknown(f"{label}.{old}", new))

    def ask_field(self, label: str, model: str, old: str, new: str, field: Field[Any]) -> bool:
        """Ask whether a field was renamed."""
        raise MigrationError(_unknown(f"{label}.{model}.{old}", new))

    def ask_new(self, place: str, field: Field[Any]) -> Any:
        """Ask what rows get in a new field."""
        raise MigrationError(
            f"{place} is new, takes no NULL and has no default: what do rows that are there get? "
            f"Say --default {place}=VALUE, run this in a terminal, or give the field a default or null=True."
        )

    def ask_null(self, place: str, field: Field[Any]) -> Any:
        """Ask what takes the place of NULL."""
        raise MigrationError(
            f"{place} takes no NULL any more and has no default: what do rows get that hold it? "
            f"Say --default {place}=VALUE, or --default {place}= if none does, or run this in a terminal."
        )


class Interview(Answers):
    """Asks what has no answer yet: *say* shows a line, *ask* shows a prompt and returns what was typed."""

    def __init__(
        self,
        say: Callable[[str], object],
        ask: Callable[[str], str],
        renames: Mapping[str, str] | None = None,
        defaults: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(renames, defaults)
        self.say = say
        self.ask = ask

    def ask_model(self, label: str, old: str, new: str) -> bool:
        return self.confirm(f"Was the model {label}.{old} renamed to {new}?")

    def ask_field(self, label: str, model: str, old: str, new: str, field: Field[Any]) -> bool:
        kind = type(field).__name__
        return self.confirm(f"Was {label}.{model}.{old} renamed to {label}.{model}.{new} (a {kind})?")

    def ask_new(self, place: str, field: Field[Any]) -> Any:
        self.say(f"{place} is new, takes no NULL and has no default: rows that are there need a value.")
        self._choose("Give one now, for these rows alone")
        return self._value(field)

    def ask_null(self, place: str, field: Field[Any]) -> Any:
        self.say(f"{place} takes no NULL any more and has no default: rows that hold NULL need a value.")
        choice = self._choose(
            "Give one now, for these rows alone", "No row holds NULL: leave them as they are"
        )
        return self._value(field) if choice == 1 else NOT_PROVIDED

    def is_merged(self, label: str, names: Iterable[str]) -> bool:
        return self.confirm(f"Join the migrations {listed(names)} of {label}?")

    def confirm(self, question: str) -> bool:
        """Ask for yes or no; no, if nothing is typed."""
        while True:
            answer = self.ask(f"{question} [y/N] ").strip().lower()
            if answer in ("y", "yes"):
                return True
            if answer in ("", "n", "no"):
                return False
            self.say("Please type y or n.")

    def _choose(self, *choices: str) -> int:
        """Ask for one of *choices*, counted from 1; MigrationError when none of them is wanted."""
        every = (*choices, "Quit, and change the model first")
        for number, choice in enumerate(every, 1):
            self.say(f" {number}) {choice}")
        while True:
            answer = self.ask("Choose: ").strip()
            if answer == str(len(every)):
                raise MigrationError("Nothing was written: give the field a default, or null=True.")
            if answer.isdecimal() and 1 <= int(answer) < len(every):
                return int(answer)
            self.say(f"Please type a number from 1 to {len(every)}.")

    def _value(self, field: Field[Any]) -> Any:
        while True:
            text = self.ask("Value: ").strip()
            if not text:
                self.say("Please type a value; '' is an empty text.")
                continue
            try:
                return value_of(text, field)
            except (FieldError, ValidationError) as error:
                self.say(str(error))


def value_of(text: str, field: Field[Any]) -> Any:
    """Return what *text* is as a value of *field*: a Python literal, or plain text; "now" is the present."""
    present: Any = getattr(field, "present", None)
    if text == "now" and present is not None:
        return present()
    try:
        given = literal_eval(text)
    except (ValueError, SyntaxError):
        given = text
    if given is None:
        raise ValidationError("NULL is what the field does not take.")
    if isinstance(field, RelationField):
        # Its values are those of another model's key, which nobody knows here.
        return given
    try:
        return field.to_python(given)
    except ValidationError:
        if given == text:
            raise
        return field.to_python(text)


def _unknown(place: str, new: str) -> str:
    home = place.rpartition(".")[0]
    return (
        f"Is {home}.{new} what {place} was? That cannot be known, and nothing is dropped by guess. Say "
        f"--rename {place}={new}, or --rename {place}= if it was not renamed, or run this in a terminal."
    )


def _pairs(flag: str, given: Iterable[str]) -> dict[str, str]:
    found = {}
    for text in given:
        place, sign, value = text.partition("=")
        if not sign or "." not in place:
            raise MigrationError(f"{flag} takes a place and its answer, not {text!r}: {EXAMPLES[flag]}")
        found[place] = value
    return found


EXAMPLES = {
    "--rename": "--rename blog.Author.name=title",
    "--default": "--default blog.Author.age=0",
}
