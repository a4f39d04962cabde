"""Type variables with defaults (PEP 696), as a type checker sees them.

At run time they are plain ones: `typing_extensions` loads `inspect`, which costs as much as half of dorm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    Value_co = TypeVar("Value_co", covariant=True, default=Any)
    Model_co = TypeVar("Model_co", covariant=True)
    Row_co = TypeVar("Row_co", covariant=True, default=Model_co)
else:
    from typing import TypeVar

    Value_co = TypeVar("Value_co", covariant=True)
    Model_co = TypeVar("Model_co", covariant=True)
    Row_co = TypeVar("Row_co", covariant=True)
