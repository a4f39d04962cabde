"""filter() and exclude(): which rows stay."""

from __future__ import annotations

import pytest

from dorm import Count, F, FieldError, Q

from .models import Author, Book, Event, Publisher

pytestmark = pytest.mark.usefixtures("rows")


@pytest.fixture
def names(call):
    """Return a function that gives the names of a queryset's rows, sorted."""
    return lambda queryset: sorted(call.list(queryset.values_list("name", flat=True)))


@pytest.fixture
def titles(call):
    return lambda queryset: sorted(call.list(queryset.values_list("title", flat=True)))


# -- None ---------------------------------------------------------------------------------------------


def test_filter_none_is_null(names):
    assert names(Author.objects.filter(age=None)) == ["Cy"]


def test_exclude_none_is_not_null(names):
    assert names(Author.objects.exclude(age=None)) == ["Ada", "Bob", "Dan"]


def test_a_relation_can_be_compared_with_none(names):
    assert names(Author.objects.filter(publisher=None)) == ["Dan"]


def test_isnull_takes_a_flag(names):
    assert names(Author.objects.filter(publisher__isnull=False, age__isnull=True)) == ["Cy"]


def test_isnull_refuses_what_is_no_flag():
    with pytest.raises(FieldError, match="True or False"):
        Author.objects.filter(age__isnull="no")


@pytest.mark.parametrize("lookup", ["gt", "gte", "lt", "lte", "in", "range", "contains", "startswith"])
def test_other_lookups_refuse_none(lookup):
    with pytest.raises(FieldError):
        Author.objects.filter(**{f"name__{lookup}": None})


def test_none_in_a_list_is_left_out(names):
    assert names(Author.objects.filter(age__in=[36, None])) == ["Ada"]


def test_a_list_without_none_is_what_excludes(names):
    assert names(Author.objects.exclude(age__in=[36, None])) == ["Bob", "Cy", "Dan"]


def test_exclude_keeps_rows_whose_value_is_null(names):
    assert names(Author.objects.exclude(age=20)) == ["Ada", "Cy"]


def test_exclude_keeps_rows_without_the_related_row(names):
    assert names(Author.objects.exclude(publisher__city="Rome")) == ["Bob", "Dan"]


@pytest.mark.parametrize("condition", [{"age__in": [20]}, {"age__range": (19, 21)}, {"age__lt": 21}])
def test_exclude_keeps_null_with_every_lookup(names, condition):
    assert names(Author.objects.exclude(**condition)) == ["Ada", "Cy"]


def test_exclude_keeps_null_where_the_right_side_is_null(names):
    assert names(Author.objects.exclude(id__gt=F("mentor_id"))) == ["Ada", "Dan"]


# -- lists --------------------------------------------------------------------------------------------


def test_an_empty_list_finds_nothing(names):
    assert names(Author.objects.filter(name__in=[])) == []


def test_excluding_an_empty_list_keeps_every_row(names):
    assert names(Author.objects.exclude(age__in=[])) == ["Ada", "Bob", "Cy", "Dan"]


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, iter, dict.fromkeys])
def test_in_takes_any_iterable(names, kind):
    assert names(Author.objects.filter(name__in=kind(["Ada", "Bob", "Eve"]))) == ["Ada", "Bob"]


def test_in_takes_a_generator(names):
    assert names(Author.objects.filter(age__in=(age for age in (20, 36)))) == ["Ada", "Bob", "Dan"]


def test_in_refuses_a_string():
    with pytest.raises(FieldError, match="several values"):
        Author.objects.filter(name__in="Ada")


def test_seventy_thousand_values_are_no_problem(names):
    assert names(Author.objects.filter(id__in=range(70_000))) == ["Ada", "Bob", "Cy", "Dan"]


def test_seventy_thousand_texts_are_no_problem(names):
    assert names(Author.objects.filter(name__in=[*map(str, range(70_000)), "Ada", '"', "\\"])) == ["Ada"]


@pytest.mark.parametrize("pair", [(20,), (20, 21, 22), 20, "ab", (None, 3), {}])
def test_range_refuses_what_is_no_pair(pair):
    with pytest.raises(FieldError, match="two values"):
        Author.objects.filter(age__range=pair)


# -- subqueries ---------------------------------------------------------------------------------------


def test_in_takes_a_queryset(titles):
    assert titles(Book.objects.filter(author__in=Author.objects.filter(age=36))) == ["Alpha", "Beta"]


def test_in_takes_the_column_of_values_list(titles):
    ages = Author.objects.filter(name="Ada").values_list("name", flat=True)
    assert titles(Book.objects.filter(author__name__in=ages)) == ["Alpha", "Beta"]


def test_a_subquery_keeps_its_joins(names):
    inner = Book.objects.filter(author__publisher__name="Zeta").values("author")
    assert names(Author.objects.filter(pk__in=inner)) == ["Bob"]


