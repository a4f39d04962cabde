"""Any nesting of blocks, savepoints and failures leaves the rows and calls the hooks that it should.

A program is a list of steps. It runs on the database, and on a list of names that is copied and put back.
"""

from __future__ import annotations

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dorm
from dorm.transaction import on_commit, savepoint, savepoint_commit, savepoint_rollback, set_rollback

LEAVES = st.sampled_from([("insert",), ("hook",), ("clash",)])
ENDINGS = st.sampled_from(["end", "raise", "set_rollback"])


def compound(steps):
    inner = st.lists(steps, max_size=4)
    return st.one_of(
        st.tuples(st.just("block"), inner, ENDINGS),
        st.tuples(st.just("part"), inner),
        st.tuples(st.just("release"), inner),
        st.tuples(st.just("undo"), inner),
    )


PROGRAMS = st.lists(st.recursive(LEAVES, compound, max_leaves=12), max_size=6)


class Stopped(Exception):
    """What a block is left by."""


class Model:
    """What should come of a program: the rows that are there, and the hooks that are called."""

    def __init__(self):
        self.numbers = count()
        self.rows = []
        self.hooks = []

    def run(self, steps):
        for kind, *rest in steps:
            before = [*self.rows], [*self.hooks]
            if kind == "insert":
                self.rows.append(str(next(self.numbers)))
            elif kind == "hook":
                self.hooks.append(str(next(self.numbers)))
            elif kind != "clash":
                self.run(rest[0])
            if kind == "undo" or (kind == "block" and rest[1] != "end"):
                self.rows, self.hooks = before


class Run:
    """The same on a database."""

    def __init__(self, face):
        self.face = face
        self.numbers = count()
        self.called = []

    async def run(self, steps):
        for kind, *rest in steps:
            await getattr(self, kind)(*rest)

    async def insert(self):
        await self.face.insert(str(next(self.numbers)))

    async def hook(self):
        number = str(next(self.numbers))
        await self.face.call(on_commit, lambda: self.called.append(number))

    async def clash(self):
        try:
            async with self.face.atomic():
                await self.face.insert("there")
        except dorm.UniqueViolation:
            pass

    async def block(self, steps, ending):
        try:
            async with self.face.atomic():
                await self.run(steps)
                if ending == "raise":
                    raise Stopped
                if ending == "set_rollback":
                    set_rollback(True)
        except Stopped:
            pass

    async def part(self, steps):
        async with self.face.atomic(savepoint=False):
            await self.run(steps)

    async def release(self, steps):
        sid = await self.face.call(savepoint)
        await self.run(steps)
        await self.face.call(savepoint_commit, sid)

    async def undo(self, steps):
        sid = await self.face.call(savepoint)
        await self.run(steps)
        await self.face.call(savepoint_rollback, sid)


ONCE_A_FIXTURE = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@ONCE_A_FIXTURE
@given(PROGRAMS, ENDINGS)
def test_a_block_leaves_what_it_should(go, committed, steps, ending):
    model = Model()
    model.run([("block", steps, ending)])

    async def program(face):
        await face.do("execute", "DELETE FROM t")
        await face.insert("there")
        run = Run(face)
        await run.block(steps, ending)
        assert run.called == model.hooks
        assert await face.names() == sorted(["there", *model.rows])
        assert not face.connection().in_atomic_block

    go(program)


@ONCE_A_FIXTURE
@given(PROGRAMS, PROGRAMS, st.sampled_from(["commit", "rollback"]))
def test_a_transaction_by_hand_leaves_what_it_should(go, committed, steps, more, ending):
    model = Model()
    model.run(steps)
    kept = [*model.rows], [*model.hooks]
    model.run(more)
    if ending == "rollback":
        model.rows, model.hooks = kept

    async def program(face):
        await face.do("execute", "DELETE FROM t")
        await face.insert("there")
        run = Run(face)
        await face.do("set_autocommit", False)
        await run.run(steps)
        await face.do("commit")
        await run.run(more)
        await face.do(ending)
        await face.do("set_autocommit", True)
        assert run.called == model.hooks
        assert await face.names() == sorted(["there", *model.rows])

    go(program)
