"""The table of what must be inferred and refused: managers."""

from __future__ import annotations

from typing import TypeVar, reveal_type

from custom import Volume
from library.models import Author
from shop.models import Issue, Shelf, Sorted, Story

import dorm

M = TypeVar("M", bound=dorm.Model)

# case: objects
reveal_type(Author.objects)  # R: Manager[Author]
Author.objectz  # E: attr-defined
# case: a manager of the project's own
reveal_type(Story.objects)  # R: Stories
Story.objects.off  # E: attr-defined
# case: its methods
reveal_type(Story.objects.of(Issue()))  # R: Told
Story.objects.of(3)  # E: arg-type
# case: from_queryset()
reveal_type(Volume.objects.longest().first())  # R: Volume | None
Volume.objects.longest(3)  # E: call-arg
# case: as_manager()
reveal_type(Issue.objects.newest())  # R: Newest
Issue.objects.newset()  # E: attr-defined


def related(shelf: Shelf, issue: Issue) -> None:
    # case: related managers have the methods of their model's
    reveal_type(shelf.issues.newest())  # R: Newest
    issue.stories.fo(issue)  # E: attr-defined


def generic(model: type[M]) -> M | None:
    # case: type[M].objects
    reveal_type(model.objects)  # R: Manager[M]
    model.objectz  # E: attr-defined
    return model.objects.first()


# case: chains after a method of its own
reveal_type(Sorted.objects.by_name().filter(name="x").get())  # R: Sorted
Issue.objects.newest().filter(nubmer=3)  # E: dorm-field
