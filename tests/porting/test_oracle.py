"""Deleting, relations to many rows, choices and validation are as Django has them, on both applications.

A program is written once for either library: it runs on Django, over the same models file with its imports
changed back, and then on dorm. What it returns must be the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import dorm
from tests.porting.django_side import Plain, close_database, for_django, open_database
from tests.porting.shop import models as shop
from tests.porting.tracker import models as tracker

APPLICATIONS = {"shop": shop, "tracker": tracker}


@pytest.fixture
def as_django(call):
    """Assert that a program returns on dorm what it returns on Django."""

    def check(name: str, program: Callable[..., Any], *given: Any) -> None:
        theirs = for_django(name)
        open_database(theirs.MODELS)
        try:
            expected = program(Plain(), theirs, *given)
        finally:
            close_database()
        mine = APPLICATIONS[name]
        call(dorm.create_tables, *mine.MODELS)
        assert program(call, mine, *given) == expected

    return check


# -- what stands in the tables ----------------------------------------------------------------------


def fill_shop(call: Any, m: Any) -> None:
    """Make one or more rows of every model, most of which something refers to."""
    sweden = call(m.Country.objects.create, code="SE", name="Sweden", is_eu=True)
    ada = call(m.Customer.objects.create, email="ada@example.org", first_name="Ada", tier=20)
    call(m.Customer.objects.create, email="bob@example.org", first_name="Bob", referred_by=ada)
    home = call(m.Address.objects.create, customer=ada, street="Main 1", city="Lund", country=sweden)
    tools = call(m.Category.objects.create, name="Tools")
    saws = call(m.Category.objects.create, name="Saws", parent=tools)
    call(m.Category.objects.create, name="Empty", parent=saws)
    brand = call(m.Brand.objects.create, name="Sharp")
    saw = call(m.Product.objects.create, sku="S1", name="Saw", category=saws, brand=brand, price=Decimal(9))
    axe = call(m.Product.objects.create, sku="A1", name="Axe", category=tools, price=Decimal(20))
    call(m.Product.objects.create, sku="F1", name="File", category=tools, price=Decimal(3))
    for word in ("new", "old", "sale"):
        call(m.Label.objects.create, word=word)
    call(saw.labels.add, *call.list(m.Label.objects.all()))
    call(axe.labels.add, call(m.Label.objects.get, word="new"))
    call(saw.related.add, axe)
    call(m.ProductImage.objects.create, product=saw, path="a.png")
    call(m.ProductImage.objects.create, product=saw, path="b.png", order=1)
    north = call(m.Warehouse.objects.create, name="North", country=sweden)
    call(north.stock.add, saw, axe, through_defaults={"quantity": 7, "reserved": 2})
    coupon = call(m.Coupon.objects.create, code="HALF", percent=50)
    order = call(m.Order.objects.create, number="1", customer=ada, ship_to=home, coupon=coupon)
    call(m.OrderLine.objects.create, order=order, product=saw, quantity=3, unit_price=Decimal(9))
    call(m.Invoice.objects.create, order=order)
    call(m.Review.objects.create, product=axe, author=ada, stars=4)
    call(m.Review.objects.create, product=saw, author=ada, stars=5)


def fill_tracker(call: Any, m: Any) -> None:
    """Make one or more rows of every model, most of which something refers to."""
    ada, bob, cyd = [call(m.User.objects.create, username=name) for name in ("ada", "bob", "cyd")]
    bob.manager = ada
    call(bob.save)
    call(ada.follows.add, bob, cyd)
    call(bob.follows.add, ada)
    call(ada.blocked.add, cyd)
    call(m.Profile.objects.create, user=ada, bio="counts")
    team = call(m.Team.objects.create, name="core")
    call(m.Membership.objects.create, team=team, user=ada, role="lead")
    call(m.Membership.objects.create, team=team, user=bob, invited_by=ada)
    project = call(m.Project.objects.create, key="DO", title="Dorm", team=team, owner=ada)
    goal = call(m.Milestone.objects.create, project=project, name="one", due=date(2024, 1, 1))
    part = call(m.Component.objects.create, project=project, name="core", lead=bob)
    bug, slow = [call(m.Tag.objects.create, name=name) for name in ("bug", "slow")]
    call(bug.synonyms.add, slow)
    given = {"project": project, "reporter": bob, "milestone": goal, "component": part}
    first = call(m.Issue.objects.create, number=1, title="First", **given)
    second = call(m.Issue.objects.create, number=2, title="Second", parent=first, **given)
    third = call(m.Issue.objects.create, number=3, title="Third", duplicate_of=first, **given)
    call(first.assignees.add, ada, cyd)
    call(first.tags.add, bug, slow)
    call(second.tags.add, bug)
    call(m.Blocking.objects.create, blocker=first, blocked=third)
    said = call(m.Comment.objects.create, issue=first, author=ada, text="So?")
    reply = call(m.Comment.objects.create, issue=first, author=bob, reply_to=said, text="So.")
    call(m.Reaction.objects.create, comment=reply, user=ada, emoji="+1")
    call(m.Reaction.objects.create, comment=said, user=cyd, emoji="-1")
    call(m.Attachment.objects.create, comment=reply, name="a.txt", content=b"x")
    call(m.WorkLog.objects.create, issue=second, user=cyd)
    call(m.Event.objects.create, kind="start")


FILL = {"shop": fill_shop, "tracker": fill_tracker}
EVERY_MODEL = [(name, model.__name__) for name in APPLICATIONS for model in APPLICATIONS[name].MODELS]


def every_row(call: Any, m: Any) -> dict[str, int]:
    """Return how many rows each table has, and how many of each foreign key are NULL."""
    found: dict[str, int] = {}
    for model in m.MODELS:
        found[model.__name__] = call(model._base_manager.count)
        for field in model._meta.fields:
            if isinstance(field, m.models.ForeignKey) and field.null:
                null = {f"{field.name}__isnull": True}
                found[f"{model.__name__}.{field.name}"] = call(model._base_manager.filter(**null).count)
    return found


def without_apps(counts: tuple[int, dict[str, int]]) -> tuple[int, dict[str, int]]:
    total, by_model = counts
    return total, {label.rpartition(".")[2]: number for label, number in by_model.items()}


def deleted(call: Any, m: Any, delete: Any) -> Any:
    """Return the counts of a delete, or the rows that were protected; and the rows that are left."""
    try:
        told: Any = without_apps(call(delete))
    except m.models.ProtectedError as error:
        told = sorted(f"{type(one).__name__} {one._state.adding}" for one in error.protected_objects)
    return told, every_row(call, m)


# -- deleting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("application", "model"), EVERY_MODEL)
def test_deleting_one_row_counts_and_keeps_what_django_does(as_django, application, model):
    def program(call: Any, m: Any) -> Any:
        FILL[application](call, m)
        first = call(getattr(m, model)._base_manager.order_by("pk").first)
        if model in {"Customer", "Product", "Order"}:
            first = call(getattr(m, model).objects.order_by({"Customer": "email"}.get(model, "pk")).first)
        if model == "Product":
            first = call(m.Product.objects.get, sku="F1")
        return deleted(call, m, first.delete)

    as_django(application, program)


@pytest.mark.parametrize(("application", "model"), EVERY_MODEL)
def test_deleting_all_rows_counts_and_keeps_what_django_does(as_django, application, model):
    def program(call: Any, m: Any) -> Any:
        FILL[application](call, m)
        return deleted(call, m, getattr(m, model)._default_manager.all().delete)

    as_django(application, program)


@pytest.mark.parametrize("application", APPLICATIONS)
def test_deleting_no_rows_counts_what_django_does(as_django, application):
    def program(call: Any, m: Any) -> Any:
        return [without_apps(call(model._default_manager.all().delete)) for model in m.MODELS]

    as_django(application, program)


# What keeps a row goes first, so that the rest goes with it.
UNTIL_FREE = [
    ("shop", ["OrderLine"], "Product"),
    ("shop", ["OrderLine", "Product"], "Category"),
    ("shop", ["Order"], "Customer"),
    ("shop", ["Order", "Customer", "Warehouse"], "Country"),
    ("tracker", ["WorkLog", "Issue"], "User"),
    ("tracker", ["WorkLog"], "Project"),
    ("tracker", ["Project"], "Team"),
]


@pytest.mark.parametrize(("application", "before", "model"), UNTIL_FREE)
def test_rows_that_nothing_keeps_any_more_go_with_all_below_them(as_django, application, before, model):
    def program(call: Any, m: Any) -> Any:
        FILL[application](call, m)
        told = [deleted(call, m, getattr(m, name)._base_manager.all().delete) for name in before]
        return [*told, deleted(call, m, getattr(m, model)._base_manager.all().delete)]

    as_django(application, program)


# -- relations to many rows -------------------------------------------------------------------------

RELATIONS = [
    ("shop", "Product", "name", "labels"),
    ("shop", "Label", "word", "products"),
    ("shop", "Product", "name", "related"),
    ("shop", "Product", "name", "warehouses"),
    ("shop", "Warehouse", "name", "stock"),
    ("tracker", "User", "username", "follows"),
    ("tracker", "User", "username", "followers"),
    ("tracker", "User", "username", "blocked"),
    ("tracker", "User", "username", "teams"),
    ("tracker", "Issue", "number", "tags"),
    ("tracker", "Tag", "name", "synonyms"),
    ("tracker", "User", "username", "assigned"),
    ("tracker", "Team", "name", "members"),
]
# The columns of a junction of one's own that no default fills.
KEY = {"Product": "sku", "Label": "word", "Warehouse": "name", "User": "username", "Tag": "name",
       "Issue": "number", "Team": "name"}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("application", "model", "order", "relation"), RELATIONS)
def test_add_remove_set_and_clear_leave_what_they_do_in_django(
    as_django, application, model, order, relation, seed
):
    def program(call: Any, m: Any) -> Any:
        FILL[application](call, m)
        choice = random.Random(seed)
        owners = call.list(getattr(m, model)._base_manager.order_by(order))
        target = getattr(owners[0], relation).model
        others = call.list(target._base_manager.order_by(KEY[target.__name__]))
        told = []
        for _ in range(12):
            owner = choice.choice(owners)
            some = [choice.choice(others) for _ in range(choice.randint(0, 3))]
            told.append(step(call, getattr(owner, relation), choice, some))
            told.append([pairs(call, one, relation, KEY[target.__name__]) for one in owners])
        return told

    as_django(application, program)


def step(call: Any, manager: Any, choice: random.Random, some: list[Any]) -> Any:
    """Change a relation, with rows or with their keys."""
    given = [one.pk if choice.random() < 0.3 else one for one in some]
    match choice.choice(["add", "add", "remove", "set", "set", "reset", "clear"]):
        case "set":
            return call(manager.set, given)
        case "reset":
            return call(manager.set, given, clear=True)
        case "clear":
            return call(manager.clear)
        case name:
            return call(getattr(manager, name), *given)


def pairs(call: Any, owner: Any, relation: str, key: str) -> tuple[list[Any], int]:
    """Return the rows that a row is related to, in order, and how many there are by the database's count."""
    manager = getattr(owner, relation)
    return sorted(call.list(manager.values_list(key, flat=True))), call(manager.count)


