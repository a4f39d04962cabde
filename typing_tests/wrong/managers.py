"""Managers and querysets of the project's own, used wrongly."""

from dorm import Count
from shop.models import Book, Issue, Shelf, Story

Issue.objects.newest().filter(nubmer=3)  # E: dorm-field Issue has no field 'nubmer'. Did you mean 'number'?
Issue.objects.oldest()  # E: attr-defined "Newest" has no attribute "oldest"
Story.objects.all().said().filter(issue__titel="x")  # E: dorm-field Issue has no field 'titel'
Issue.objects.annotate(n=Count("story")).newest().filter(m=3)  # E: dorm-field Issue has no field 'm'
Issue.objects.annotate(n=Count("story")).newest().get().m  # E: attr-defined "Issue" has no attribute "m"


def related(shelf: Shelf, issue: Issue, book: Book) -> None:
    shelf.issues.newset()  # E: attr-defined "Newest" has no attribute "newset"
    shelf.issues.newest().filter(nubmer=3)  # E: dorm-field 'nubmer'
    issue.stories.fo(issue)  # E: attr-defined "Stories" has no attribute "fo"
    book.tags.newest()  # E: attr-defined "ManyRelatedManager" has no attribute "newest"
