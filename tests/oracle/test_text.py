"""The statements of random programs are SQL, to a parser that is not the database's."""

from __future__ import annotations

from typing import Any

import pytest
import sqlglot
from hypothesis import given, settings

import dorm
from dorm.query.compiled import compile_count, compile_delete, compile_exists, compile_select
from dorm.sql.dialects.postgresql import PostgreSQLDialect
from dorm.sql.dialects.sqlite import SQLiteDialect
from tests.conftest import Database

from .conftest import QUARTER
from .programs import (
    Program,
    changes,
    combined_programs,
    distinct_programs,
    grouped_programs,
    programs,
)
from .running import DORM

DIALECTS = {"sqlite": SQLiteDialect(), "postgres": PostgreSQLDialect()}


def statements(program: Program, dialect: Any) -> list[str]:
    shape = DORM.queryset(program).query.shape
    compilers = [compile_select, compile_count, compile_exists, compile_delete]
    return [compiler(shape, dialect).sql for compiler in compilers]


@pytest.mark.parametrize("name", DIALECTS)
@settings(QUARTER)
@given(program=programs(ends=("list",)) | grouped_programs())
def test_every_statement_can_be_parsed(oracle: Database, name: str, program: Program) -> None:
    for sql in statements(program, DIALECTS[name]):
        parsed = sqlglot.parse(sql.replace("%s", "?"), dialect=name)
        assert len(parsed) == 1
        assert parsed[0] is not None


@settings(QUARTER)
@given(program=distinct_programs() | combined_programs() | changes())
def test_what_is_sent_can_be_parsed(oracle: Database, program: Program) -> None:
    is_change = program.end == "delete" or program.end[0] == "update"
    with dorm.capture_queries() as queries:
        DORM.effect(program) if is_change else DORM.answer(program)
    for query in queries:
        name = "sqlite" if oracle.vendor == "sqlite" else "postgres"
        [parsed] = sqlglot.parse(query.sql.replace("%s", "?"), dialect=name)
        assert parsed is not None


@pytest.mark.parametrize("name", DIALECTS)
@settings(QUARTER)
@given(program=programs(ends=("list",)) | grouped_programs())
def test_every_column_is_of_a_table_that_the_statement_names(
    oracle: Database, name: str, program: Program
) -> None:
    for sql in statements(program, DIALECTS[name]):
        (tree,) = sqlglot.parse(sql.replace("%s", "?"), dialect=name)
        known = {table.alias_or_name for table in tree.find_all(sqlglot.exp.Table, sqlglot.exp.Subquery)}
        assert {column.table for column in tree.find_all(sqlglot.exp.Column)} <= known
