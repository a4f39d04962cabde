"""What a dialect is: its compiler, its column types, and how values pass to its driver and back.

Pure text and codecs: a dialect opens nothing.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ..codecs import Codec
from ..compiler import Compiler
from ..nodes import BindForm, Node
from ..types import ColumnType


class Dialect:
    """One database as configured; compiled statements are kept per dialect object."""

    vendor: str
    compiler: ClassVar[type[Compiler]]
    max_parameters: ClassVar[int]
    has_comments: ClassVar[bool] = False
    has_virtual_columns: ClassVar[bool] = True

    # Whether CREATE TABLE may refer to a table that is made later.
    refers_ahead: ClassVar[bool] = False

    def __init__(self, *, use_tz: bool = True) -> None:
        self.use_tz = use_tz

    def write(self, node: Node) -> str:
        """Return the text of a statement without parameters."""
        return self.compiler().compile(node)

    def encoder(self, type: ColumnType) -> Codec | None:
        """Return what turns a Python value into the driver's; None when nothing must be done."""
        raise NotImplementedError

    def decoder(self, type: ColumnType) -> Codec | None:
        """Return what turns the driver's value into Python's; None when nothing must be done."""
        raise NotImplementedError

    def form(self, form: BindForm) -> Codec | None:
        """Return what an operator does to an encoded parameter, such as escaping a pattern."""
        raise NotImplementedError

    def explain(self, sql: str, *, format: str | None, analyze: bool) -> str:
        """Return the statement that gives the plan of *sql*."""
        raise NotImplementedError

    def list_parameter(self, values: str, size: int, names: dict[str, Any]) -> str:
        """Return the code of the parameters of a BindList, for generated code, from that of its *values*."""
        raise NotImplementedError
