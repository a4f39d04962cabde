"""`dorm inspectdb`: models written from the tables of a database."""

from .command import add_arguments, run

__all__ = ["add_arguments", "run"]