@pytest.mark.parametrize("method", ["add", "set"])
def test_what_cannot_be_related_is_refused_as_in_django(as_django, method):
    def program(call: Any, m: Any) -> Any:
        fill_shop(call, m)
        saw = call(m.Product.objects.get, sku="S1")
        told = []
        for wrong in (m.Brand(name="no label"), m.Label(word="not saved")):
            given = [wrong] if method == "set" else wrong
            try:
                call(getattr(saw.labels, method), given)
                told.append("taken")
            except (TypeError, ValueError, dorm.FieldError):
                told.append("refused")
            told.append(pairs(call, saw, "labels", "word"))
        return told

    as_django("shop", program)


# -- choices ----------------------------------------------------------------------------------------

WITH_CHOICES = [
    ("shop", "Customer", "tier", [0, 10, 20, 5, None]),
    ("shop", "Address", "kind", ["B", "S", "x", "", None]),
    ("shop", "Product", "status", ["draft", "active", "retired", "lost", None]),
    ("shop", "Order", "status", ["N", "P", "S", "D", "C", "?"]),
    ("shop", "Review", "stars", [1, 5, 6, "3", None]),
    ("tracker", "Membership", "role", ["member", "lead", "none"]),
    ("tracker", "Issue", "state", ["open", "closed", ""]),
    ("tracker", "Issue", "priority", [1, 2, 3, 4, None]),
]


