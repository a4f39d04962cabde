"""A FastAPI application with dorm: started and ended, in transactions, answering 404."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import Depends, FastAPI, HTTPException

import dorm
from dorm.contrib.pydantic import DormSchema
from dorm.contrib.starlette import atomic, lifespan, not_found
from dorm.db.connection import get_async_connection
from dorm.exceptions import ObjectDoesNotExist


class Visitor(dorm.Model):
    name = dorm.CharField(max_length=20, unique=True)
    host = dorm.ForeignKey("self", on_delete=dorm.CASCADE, null=True, related_name="guests")

    class Meta:
        app_label = "visits"


class HostOut(DormSchema):
    class Meta:
        model = Visitor
        fields = ("name",)


class VisitorOut(DormSchema):
    class Meta:
        model = Visitor
        nested = {"host": HostOut}


class VisitorIn(DormSchema):
    class Meta:
        model = Visitor
        exclude = ("id",)


@asynccontextmanager
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as found:
            yield found


@pytest.fixture
def app(tmp_path):
    before = dorm.settings.DATABASES
    database = {"ENGINE": "sqlite", "NAME": str(tmp_path / "visits.sqlite3")}
    made = FastAPI(lifespan=lifespan(DATABASES={"default": database}))
    made.add_exception_handler(ObjectDoesNotExist, not_found)

    @made.post("/visitors", response_model=VisitorOut, dependencies=[Depends(atomic)])
    async def create(payload: VisitorIn) -> Visitor:
        visitor = await Visitor.objects.acreate(**payload.model_dump())
        if payload.name == "refused":
            raise HTTPException(409)
        return await Visitor.objects.prefetch_related(*VisitorOut.relations()).aget(pk=visitor.pk)

    @made.get("/visitors/{pk}", response_model=VisitorOut)
    async def read(pk: int) -> Visitor:
        return await Visitor.objects.select_related("host").aget(pk=pk)

    yield made
    dorm.configure(DATABASES=before)


async def test_a_schema_reads_requests_and_writes_answers(app):
    async with client(app) as http:
        await dorm.acreate_tables(Visitor)
        first = await http.post("/visitors", json={"name": "Ada"})
        assert first.json() == {"id": 1, "name": "Ada", "host": None}
        second = await http.post("/visitors", json={"name": "Bob", "host": 1})
        assert second.json() == {"id": 2, "name": "Bob", "host": {"name": "Ada"}}
        assert (await http.get("/visitors/2")).json() == second.json()
        assert (await http.post("/visitors", json={"name": "x" * 21})).status_code == 422


async def test_a_row_that_is_not_there_is_404(app):
    async with client(app) as http:
        await dorm.acreate_tables(Visitor)
        answer = await http.get("/visitors/9")
        assert answer.status_code == 404
        assert "Visitor" in answer.json()["detail"]


async def test_a_request_that_fails_leaves_nothing(app):
    async with client(app) as http:
        await dorm.acreate_tables(Visitor)
        assert (await http.post("/visitors", json={"name": "refused"})).status_code == 409
        assert await Visitor.objects.acount() == 0


async def test_connections_are_closed_at_the_end(app):
    async with client(app) as http:
        await dorm.acreate_tables(Visitor)
        await http.post("/visitors", json={"name": "Ada"})
        assert get_async_connection().pool_stats()["open"]
    assert not get_async_connection().pool_stats()["open"]


async def test_without_settings_those_that_are_there_stay(app):
    before = dorm.settings.DATABASES
    async with lifespan()(None):
        assert dorm.settings.DATABASES == before


async def test_not_found_is_for_rows_alone():
    with pytest.raises(KeyError):
        await not_found(None, KeyError("x"))
