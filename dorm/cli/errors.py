"""What ends a command with one line on stderr.

Stands on nothing.
"""

from __future__ import annotations

from typing import Final

FINDINGS: Final = 1
USAGE: Final = 2


class CommandError(Exception):
    """The command cannot go on; the message says what was given and what to type instead.

    *status* is the exit status: 1 for findings, 2 for wrong usage or configuration.
    """

    def __init__(self, message: str, status: int = USAGE) -> None:
        super().__init__(message)
        self.status = status