@pytest.mark.parametrize(("application", "model", "field", "values"), WITH_CHOICES)
def test_values_have_the_words_that_they_have_in_django(as_django, application, model, field, values):
    def program(call: Any, m: Any) -> Any:
        made = [getattr(m, model)(**{field: value}) for value in values]
        words = [str(getattr(one, f"get_{field}_display")()) for one in made]
        told = getattr(m, model)._meta.get_field(field)
        return words, list(told.choices), list(told.flatchoices)

    as_django(application, program)


@pytest.mark.parametrize(
    ("application", "path"),
    [
        ("shop", "Customer.Tier"),
        ("shop", "Product.Status"),
        ("shop", "Order.Status"),
        ("tracker", "Membership.Role"),
    ],
)
def test_enumerations_tell_of_themselves_what_they_do_in_django(as_django, application, path):
    def program(call: Any, m: Any) -> Any:
        model, name = path.split(".")
        kind = getattr(getattr(m, model), name)
        shown = [(str(one), one.label, one.value, one.name, one == one.value) for one in kind]
        return kind.choices, kind.labels, kind.values, kind.names, shown

    as_django(application, program)


# -- validation -------------------------------------------------------------------------------------

ROWS = [
    ("shop", "Product", {}),
    ("shop", "Product", {"sku": "S9", "name": "Saw", "price": 1}),
    ("shop", "Product", {"sku": "S1", "name": "New", "price": "x"}),
    ("shop", "Product", {"sku": "S" * 21, "name": "New", "price": Decimal("1.234"), "discount": 2}),
    ("shop", "Product", {"sku": "S9", "name": "New", "price": -1, "status": "lost", "discount": -1}),
    ("shop", "Product", {"sku": "S9", "name": "New", "price": 1, "status": "active", "weight": "heavy"}),
    ("shop", "Product", {"sku": "", "name": "", "price": Decimal("12345678901"), "guarantee": "long"}),
    ("shop", "Customer", {"email": "ADA@example.org"}),
    ("shop", "Customer", {"email": "ada@example.org", "tier": 7}),
    ("shop", "Customer", {"email": "nobody", "tier": -1, "first_name": "x" * 61}),
    ("shop", "Category", {"name": "Again", "slug": "tools", "position": -1}),
    ("shop", "Category", {"name": "", "slug": "no slug!"}),
    ("shop", "Brand", {"name": "Sharp", "website": "not a page", "founded": "yesterday"}),
    ("shop", "Label", {"word": "new", "colour": "red"}),
    ("shop", "Coupon", {"code": "half", "percent": 0}),
    ("shop", "Coupon", {"code": "HALF", "percent": 91}),
    ("shop", "StockItem", {"quantity": 1, "reserved": 2}),
    ("shop", "Review", {"stars": 6}),
    ("shop", "Review", {"stars": 0}),
    ("shop", "Country", {"code": "SE", "name": "Sweden", "is_eu": "perhaps"}),
    ("tracker", "User", {"username": "a", "email": "none"}),
    ("tracker", "User", {"username": "ada", "is_active": "maybe"}),
    ("tracker", "User", {"uuid": "no uuid", "username": None}),
    ("tracker", "Team", {"name": "core"}),
    ("tracker", "Project", {"key": "do", "title": "x", "starts": date(2024, 2, 1), "ends": date(2024, 1, 1)}),
    ("tracker", "Project", {"key": "DO", "title": "", "starts": "soon"}),
    ("tracker", "Tag", {"name": "two words"}),
    ("tracker", "Issue", {"number": -1, "title": "x" * 201, "state": "odd", "priority": 9}),
    ("tracker", "Event", {"kind": "x", "address": "1.2.3"}),
    ("tracker", "Event", {"kind": "x" * 31, "payload": {1, 2}}),
]
CHECKS = ["full_clean", "clean_fields", "validate_unique", "validate_constraints"]


