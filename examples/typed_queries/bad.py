"""One mistake a line. Each would be an error when it runs; the checkers see it before."""

from __future__ import annotations

from models import Author, Book

Author.objects.filter(naem="Ada")
Author.objects.filter(age__gtee=18)
Author.objects.filter(age="18")
Book.objects.filter(author__agee__gte=18)
Book.objects.order_by("titel")
Book.objects.select_related("auther")
Author.objects.create(nmae="Ada")
Book.objects.values("title").get()["pages"]
Book.objects.values_list("title", "pages").get()[0] + 1
Book.objects.get().author.age + 1
Book.objects.filter(Author.name == "Ada")
