"""`dorm help [COMMAND]`: the same texts as `--help`.

Stands on the parsers of `main.py`.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from .main import command_parser, top_parser


def add_arguments(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("command", nargs="?", metavar="COMMAND", help="the command to tell about")


def run(arguments: Any) -> int:
    """Print the help."""
    parser = command_parser(arguments.command)[1] if arguments.command else top_parser()
    parser.print_help()
    return 0