def refusals(call: Any, m: Any, made: Any, check: str, exclude: Any = frozenset()) -> Any:
    """Return the codes of what a check of a row refuses, by field; {} where it passes.

    As in `full_clean()`, the database is not asked about values that are no values of their fields. Here
    `validate_unique()` knows the constraints too, so it is compared together with `validate_constraints()`.
    """
    if check == "clean_fields":
        return refused(m, made, lambda: made.clean_fields(exclude=exclude))
    if check == "full_clean":
        return refused(m, made, lambda: call(made.full_clean, exclude=exclude))
    exclude = exclude | refused(m, made, lambda: made.clean_fields(exclude=exclude)).keys()
    found = refused(m, made, lambda: call(made.validate_constraints, exclude=exclude))
    if check == "validate_unique":
        more = refused(m, made, lambda: call(made.validate_unique, exclude=exclude))
        found = {name: found.get(name, set()) | more.get(name, set()) for name in {*found, *more}}
    return found


def refused(m: Any, made: Any, check: Callable[[], Any]) -> dict[str, set[str | None]]:
    """Return the codes of a ValidationError by field.

    On purpose, not as in Django: None is a value where a field takes NULL, and an empty document is one.
    A text that was not given is None and not "", so that it is refused by another code.
    """
    try:
        check()
    except m.ValidationError as error:
        found = {name: {one.code for one in errors} for name, errors in error.error_dict.items()}
        return {
            name: {"missing" if code in {"null", "blank"} else code for code in codes}
            for name, codes in found.items()
            if codes != {"blank"} or not takes_nothing(m, made._meta.get_field(name))
        }
    return {}


