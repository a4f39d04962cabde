"""Do what a step is made of: its operations, from one state to the next.

Stands on the operations and their editor, which may write SQL down instead of running it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..db.executor import Executor
from .editor import SchemaEditor, editor_for
from .history import History, Step
from .operations.base import irreversible
from .routing import is_allowed
from .stages import Stage, add_place, stages_of
from .state import ProjectState


async def work(step: Step, before: ProjectState, editor: SchemaEditor) -> ProjectState:
    """Do what *step* is made of by means of *editor*; return the state after it.

    *before* is the state without the migration, also where it is undone.
    """
    stages = stages_of(step.migration, before)
    if not step.backwards:
        for stage in stages:
            await _operate(step, stage, editor)
        return stages[-1].after if stages else before
    for stage in stages:
        if not stage.operation.reversible:
            raise irreversible(stage.operation)
    for stage in reversed(stages):
        await _operate(step, stage, editor)
    return before


async def _operate(step: Step, stage: Stage, editor: SchemaEditor) -> None:
    """Run one operation; what it raises bears a note that says which one it was."""
    operation, label = stage.operation, step.migration.label
    editor.note(f"--\n-- {'Undo ' if step.backwards else ''}{operation.describe()}\n--")
    if not is_allowed(operation, label, editor.db.alias, stage.before, stage.after):
        editor.note("-- (not on this database, as the routers say)")
        return
    try:
        # A migration that is not one transaction has one for each operation that can be in one.
        if step.migration.atomic or editor.collect or not operation.atomic:
            await _run(step, stage, editor)
        else:
            async with editor.db.atomic():
                await _run(step, stage, editor)
    except Exception as error:
        add_place(error, step.migration, stage.number, operation)
        raise


async def _run(step: Step, stage: Stage, editor: SchemaEditor) -> None:
    operation, label = stage.operation, step.migration.label
    if step.backwards:
        await operation.revert(label, editor, stage.after, stage.before)
    else:
        await operation.apply(label, editor, stage.before, stage.after)


async def collect(db: Executor, history: History, steps: Sequence[Step]) -> list[tuple[Step, list[str]]]:
    """Return the SQL of *steps*, one after the other, with a remark before what each operation does."""
    earlier = history.states_before(step.key for step in steps if step.backwards)
    state = history.state()
    written: list[tuple[Step, list[str]]] = []
    for step in steps:
        editor = editor_for(db, collect=True)
        state = await work(step, earlier.get(step.key, state), editor)
        written.append((step, editor.statements))
    return written
