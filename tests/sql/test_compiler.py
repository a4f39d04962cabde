"""A tree of SQL as text: quoting, order of parameters, and what is the same in every dialect."""

from __future__ import annotations

import pytest

from dorm.sql.compiler import MAX_GROUP, quote
from dorm.sql.dialects.postgresql import PostgreSQLDialect
from dorm.sql.dialects.sqlite import SQLiteDialect
from dorm.sql.nodes import (
    And,
    Between,
    Bind,
    BindItem,
    BindList,
    Column,
    Compare,
    Constant,
    Delete,
    Derived,
    Exists,
    In,
    Insert,
    IsNull,
    Join,
    Not,
    Or,
    Ordering,
    Output,
    Select,
    Star,
    Table,
    Truth,
    find,
    rebuild,
)
from dorm.sql.types import BIGINT

AGE = Column("a", "age")


@pytest.fixture(params=[SQLiteDialect, PostgreSQLDialect], ids=["sqlite", "postgresql"])
def dialect(request):
    return request.param()


def text(dialect, node):
    return dialect.compiler().compile(node).replace("%s", "?")


@pytest.mark.parametrize("name", ["plain", "Mixed Case", 'a"b', 'a"; DROP TABLE x; --', "ünï", "select"])
def test_a_name_is_quoted_and_its_quotes_are_doubled(name):
    quoted = quote(name)
    assert quoted[0] == quoted[-1] == '"'
    assert quoted[1:-1].replace('""', "").count('"') == 0
    assert quoted[1:-1].replace('""', '"') == name


CONDITIONS = [
    (Compare(AGE, "<=", Bind(0, BIGINT)), '"a"."age" <= ?'),
    (Between(AGE, BindItem(0, 0, BIGINT), BindItem(0, 1, BIGINT)), '"a"."age" BETWEEN ? AND ?'),
    (IsNull(AGE), '"a"."age" IS NULL'),
    (IsNull(AGE, negated=True), '"a"."age" IS NOT NULL'),
    (Not(IsNull(AGE)), 'NOT ("a"."age" IS NULL)'),
    (And((IsNull(AGE), IsNull(AGE))), '("a"."age" IS NULL AND "a"."age" IS NULL)'),
    (Or((IsNull(AGE), IsNull(AGE))), '("a"."age" IS NULL OR "a"."age" IS NULL)'),
    (
        Exists(Select((Output(Constant(1), "one"),), Table("t", "t"))),
        'EXISTS (SELECT 1 AS "one" FROM "t")',
    ),
    (In(AGE, Select((Output(AGE),), Table("t", "a"))), '"a"."age" IN (SELECT "a"."age" FROM "t" AS "a")'),
]


@pytest.mark.parametrize(("node", "expected"), CONDITIONS, ids=[expected for _, expected in CONDITIONS])
def test_a_condition_is_written_alike_everywhere(dialect, node, expected):
    assert text(dialect, node) == expected


def test_a_truth_is_written_so_that_every_database_takes_it(dialect):
    assert text(dialect, Truth(True)) != text(dialect, Truth(False))


def test_a_whole_select_is_written_in_order(dialect):
    join = Join(Table("b", "b_2"), "LEFT", Compare(Column("b_2", "a_id"), "=", Column("a", "id")))
    node = Select(
        (Output(AGE), Output(Star())),
        Table("a", "a"),
        (join,),
        Compare(AGE, "=", Bind(0, BIGINT)),
        (AGE,),
        Compare(AGE, ">", Bind(1, BIGINT)),
        (Ordering(AGE, True, "last"),),
        Bind(2, BIGINT),
        Bind(3, BIGINT),
    )
    assert text(dialect, node) == (
        'SELECT "a"."age", * FROM "a" LEFT JOIN "b" AS "b_2" ON "b_2"."a_id" = "a"."id"'
        ' WHERE "a"."age" = ? GROUP BY "a"."age" HAVING "a"."age" > ?'
        ' ORDER BY "a"."age" DESC NULLS LAST LIMIT ? OFFSET ?'
    )


def test_parameters_stand_in_the_order_of_the_text(dialect):
    inner = Select((Output(AGE),), Table("t", "a"), where=Compare(AGE, "=", Bind(2, BIGINT)))
    node = Select(
        (Output(Bind(3, BIGINT)),),
        Derived(inner, "rows"),
        where=Compare(AGE, "=", Bind(0, BIGINT)),
        limit=Bind(1, BIGINT),
    )
    compiler = dialect.compiler()
    compiler.compile(node)
    assert [bind.slot for bind in compiler.binds] == [3, 2, 0, 1]


def test_a_long_condition_is_no_deeper_than_a_short_one(dialect):
    node = Or(tuple(Compare(AGE, "=", Bind(slot, BIGINT)) for slot in range(50 * MAX_GROUP)))
    compiler = dialect.compiler()
    sql = compiler.compile(node)
    assert [bind.slot for bind in compiler.binds] == list(range(50 * MAX_GROUP))
    depth = deepest = 0
    for letter in sql:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    assert depth == 0
    assert deepest < 10


def test_a_list_too_long_for_parameters_is_one():
    assert SQLiteDialect().compiler().compile(In(AGE, BindList(0, BIGINT, 4))) == '"a"."age" IN (?, ?, ?, ?)'
    assert SQLiteDialect().compiler().compile(In(AGE, BindList(0, BIGINT, 65_536))) == (
        '"a"."age" IN (SELECT value FROM json_each(?))'
    )


def test_writes_name_their_table_and_give_back_what_is_asked(dialect):
    assert text(dialect, Delete("a", IsNull(AGE))) == 'DELETE FROM "a" WHERE "a"."age" IS NULL'
    insert = Insert("a", ("x", "y"), 2, ("id",))
    assert text(dialect, insert) == 'INSERT INTO "a" ("x", "y") VALUES (?, ?), (?, ?) RETURNING "id"'
    assert text(dialect, Insert("a", (), 1, ("id",))) == 'INSERT INTO "a" DEFAULT VALUES RETURNING "id"'


# -- the tree itself ------------------------------------------------------------------------------------


def test_a_node_is_a_value():
    assert Compare(AGE, "=", Bind(0, BIGINT)) == Compare(AGE, "=", Bind(0, BIGINT))
    assert hash(AGE) == hash(Column("a", "age"))
    assert Column("a", "age") != Column("a", "ag")
    with pytest.raises(AttributeError):
        AGE.name = "x"


def test_rebuild_changes_the_outermost_first_and_leaves_the_rest():
    tree = And((Compare(AGE, "=", Bind(0, BIGINT)), Not(IsNull(AGE))))
    moved = rebuild(tree, lambda node: Column("b", "x") if node == AGE else None)
    assert list(find(moved, Column)) == [Column("b", "x")] * 2
    assert list(find(tree, Column)) == [AGE] * 2


def test_find_looks_into_no_class_that_it_is_told_to_leave():
    tree = And((IsNull(AGE), Not(IsNull(Column("b", "x")))))
    assert list(find(tree, Column, outside=Not)) == [AGE]
