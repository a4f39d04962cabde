"""`from dorm import models`: a file of Django's carries over, and what it declares works."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

import dorm
from dorm import models
from dorm.validators import MinValueValidator


class TimeStamped(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ["-created_at"]
        get_latest_by = "created_at"


class Identified(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class LiveQuerySet(models.QuerySet["Product"]):
    def live(self):
        return self.filter(deleted_at__isnull=True)


class LiveManager(models.Manager["Product"]):
    def get_queryset(self):
        return super().get_queryset().filter(deleted_at__isnull=True)


class Status(models.TextChoices):
    DRAFT = "draft", "Being written"
    LIVE = "live", "On sale"


class Priority(models.IntegerChoices):
    LOW = 1
    HIGH = 2


class Category(models.Model):
    name = models.CharField("Name", max_length=50, unique=True, help_text="Shown to customers")
    slug = models.SlugField(unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )

    class Meta:
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(id=models.F("parent")), name="category_is_not_its_parent"
            )
        ]

    def __str__(self):
        return self.name


class Tag(models.Model):
    word = models.CharField(max_length=20, unique=True)


class Product(Identified, TimeStamped):
    title = models.CharField(max_length=100, db_index=True)
    status = models.CharField(max_length=5, choices=Status.choices, default=Status.DRAFT)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.LOW)
    price = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(0)])
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    tags = models.ManyToManyField(Tag, through="Tagging", related_name="products", blank=True)
    made_in = models.DurationField(default=timedelta(hours=1))
    details = models.JSONField(default=dict, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = LiveManager()
    everything = models.Manager()

    class Meta(TimeStamped.Meta):
        indexes = [
            models.Index(fields=["status", "-price"], name="product_status_price"),
            models.Index(
                fields=["title"], condition=models.Q(deleted_at__isnull=True), name="product_live_title"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="product_price_positive"),
            models.UniqueConstraint(
                fields=["category", "title"],
                condition=models.Q(deleted_at__isnull=True),
                name="product_title_in_category",
            ),
        ]


class Tagging(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    weight = models.IntegerField(default=1)

    class Meta:
        unique_together = [("product", "tag")]


class Featured(Product):
    class Meta:
        proxy = True
        ordering = ["title"]


EVERY = (Category, Tag, Product, Tagging)


@pytest.fixture
def shop(call):
    call(dorm.create_tables, *EVERY)
    tools = call(Category.objects.create, name="Tools", slug="tools")
    call(Product.objects.create, title="Saw", price="9.99", category=tools)
    return tools


def test_what_was_declared_works(call, shop):
    saw = call(Product.objects.get, category__name="Tools", status=Status.DRAFT)

    assert (saw.get_status_display(), saw.get_priority_display()) == ("Being written", "Low")
    assert isinstance(saw.pk, uuid.UUID) and saw.made_in == timedelta(hours=1)
    tag = call(Tag.objects.create, word="sharp")
    call(Tagging.objects.create, product=saw, tag=tag, weight=3)
    assert call(Product.objects.filter(tags__word="sharp").count) == 1
    assert [one.pk for one in call.list(Featured.objects.all())] == [saw.pk]
    assert Product._meta.ordering == ("-created_at",)
    assert Category._meta.verbose_name_plural == "categories"


def test_its_constraints_hold(call, shop):
    again = Product(title="Saw", price="1.00", category=shop)
    with pytest.raises(dorm.ValidationError, match="product_title_in_category"):
        call(again.full_clean)
    with pytest.raises(dorm.UniqueViolation):
        call(again.save)
    with pytest.raises(dorm.ValidationError, match="0 or more"):
        call(Product(title="Axe", price="-1", category=shop).full_clean)
    with pytest.raises(dorm.CheckViolation):
        call(Product.objects.create, title="Axe", price="-1", category=shop)
    with pytest.raises(dorm.ProtectedError):
        call(shop.delete)
    shop.parent = shop
    with pytest.raises(dorm.CheckViolation):
        call(shop.save)


def test_rows_that_are_deleted_softly_are_out_of_sight(call, shop):
    call(Product.everything.update, deleted_at="2024-01-01T00:00:00+00:00")

    assert call(Product.objects.count) == 0
    assert call(Product.everything.count) == 1
    call(Product.objects.create, title="Saw", price="5.00", category=shop)


def test_functions_stand_where_django_has_them(call, shop):
    from dorm.models.functions import Lower

    found = Product.objects.annotate(small=Lower("title")).values_list("small", flat=True)
    assert call.list(found) == ["saw"]
    assert models.functions.Lower is Lower


def test_the_namespace_has_what_dorm_has():
    ends = ("Field", "Index", "Constraint", "Choices")
    fields = [name for name in dorm.__all__ if name.endswith(ends) and name != "StrIndex"]
    assert [name for name in fields if not hasattr(models, name)] == []