def test_a_sliced_subquery_keeps_its_order(names):
    oldest = Author.objects.exclude(age=None).order_by("-age")[:1]
    assert names(Author.objects.filter(pk__in=oldest)) == ["Ada"]


def test_a_subquery_on_the_same_table_is_not_mixed_up(names):
    mentors = Author.objects.exclude(mentor=None).values("mentor")
    assert names(Author.objects.filter(pk__in=mentors)) == ["Ada", "Bob"]


def test_a_subquery_can_be_excluded(names):
    assert names(Author.objects.exclude(books__in=Book.objects.filter(pages__gt=250))) == ["Ada", "Cy", "Dan"]


def test_an_empty_subquery_finds_nothing(names):
    assert names(Author.objects.filter(pk__in=Author.objects.none())) == []


def test_an_exhausted_subquery_costs_no_statement(call, statements):
    inner = Author.objects.filter(age=36)
    with statements() as sent:
        call.list(Book.objects.filter(author__in=inner))
    assert len(sent) == 1


def test_a_subquery_of_the_wrong_model_is_refused():
    with pytest.raises(FieldError, match="Author"):
        Book.objects.filter(author__in=Publisher.objects.all())


def test_a_subquery_of_two_columns_is_refused():
    with pytest.raises(FieldError, match="one column"):
        Book.objects.filter(author__in=Author.objects.values("id", "name"))


def test_exact_refuses_a_queryset_and_names_in():
    with pytest.raises(FieldError, match="author__in"):
        Book.objects.filter(author=Author.objects.all())


# -- relations ----------------------------------------------------------------------------------------


def test_a_condition_follows_two_relations(titles):
    assert titles(Book.objects.filter(author__publisher__name="Acme")) == ["Alpha", "Beta"]


def test_an_instance_stands_for_its_key(call, titles):
    ada = call(Author.objects.get, name="Ada")
    assert titles(Book.objects.filter(author=ada)) == titles(Book.objects.filter(author_id=ada.pk))
    assert titles(Book.objects.filter(author=ada)) == ["Alpha", "Beta"]


def test_instances_stand_in_a_list(call, titles):
    ada, bob = call(Author.objects.get, name="Ada"), call(Author.objects.get, name="Bob")
    assert titles(Book.objects.filter(author__in=[ada, bob.pk])) == ["Alpha", "Alpha", "Beta", "Gamma"]


def test_an_instance_of_another_model_is_refused(call):
    acme = call(Publisher.objects.get, name="Acme")
    with pytest.raises(FieldError, match="Author"):
        Book.objects.filter(author=acme)


def test_an_unsaved_instance_is_refused():
    with pytest.raises(FieldError, match="save it first"):
        Book.objects.filter(author=Author(name="New"))


def test_a_reverse_relation_gives_a_row_for_each_match(names):
    assert names(Author.objects.filter(books__pages__gte=100)) == ["Ada", "Ada", "Bob"]


def test_a_reverse_relation_takes_the_other_models_columns_and_not_its_own(names):
    assert names(Publisher.objects.filter(authors__name="Ada")) == ["Acme"]


def test_a_reverse_relation_takes_an_instance(call, names):
    gamma = call(Book.objects.get, title="Gamma")
    assert names(Author.objects.filter(books=gamma)) == ["Bob"]


def test_conditions_in_one_call_meet_in_one_row(names):
    assert names(Author.objects.filter(books__title="Alpha", books__pages=200)) == []


def test_conditions_in_two_calls_may_meet_in_two_rows(names):
    assert names(Author.objects.filter(books__title="Alpha").filter(books__pages=200)) == ["Ada"]


def test_exclude_over_many_rows_leaves_out_whoever_has_one(names):
    assert names(Author.objects.exclude(books__title="Alpha")) == ["Cy", "Dan"]


def test_exclude_over_two_reverse_relations(names):
    assert names(Publisher.objects.exclude(authors__books__title="Beta")) == ["Zeta"]


def test_exclude_forward_then_reverse(names):
    assert names(Author.objects.exclude(mentor__books__title="Beta")) == ["Ada", "Cy", "Dan"]


def test_rows_without_related_rows_are_found(names):
    assert names(Author.objects.filter(books=None)) == ["Cy", "Dan"]
    assert names(Author.objects.filter(books__isnull=True)) == ["Cy", "Dan"]


def test_rows_with_related_rows_are_found_once_by_exclude(names):
    assert names(Author.objects.exclude(books=None)) == ["Ada", "Bob"]


def test_a_double_negation_over_many_rows_repeats_none(names):
    assert names(Author.objects.exclude(~Q(books__pages__gte=50))) == ["Ada", "Bob"]


# -- Q ------------------------------------------------------------------------------------------------


