"""A span for each statement, with OpenTelemetry's stable names for databases.

Rests on `post_query` and on opentelemetry-api alone (the extra `otel`); never records a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import time_ns
from typing import Any, Final

from .. import conf
from ..signals import is_transaction_control, post_query

try:
    from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer, TracerProvider, get_tracer
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "dorm.contrib.otel needs OpenTelemetry: pip install 'djanorm[otel]'", name=error.name
    ) from error

UID: Final = "dorm.contrib.otel"


class DormInstrumentor:
    """Switch spans on and off; `opentelemetry-instrument` finds it by its entry point.

    There is one switch for the process: instrumenting again replaces the tracer.
    """

    def instrument(
        self, *, tracer_provider: TracerProvider | None = None, transactions: bool = False, **other: Any
    ) -> None:
        """Make a span for each statement from now on, by *tracer_provider* or by the process's own.

        What begins, marks and ends transactions is among them if *transactions* is true. Other keywords are
        those that `opentelemetry-instrument` gives to every instrumentor.
        """
        tracer = get_tracer("dorm", tracer_provider=tracer_provider)
        post_query.connect(_Spans(tracer, transactions), weak=False, dispatch_uid=UID)

    def uninstrument(self, **other: Any) -> None:
        """Make no more spans; harmless when none are made."""
        post_query.disconnect(dispatch_uid=UID)


class _Spans:
    """The receiver: it writes the span down once the statement has ended.

    Nothing is kept between two signals, so neither tasks nor receivers that raise can mix spans up.
    """

    def __init__(self, tracer: Tracer, transactions: bool) -> None:
        self._tracer = tracer
        self._transactions = transactions

    def __call__(
        self, sender: str, sql: str, params: Sequence[Any], elapsed_ms: float, error: BaseException | None
    ) -> None:
        if not self._transactions and is_transaction_control(sql):
            return
        ended = time_ns()
        operation, namespace = _operation(sql), _namespace(sender)
        facts: dict[str, str] = {"db.system.name": sender, "db.query.text": sql}
        if operation:
            facts["db.operation.name"] = operation
        if namespace:
            facts["db.namespace"] = namespace
        # Its parent is the caller's current span: the signal is sent in the caller's own context.
        span = self._tracer.start_span(
            f"{operation} {namespace}".strip() or sender,
            kind=SpanKind.CLIENT,
            attributes=facts,
            start_time=ended - int(elapsed_ms * 1_000_000),
        )
        if error is not None:
            span.set_attribute("error.type", _name(type(error)))
            if code := getattr(error.__cause__, "sqlstate", None):
                span.set_attribute("db.response.status_code", code)
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
        span.end(ended)


def _operation(sql: str) -> str:
    """Return the statement's first word, `""` for an empty statement."""
    return sql.lstrip(" \t\r\n(").partition(" ")[0].rstrip(";").upper()


def _namespace(vendor: str) -> str:
    """Return the name of the vendor's database; `""` when several are configured.

    Signals tell the vendor alone, and a wrong name would be worse than none.
    """
    names = [str(entry["NAME"]) for entry in conf.databases().values() if entry["ENGINE"] == vendor]
    return names[0] if len(names) == 1 else ""


def _name(error: type[BaseException]) -> str:
    return (
        error.__qualname__ if error.__module__ == "builtins" else f"{error.__module__}.{error.__qualname__}"
    )
