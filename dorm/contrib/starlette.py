"""dorm in a Starlette or FastAPI application: its start and end, a transaction for a request, and 404.

Rests on transactions and connections; Starlette itself is imported only where an answer is made.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

from ..conf import configure
from ..db.connection import close_all_async
from ..exceptions import ObjectDoesNotExist
from ..transaction import aatomic

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import JSONResponse


def lifespan(**settings: Any) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """Return a `lifespan=` that configures dorm at the start, and closes its connections at the end.

    Without settings, those that are there already stay: `FastAPI(lifespan=lifespan(DATABASES=...))`.
    """

    @asynccontextmanager
    async def run(app: Any) -> AsyncIterator[None]:
        if settings:
            configure(**settings)
        try:
            yield
        finally:
            await close_all_async()

    return run


async def atomic() -> AsyncIterator[None]:
    """Run a request in one transaction, as a dependency: `Depends(atomic)`.

    Whatever the handler raises, an HTTPException too, rolls it back.
    """
    async with aatomic():
        yield


async def not_found(request: Request, error: Exception) -> JSONResponse:
    """Answer 404 for a row that is not there: `app.add_exception_handler(ObjectDoesNotExist, not_found)`."""
    # Imported here: whoever handles a request has it.
    from starlette.responses import JSONResponse

    if not isinstance(error, ObjectDoesNotExist):
        raise error
    return JSONResponse({"detail": str(error)}, status_code=404)
