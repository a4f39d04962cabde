"""Managers and querysets of the project's own, used wrongly."""

from shop.models import Book, Issue, Shelf, Story

Issue.objects.newest().filter(nubmer=3)  # E: dorm-field Issue has no field 'nubmer'. Did you mean 'number'?
Issue.objects.oldest()  # E: attr-defined "Newest" has no attribute "oldest"
Story.objects.all().said().filter(issue__titel="x")  # E: dorm-field Issue has no field 'titel'


def related(shelf: Shelf, issue: Issue, book: Book) -> None:
    shelf.issues.newset()  # E: attr-defined "Newest" has no attribute "newset"
    shelf.issues.newest().filter(nubmer=3)  # E: dorm-field 'nubmer'
    issue.stories.fo(issue)  # E: attr-defined "Stories" has no attribute "fo"
    book.tags.newest()  # E: attr-defined "ManyRelatedManager" has no attribute "newest"
