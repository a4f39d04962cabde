"""A Python console in which `await` works, and code that is run as in one.

Stands on the standard library. Each `await` runs in one event loop, kept for the whole session; between them
no loop is running, so that synchronous calls work as well.
"""

from __future__ import annotations

import ast
from code import InteractiveConsole
from collections.abc import Coroutine
from types import CodeType, TracebackType
from typing import TYPE_CHECKING, Any

from dorm.db.connection import close_all_async

if TYPE_CHECKING:
    from asyncio import Runner


class AwaitingConsole(InteractiveConsole):
    """The console of the standard library, with `await` at the top level."""

    def __init__(self, names: dict[str, Any]) -> None:
        super().__init__(names)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self.failed = False
        self._is_program = False
        self._runner: Runner | None = None

    def runcode(self, code: CodeType) -> None:
        """Run *code*, and wait for what it awaits; an exception is shown, and remembered in `failed`."""
        try:
            result = eval(code, self.locals)
            if isinstance(result, Coroutine):
                self._wait(result)
        except SystemExit:
            raise
        except KeyboardInterrupt:
            # It ends a program, and gives a person the next line.
            if self._is_program:
                raise
            self.write("\nKeyboardInterrupt\n")
        # Whatever the user's code may raise: a console shows it and goes on.
        except BaseException as error:
            self.failed = True
            error.__traceback__ = _from(code, error.__traceback__)
            self.showtraceback()

    def run_text(self, text: str, name: str) -> bool:
        """Run the *text* of a program called *name*; tell whether it came to its end."""
        try:
            code = compile(text, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        except (SyntaxError, ValueError, OverflowError):
            self.showsyntaxerror(name)
            return False
        self._is_program = True
        self.runcode(code)
        return not self.failed

    def close(self) -> None:
        """Close the loop, and the connections that were opened in it."""
        if self._runner is not None:
            self._runner.run(close_all_async())
            self._runner.close()

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        if self._runner is None:
            # Imported here: many a session awaits nothing.
            from asyncio import Runner

            self._runner = Runner()
        return self._runner.run(work)


def _from(code: CodeType, traceback: TracebackType | None) -> TracebackType | None:
    """Return *traceback* without what is between the console and the user's *code*."""
    entry = traceback
    # The console leaves out one entry by itself.
    while entry is not None and entry.tb_next is not None:
        if entry.tb_next.tb_frame.f_code is code:
            return entry
        entry = entry.tb_next
    return traceback


def complete_with(names: dict[str, Any]) -> None:
    """Have the tab key complete *names*, where the platform has readline."""
    try:
        import readline
        from rlcompleter import Completer
    except ImportError:
        return
    readline.set_completer(Completer(names).complete)
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
