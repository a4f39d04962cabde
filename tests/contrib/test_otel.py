"""Spans of statements, as an exporter sees them."""

from __future__ import annotations

import asyncio
import contextvars
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

import dorm
from dorm.contrib.otel import DormInstrumentor
from dorm.db.connection import close_all_async
from dorm.exceptions import IntegrityError
from dorm.meta.registry import registry


@pytest.fixture
def author(scratch_models, database):
    class Author(dorm.Model):
        name = dorm.CharField(max_length=20, unique=True)

        class Meta:
            app_label = "otel"

    dorm.create_tables(Author)
    return Author


@pytest.fixture
def scratch_models(monkeypatch):
    monkeypatch.setattr(registry, "models", {})
    monkeypatch.setattr(registry, "pending", [])


@pytest.fixture
def exporter(author):
    exporter = InMemorySpanExporter()
    exporter.provider = TracerProvider()
    exporter.provider.add_span_processor(SimpleSpanProcessor(exporter))
    DormInstrumentor().instrument(tracer_provider=exporter.provider)
    yield exporter
    DormInstrumentor().uninstrument()


def test_a_statement_is_a_span_with_the_stable_names(call, author, database, exporter):
    call(author.objects.filter(name="Ada").count)
    (span,) = exporter.get_finished_spans()
    facts = dict(span.attributes)
    assert facts.pop("db.query.text").startswith("SELECT COUNT(")
    assert facts == {
        "db.system.name": database.vendor,
        "db.namespace": database.settings["NAME"],
        "db.operation.name": "SELECT",
    }
    assert span.name == f"SELECT {database.settings['NAME']}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET


def test_a_span_lasts_as_long_as_its_statement(call, author, exporter):
    told = []
    receiver = dorm.post_query.connect(lambda elapsed_ms, **_: told.append(elapsed_ms), weak=False)
    call(author.objects.count)
    dorm.post_query.disconnect(receiver)
    (span,) = exporter.get_finished_spans()
    assert span.end_time - span.start_time == int(told[0] * 1_000_000) > 0


def test_the_parent_is_the_span_around_the_call(author, exporter):
    with exporter.provider.get_tracer("test").start_as_current_span("request") as request:
        author.objects.count()
    span, _ = exporter.get_finished_spans()
    assert span.parent.span_id == request.get_span_context().span_id


def test_an_error_is_told_by_its_type(call, author, database, exporter):
    call(author.objects.create, name="Ada")
    with pytest.raises(IntegrityError):
        call(author.objects.create, name="Ada")
    span = exporter.get_finished_spans()[-1]
    assert span.attributes["error.type"] == "dorm.exceptions.UniqueViolation"
    code = span.attributes.get("db.response.status_code")
    assert code == ("23505" if database.vendor == "postgresql" else None)
    assert span.status.status_code is StatusCode.ERROR


def test_parameters_are_not_recorded(call, author, exporter):
    call(author.objects.filter(name="secret").count)
    (span,) = exporter.get_finished_spans()
    assert "secret" not in span.to_json()


def test_nothing_is_recorded_once_it_is_switched_off(call, author, exporter):
    DormInstrumentor().uninstrument()
    call(author.objects.count)
    assert exporter.get_finished_spans() == ()


@pytest.mark.parametrize("wanted", [False, True])
def test_transactions_are_spans_where_they_are_wanted(author, exporter, wanted):
    DormInstrumentor().instrument(tracer_provider=exporter.provider, transactions=wanted)
    with dorm.transaction.atomic():
        author.objects.count()
    names = [span.attributes["db.operation.name"] for span in exporter.get_finished_spans()]
    assert names == (["BEGIN", "SELECT", "COMMIT"] if wanted else ["SELECT"])


def test_instrumenting_twice_makes_one_span(call, author, exporter):
    DormInstrumentor().instrument(tracer_provider=exporter.provider)
    call(author.objects.count)
    assert len(exporter.get_finished_spans()) == 1


async def test_tasks_at_once_have_their_own_parents(author, exporter):
    tracer = exporter.provider.get_tracer("test")

    async def work(number):
        with tracer.start_as_current_span(f"work {number}"):
            await author.objects.acount()

    await asyncio.gather(*map(work, range(8)))
    await close_all_async()
    spans = exporter.get_finished_spans()
    works = {span.context.span_id for span in spans if span.name.startswith("work")}
    parents = [span.parent.span_id for span in spans if span.kind is SpanKind.CLIENT]
    assert sorted(parents) == sorted(works)


def test_the_recipe_of_two_signals_works_too(call, author, exporter):
    """The same by hand: a span opened by pre_query and ended by post_query."""
    DormInstrumentor().uninstrument()
    tracer = exporter.provider.get_tracer("app")
    active = contextvars.ContextVar("active")

    def open_span(sender, sql, params):
        active.set(tracer.start_span(f"db.{sender}.query", attributes={"db.query.text": sql}))

    def close_span(sender, sql, params, elapsed_ms, error):
        active.get().end()

    dorm.pre_query.connect(open_span)
    dorm.post_query.connect(close_span)
    call(author.objects.count)
    dorm.pre_query.disconnect(open_span)
    dorm.post_query.disconnect(close_span)
    assert len(exporter.get_finished_spans()) == 1


def test_an_entry_point_leads_to_the_instrumentor():
    page = Path(__file__).parents[2] / "pyproject.toml"
    project = tomllib.loads(page.read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["opentelemetry_instrumentor"] == {
        "dorm": "dorm.contrib.otel:DormInstrumentor"
    }
    assert all(
        point.load() is DormInstrumentor
        for point in entry_points(name="dorm", group="opentelemetry_instrumentor")
    )