def test_or(names):
    assert names(Author.objects.filter(Q(name="Ada") | Q(age=20))) == ["Ada", "Bob", "Dan"]


def test_and_or_not_nest(names):
    condition = ~(Q(name="Ada") | Q(name="Bob")) & (Q(age=20) | Q(age=None))
    assert names(Author.objects.filter(condition)) == ["Cy", "Dan"]


def test_q_mixes_with_keywords(names):
    assert names(Author.objects.filter(Q(name="Bob") | Q(name="Dan"), age=20, publisher=None)) == ["Dan"]


def test_an_empty_q_is_neutral(names):
    every = ["Ada", "Bob", "Cy", "Dan"]
    assert names(Author.objects.filter(Q())) == every
    assert names(Author.objects.filter(~Q())) == every
    assert names(Author.objects.exclude(Q())) == every
    assert names(Author.objects.filter(Q() | Q(name="Ada"))) == ["Ada"]


def test_not_does_not_change_the_q_it_is_made_of(names):
    condition = Q(name="Ada")
    names(Author.objects.filter(~condition))
    assert names(Author.objects.filter(condition)) == ["Ada"]


def test_not_twice_is_the_condition_itself(names):
    assert names(Author.objects.filter(~~Q(books__title="Alpha"))) == ["Ada", "Bob"]
    assert names(Author.objects.filter(~~Q(books__pages__gt=0))) == ["Ada", "Ada", "Bob", "Bob"]


def test_q_combines_with_q_alone():
    with pytest.raises(TypeError):
        Q(name="Ada") & "age"


def test_an_or_keeps_rows_without_the_related_row(names):
    assert names(Author.objects.filter(Q(publisher__name="Zeta") | Q(name="Dan"))) == ["Bob", "Dan"]


def test_two_thousand_conditions_are_no_problem(names):
    condition = Q(name="Ada")
    for number in range(2_000):
        condition |= Q(age=number + 1000)
    assert names(Author.objects.filter(condition)) == ["Ada"]


def test_fifty_levels_of_conditions_are_read(names):
    condition = Q(name="Ada")
    for _ in range(24):
        condition = ~(condition & Q(active=True))
    assert names(Author.objects.filter(condition)) == ["Ada", "Bob"]


def test_two_thousand_levels_of_conditions_are_refused():
    condition = Q(name="Ada")
    for _ in range(2_000):
        condition = ~(condition & Q(active=True))
    with pytest.raises(FieldError, match="nested"):
        Author.objects.filter(condition)


@pytest.mark.parametrize("what", ["age", {"age": 3}, 5, None, ["age"]])
def test_a_position_takes_a_q_alone(what):
    with pytest.raises(TypeError, match="Q"):
        Author.objects.filter(what)


# -- F ------------------------------------------------------------------------------------------------


def test_f_compares_columns(titles):
    assert titles(Book.objects.filter(pages__gt=F("author__age") * 5)) == ["Beta", "Gamma"]


def test_f_compares_with_an_annotation(names):
    counted = Author.objects.annotate(n=Count("books"))
    assert names(counted.filter(n__gt=F("id") - 1)) == ["Ada", "Bob"]


def test_f_takes_text_lookups(titles):
    assert titles(Book.objects.filter(title__startswith=F("title"))) == ["Alpha", "Alpha", "Beta", "Gamma"]


# -- slices, order, chains ------------------------------------------------------------------------------


def test_a_chain_does_not_change_what_it_began_with(names):
    base = Author.objects.filter(age=20)
    names(base.filter(name="Bob"))
    assert names(base) == ["Bob", "Dan"]


@pytest.mark.parametrize("method", ["filter", "exclude"])
def test_no_condition_comes_after_a_slice(method):
    with pytest.raises(TypeError, match="slice"):
        getattr(Author.objects.all()[:2], method)(name="Ada")


def test_get_after_a_slice_is_refused(call):
    with pytest.raises(TypeError, match="slice"):
        call(Author.objects.all()[:2].get, name="Ada")


def test_get_of_a_slice_gives_its_row(call):
    assert call(Author.objects.order_by("name")[1:2].get).name == "Bob"


def test_a_model_with_an_order_is_filtered_like_any(call):
    call(Event.objects.create, name="a")
    assert call.list(Event.objects.filter(name="a").values_list("name", flat=True)) == ["a"]


def test_an_empty_q_is_neutral_inside_another(names):
    every = names(Author.objects.all())
    assert names(Author.objects.filter(~Q(Q()))) == every
    assert names(Author.objects.exclude(Q(Q(), Q()))) == every
    assert names(Author.objects.filter(Q(Q()) | Q(name="Ada"))) == ["Ada"]
    assert names(Author.objects.filter(Q(Q(), name="Ada"))) == ["Ada"]