def takes_nothing(m: Any, field: Any) -> bool:
    return bool(field.null) or isinstance(field, m.models.JSONField)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("application", APPLICATIONS)
def test_a_new_row_is_refused_for_what_it_is_in_django(as_django, application, check):
    def program(call: Any, m: Any) -> Any:
        FILL[application](call, m)
        rows = [(model, values) for app, model, values in ROWS if app == application]
        return [
            (model, values, refusals(call, m, getattr(m, model)(**values), check)) for model, values in rows
        ]

    as_django(application, program)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("application", APPLICATIONS)
def test_fields_that_are_left_out_of_a_check_are_those_of_django(as_django, application, check):
    def program(call: Any, m: Any) -> Any:
        FILL[application](call, m)
        told = []
        for model, values in [(model, values) for app, model, values in ROWS if app == application]:
            for left_out in values:
                found = refusals(call, m, getattr(m, model)(**values), check, exclude={left_out})
                told.append((model, values, left_out, found))
        return told

    as_django(application, program)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("application", APPLICATIONS)
def test_rows_that_are_there_pass_where_they_do_in_django(as_django, application, check):
    def program(call: Any, m: Any) -> Any:
        FILL[application](call, m)
        rows = [(model, call.list(model._base_manager.all())) for model in m.MODELS]
        return [(model.__name__, [refusals(call, m, one, check) for one in found]) for model, found in rows]

    as_django(application, program)


def test_pairs_that_are_taken_are_refused_as_in_django(as_django):
    def program(call: Any, m: Any) -> Any:
        fill_tracker(call, m)
        ada, bob = [call(m.User.objects.get, username=name) for name in ("ada", "bob")]
        team, project = call(m.Team.objects.get), call(m.Project.objects.get)
        first, third = [call(m.Issue.objects.get, number=number) for number in (1, 3)]
        rows = [
            m.Membership(team=team, user=ada),
            m.Membership(team=team, user=bob, role="lead"),
            m.Milestone(project=project, name="one"),
            m.Issue(project=project, number=1, title="x", reporter=ada),
            m.Blocking(blocker=first, blocked=third),
            m.Blocking(blocker=first, blocked=first),
            m.Profile(user=ada),
        ]
        first.duplicate_of = first
        return [
            [refusals(call, m, one, check) for check in CHECKS] for one in [*rows, first]
        ]  # fmt: skip

    as_django("tracker", program)
