"""Wording shared by every message: did-you-mean, lists, quoting.

Stands on the standard library alone.
"""

from __future__ import annotations

from collections.abc import Iterable

SHOWN = 30


def nearest(word: str, choices: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the choice that *word* was probably meant to be, or None; *cutoff* is how alike, up to 1."""
    known = list(choices)
    folded = {choice.lower(): choice for choice in known}
    if word.lower() in folded:
        return folded[word.lower()]
    from difflib import get_close_matches  # only mistakes need it, and it costs a millisecond at start

    close = get_close_matches(word, known, n=1, cutoff=cutoff)
    return close[0] if close else None


def did_you_mean(suggestion: str | None) -> str:
    """Return " Did you mean 'x'?", or "" when there is nothing to suggest."""
    return f" Did you mean {suggestion!r}?" if suggestion else ""


def listed(names: Iterable[str]) -> str:
    """Return the names sorted and joined, cut after SHOWN of them."""
    every = sorted(names)
    more = len(every) - SHOWN
    return ", ".join(every[:SHOWN]) + (f", ... ({more} more)" if more > 0 else "")


def plural(count: int, noun: str) -> str:
    """Return "1 row", "2 rows"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def of_another_model(column: str, owner: str, model: str) -> str:
    """Return what to say of a column of the model *owner* in a query of *model*."""
    return (
        f"{owner}.{column} is a column of {owner}, and the query is of {model}: "
        f"name it by the relations that lead to it, as in 'relation__{column}'"
    )
