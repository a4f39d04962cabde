"""Methods of querysets that take names, given wrong ones."""

from dorm import Count, F
from library.models import Author

authors = Author.objects.all()

authors.alias(n=Count("boks"))  # E: dorm-field 'boks'
authors.alias(n=Count("books")).filter(m=3)  # E: dorm-field Author has no field 'm'
authors.alias(n=Count("books")).get().n  # E: attr-defined "Author" has no attribute "n"
authors.distinct("naem")  # E: dorm-field 'naem'
authors.earliest("naem")  # E: dorm-field 'naem'
authors.latest("-naem")  # E: dorm-field 'naem'
authors.in_bulk(field_name="naem")  # E: dorm-field Author has no field 'naem'. Did you mean 'name'?
authors.bulk_update([], ["naem", "name"])  # E: dorm-field Unknown field 'naem' in bulk_update(): Author has no field 'naem'.
authors.bulk_update([], fields=["friends"])  # E: dorm-field Author.friends has no column
authors.values(n=Count("boks"))  # E: dorm-field 'boks'
authors.values_list("name", F("aeg"))  # E: dorm-field 'aeg'
authors.values_list("name", named=True).get().age  # E: attr-defined
