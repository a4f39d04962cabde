"""`dorm demo`: real packages in a real database, queried and type-checked."""

from .command import add_arguments, run

__all__ = ["add_arguments", "run"]
