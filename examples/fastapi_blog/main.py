"""The application: `uvicorn main:app`."""

from __future__ import annotations

from dorm import ObjectDoesNotExist
from dorm.contrib.starlette import lifespan, not_found
from fastapi import FastAPI

import settings
from blog.routes import router

app = FastAPI(title="Blog", lifespan=lifespan(DATABASES=settings.DATABASES))
app.add_exception_handler(ObjectDoesNotExist, not_found)
app.include_router(router)
