"""The models of a shop, written as for Django, on both databases and in both modes.

Rests on `shop/models.py`.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

import dorm
from dorm import models
from tests.porting.shop.models import (
    MODELS,
    Address,
    Brand,
    Category,
    Country,
    Coupon,
    Customer,
    GoldCustomer,
    Invoice,
    Label,
    Order,
    OrderLine,
    Product,
    ProductImage,
    Review,
    StockItem,
    Warehouse,
)


class Shop(NamedTuple):
    """What stands in the shop at the beginning of a test."""

    country: Any
    ada: Any
    tools: Any
    saws: Any
    brand: Any
    saw: Any
    axe: Any


@pytest.fixture
def shop(call):
    call(dorm.create_tables, *MODELS)
    country = call(Country.objects.create, code="SE", name="Sweden", is_eu=True)
    ada = call(Customer.objects.create, email="ada@example.org", first_name="Ada", tier=Customer.Tier.GOLD)
    tools = call(Category.objects.create, name="Tools")
    saws = call(Category.objects.create, name="Fine Saws", parent=tools)
    brand = call(Brand.objects.create, name="Sharp")
    saw = call(
        Product.objects.create, sku="S1", name="Saw", category=saws, brand=brand, price=Decimal("9.50")
    )
    axe = call(Product.objects.create, sku="A1", name="Axe", category=tools, price=Decimal("20"))
    return Shop(country, ada, tools, saws, brand, saw, axe)


@pytest.fixture
def order(call, shop):
    address = call(
        Address.objects.create, customer=shop.ada, street="Main 1", city="Lund", country=shop.country
    )
    coupon = call(Coupon.objects.create, code="HALF", percent=50)
    made = call(Order.objects.create, number="1", customer=shop.ada, ship_to=address, coupon=coupon)
    call(OrderLine.objects.create, order=made, product=shop.saw, quantity=3, unit_price=Decimal("9.50"))
    call(OrderLine.objects.create, order=made, product=shop.axe, quantity=1, unit_price=Decimal("18.00"))
    call(Invoice.objects.create, order=made)
    return made


def test_there_are_fifteen_tables():
    assert len(MODELS) == 15


def test_names_for_people_are_the_first_argument_or_made_of_the_name():
    names = [Product._meta.get_field(name).verbose_name for name in ("sku", "created", "deleted_at")]
    assert names == ["SKU", "created at", "deleted at"]
    assert Category._meta.get_field("parent").verbose_name == "parent category"
    assert GoldCustomer._meta.verbose_name == "gold customer"


def test_save_of_the_model_fills_in_what_is_missing(call, shop):
    made = Category(name="Fine Files", parent=shop.tools)
    call(made.save)
    assert call(Category.objects.get, slug="fine-files") == made


def test_create_goes_through_the_save_of_the_model(call, shop):
    assert [shop.tools.slug, shop.saws.slug] == ["tools", "fine-saws"]


def test_queries_go_over_relations_in_both_directions(call, shop):
    assert call(Product.objects.get, category__parent__name="Tools") == shop.saw
    assert call(Category.objects.get, child__products__brand__name="Sharp") == shop.tools
    assert call(Brand.objects.get, products__sku="S1") == shop.brand
    found = Category.objects.annotate(n=models.Count("products")).values_list("name", "n")
    assert sorted(call.list(found)) == [("Fine Saws", 1), ("Tools", 1)]


def test_choices_have_their_words(call, shop):
    assert (shop.saw.status, shop.saw.get_status_display()) == ("draft", "Draft")
    ada = call(Customer.objects.get, tier__gte=Customer.Tier.SILVER)
    assert (ada.get_tier_display(), ada.tier == Customer.Tier.GOLD) == ("Gold", True)
    assert Review(stars=3).get_stars_display() == "***"
    assert Order.Status.NEW.label == "New"


def test_deleted_products_are_out_of_sight_and_come_back(call, shop):
    assert call(Product.objects.cheaper_than(Decimal("15")).soft_delete) == 1 if not call.is_async else True
    call(Product.objects.filter(sku="S1").update, deleted_at="2024-01-01T00:00:00+00:00")
    assert [one.sku for one in call.list(Product.objects.all())] == ["A1"]
    assert [one.is_deleted for one in call.list(Product.all_objects.dead())] == [True]
    assert call(Product.all_objects.alive().count) == 1
    # The row itself is found by the base manager, and its name is free again.
    gone = call(Product.all_objects.get, sku="S1")
    call(gone.refresh_from_db)
    call(Product.objects.create, sku="S2", name="Saw", category=shop.saws, price=1)
    gone.deleted_at = None
    with pytest.raises(dorm.UniqueViolation):
        call(gone.save)


def test_related_managers_hide_what_is_deleted(call, shop):
    call(Product.objects.update, deleted_at="2024-01-01T00:00:00+00:00")
    assert call(shop.tools.products.count) == 0
    assert call(Product.all_objects.filter(category=shop.tools).count) == 1


def test_labels_are_added_set_and_cleared(call, shop):
    new, sale = [call(Label.objects.create, word=word) for word in ("new", "sale")]
    call(shop.saw.labels.add, new, sale)
    call(shop.saw.labels.add, new)
    assert [str(one) for one in call.list(shop.saw.labels.all())] == ["new", "sale"]
    call(shop.saw.labels.set, [sale])
    assert call.list(sale.products.all()) == [shop.saw]
    assert call(new.products.count) == 0
    call(sale.products.clear)
    assert call(shop.saw.labels.exists) is False


def test_related_products_are_related_both_ways(call, shop):
    call(shop.saw.related.add, shop.axe)
    assert call.list(shop.axe.related.all()) == [shop.saw]
    call(shop.axe.related.remove, shop.saw)
    assert call(shop.saw.related.count) == 0


def test_stock_is_kept_in_the_table_between(call, shop):
    store = call(Warehouse.objects.create, name="North", country=shop.country)
    call(store.stock.add, shop.saw, shop.axe, through_defaults={"quantity": 7, "reserved": 2})
    assert sorted(call.list(store.items.values_list("product__sku", "available"))) == [("A1", 5), ("S1", 5)]
    assert call.list(Warehouse.objects.filter(stock__sku="S1", items__available__gt=4).distinct()) == [store]
    item = call(StockItem.objects.get, product=shop.saw)
    item.reserved = 8
    with pytest.raises(dorm.ValidationError):
        call(item.full_clean)
    with pytest.raises(dorm.CheckViolation):
        call(item.save)


def test_totals_are_computed_by_the_database(call, order):
    assert sorted(call.list(order.lines.values_list("total", flat=True))) == [Decimal("18"), Decimal("28.50")]
    found = call.list(Order.objects.with_totals().open())
    assert [one.sum_of_lines for one in found] == [Decimal("46.50")]
    assert call(Order.objects.of(order.customer).count) == 1
    assert call(order.customer.orders.open().count) == 1


def test_defaults_of_the_database_come_back_with_the_row(call, shop):
    coupon = call(Coupon.objects.create, code="TEN", percent=10)
    assert coupon.uses_left == 1
    assert coupon.valid_from.tzinfo is not None
    later = call(
        Coupon.objects.create, code="TWO", percent=2, valid_from=coupon.valid_from + timedelta(days=1)
    )
    assert call(Coupon.objects.latest) == later
    assert call(Coupon.objects.earliest) == coupon


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"price": Decimal("-1")}, {"price"}),
        ({"discount": Decimal("0.95")}, {"discount"}),
        ({"status": "lost"}, {"status"}),
        ({"status": "active"}, {"description"}),
        ({"sku": "A1"}, {"sku"}),
        ({"name": "Axe", "sku": "S9"}, {"__all__"}),
        ({"sku": "", "name": ""}, {"sku", "name"}),
    ],
)
def test_full_clean_says_what_is_wrong(call, shop, values, wrong):
    given = {"sku": "S5", "name": "Saw", "category": shop.tools, "price": Decimal("1"), **values}
    with pytest.raises(dorm.ValidationError) as caught:
        call(Product(**given).full_clean)
    assert set(caught.value.error_dict) == wrong


def test_a_mail_address_is_there_once_in_any_case(call, shop):
    again = Customer(email="ADA@example.org")
    with pytest.raises(dorm.ValidationError, match="customer_email_any_case"):
        call(again.full_clean)
    with pytest.raises(dorm.UniqueViolation):
        call(again.save)
    with pytest.raises(dorm.ValidationError, match="Already registered"):
        call(Customer(email="ada@example.org").full_clean)


def test_a_model_and_a_field_check_what_they_were_told_to(call, shop):
    with pytest.raises(dorm.ValidationError, match="in capitals"):
        call(Coupon(code="low", percent=5).full_clean)
    with pytest.raises(dorm.ValidationError, match="Not a colour"):
        call(Label(word="x", colour="red").full_clean)


def test_one_address_of_a_kind_is_the_default(call, shop):
    given = {"customer": shop.ada, "street": "Main 1", "city": "Lund", "country": shop.country}
    for is_default in (False, False, True):
        call(Address.objects.create, is_default=is_default, **given)
    call(Address.objects.create, is_default=True, kind=Address.BILLING, **given)
    with pytest.raises(dorm.UniqueViolation):
        call(Address.objects.create, is_default=True, **given)


def test_pairs_and_quantities_hold(call, shop, order):
    call(ProductImage.objects.create, product=shop.saw, path="a.png")
    with pytest.raises(dorm.UniqueViolation):
        call(ProductImage.objects.create, product=shop.saw, path="b.png")
    with pytest.raises(dorm.UniqueViolation):
        call(OrderLine.objects.create, order=order, product=shop.saw, unit_price=1)
    call(order.lines.filter(product=shop.saw).delete)
    with pytest.raises(dorm.CheckViolation):
        call(OrderLine.objects.create, order=order, product=shop.saw, quantity=0, unit_price=1)


def test_an_order_takes_its_lines_and_invoice_with_it(call, shop, order):
    assert call(order.delete) == (
        4,
        {_label(OrderLine): 2, _label(Invoice): 1, _label(Order): 1},
    )
    assert call(Product.objects.count) == 2


def test_what_orders_need_is_kept(call, shop, order):
    for one in (order.customer, shop.saw, shop.country, shop.tools):
        with pytest.raises(dorm.ProtectedError):
            call(one.delete)
    call(Brand.objects.all().delete)
    call(Coupon.objects.all().delete)
    call(order.refresh_from_db)
    call(shop.saw.refresh_from_db)
    assert (order.coupon_id, shop.saw.brand_id) == (None, None)


def test_an_order_has_one_invoice_or_none(call, shop, order):
    loaded = call(Order.objects.select_related("invoice", "customer").get, number="1")
    assert (loaded.invoice.is_paid, str(loaded.customer), str(loaded)) == (False, "Ada", "#1")
    with pytest.raises(dorm.UniqueViolation):
        call(Invoice.objects.create, order=order)
    other = call(Order.objects.create, number="2", customer=shop.ada)
    assert call.list(Order.objects.filter(invoice__isnull=True)) == [other]
    fetched = call(Order.objects.select_related("invoice").get, number="2")
    with pytest.raises(dorm.RelatedObjectDoesNotExist):
        _ = fetched.invoice


def test_who_was_referred_stays_when_the_other_goes(call, shop):
    friend = call(Customer.objects.create, email="b@example.org", referred_by=shop.ada)
    assert call.list(shop.ada.referrals.all()) == [friend]
    assert call(shop.ada.delete) == (1, {_label(Customer): 1})
    call(friend.refresh_from_db)
    assert friend.referred_by_id is None


def test_reviews_are_named_after_their_class(call, shop):
    call(Review.objects.create, product=shop.saw, author=shop.ada, stars=5)
    assert call(shop.saw.reviews.aggregate, mean=models.Avg("stars")) == {"mean": 5.0}
    assert call(shop.ada.reviews.count) == 1
    with pytest.raises(dorm.CheckViolation):
        call(Review.objects.create, product=shop.axe, author=shop.ada, stars=6)
    with pytest.raises(dorm.UniqueViolation):
        call(Review.objects.create, product=shop.saw, author=shop.ada, stars=1)


def test_documents_are_searched_by_path(call, shop):
    shop.saw.attributes = {"teeth": {"count": 24}, "colour": "red"}
    call(shop.saw.save)
    assert call(Product.objects.get, attributes__teeth__count__gte=20) == shop.saw
    assert call(Product.objects.filter(attributes__colour="blue").count) == 0
    assert call(Product.objects.get, attributes__isnull=True) == shop.axe


def test_a_proxy_sees_the_same_rows(call, shop):
    gold = call(GoldCustomer.objects.get, tier=Customer.Tier.GOLD)
    assert gold == shop.ada and gold.full_name == "Ada"


def test_categories_go_with_those_below(call, shop):
    call(Product.all_objects.all().delete)
    assert call(shop.tools.delete) == (2, {_label(Category): 2})


def _label(model: type[dorm.Model]) -> str:
    return f"{model._meta.app_label}.{model.__name__}"
