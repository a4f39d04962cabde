"""A shop, as a Django application declares one: only the imports differ.

Rests on `dorm.models` and on the public names; nothing of the suite comes in.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Self

from dorm import ValidationError, models
from dorm.models.functions import Lower, Now
from dorm.validators import MaxValueValidator, MinValueValidator, RegexValidator


def now() -> datetime:
    return datetime.now(timezone.utc)


class UUIDModel(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class TimeStampedModel(models.Model):
    created = models.DateTimeField("created at", auto_now_add=True, db_index=True)
    modified = models.DateTimeField("modified at", auto_now=True)

    class Meta:
        abstract = True
        get_latest_by = "created"
        ordering = ["-created"]


class SoftDeleteQuerySet(models.QuerySet["Product"]):
    def alive(self) -> SoftDeleteQuerySet:
        return self.filter(deleted_at__isnull=True)

    def dead(self) -> SoftDeleteQuerySet:
        return self.exclude(deleted_at__isnull=True)

    def soft_delete(self) -> int:
        return self.update(deleted_at=now())

    def cheaper_than(self, price: Decimal) -> SoftDeleteQuerySet:
        return self.filter(price__lt=price)


class SoftDeleteManager(models.Manager["Product"].from_queryset(SoftDeleteQuerySet)):
    # For a type checker the manager made from a class of querysets is of that class, and begins with its own.
    def get_queryset(self) -> Self:
        return super().get_queryset().filter(deleted_at__isnull=True)


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> OrderQuerySet:
        return self.exclude(status__in=[Order.Status.DELIVERED, Order.Status.CANCELLED])

    def of(self, customer: Customer) -> OrderQuerySet:
        return self.filter(customer=customer)

    def with_totals(self) -> OrderQuerySet:
        return self.annotate(sum_of_lines=models.Sum("lines__total"))


class Country(models.Model):
    code = models.CharField("ISO code", max_length=2, primary_key=True)
    name = models.CharField(max_length=100, unique=True)
    is_eu = models.BooleanField("in the EU?", default=False)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.name


class Customer(UUIDModel, TimeStampedModel):
    class Tier(models.IntegerChoices):
        BASIC = 0, "Basic"
        SILVER = 10, "Silver"
        GOLD = 20, "Gold"

    email = models.EmailField("e-mail address", unique=True, error_messages={"unique": "Already registered."})
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60, blank=True)
    tier = models.PositiveSmallIntegerField(choices=Tier.choices, default=Tier.BASIC)
    referred_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="referrals"
    )
    preferences = models.JSONField(default=dict, blank=True)

    class Meta(TimeStampedModel.Meta):
        indexes = [models.Index(fields=["last_name", "first_name"], name="customer_name_idx")]
        constraints = [models.UniqueConstraint(Lower("email"), name="customer_email_any_case")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Address(models.Model):
    BILLING, SHIPPING = "B", "S"
    KINDS = ((BILLING, "Billing"), (SHIPPING, "Shipping"))

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=1, choices=KINDS, default=SHIPPING)
    street = models.CharField(max_length=200)
    city = models.CharField(max_length=100)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    is_default = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=models.Q(is_default=True),
                name="one_default_address_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.street}, {self.city}"


class Category(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name="parent category", null=True, blank=True, on_delete=models.CASCADE,
        related_name="children", related_query_name="child",
    )  # fmt: skip
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        unique_together = ("parent", "slug")
        verbose_name = "category"
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name if self.parent is None else f"{self.parent} > {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = re.sub(r"\W+", "-", self.name.lower()).strip("-")
        super().save(*args, **kwargs)

    async def asave(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = re.sub(r"\W+", "-", self.name.lower()).strip("-")
        await super().asave(*args, **kwargs)


class Brand(models.Model):
    name = models.CharField(max_length=80, unique=True)
    website = models.URLField(blank=True)
    founded = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Label(models.Model):
    word = models.SlugField(unique=True)
    colour = models.CharField(
        max_length=7, default="#ffffff", validators=[RegexValidator(r"^#[0-9a-f]{6}$", "Not a colour.")]
    )

    class Meta:
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class Product(UUIDModel, TimeStampedModel):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "On sale"
        RETIRED = "retired", "No longer sold"

    sku = models.CharField("SKU", max_length=20, unique=True, help_text="Printed on the box")
    name = models.CharField(max_length=120, db_index=True)
    description = models.TextField(blank=True, default="")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    brand = models.ForeignKey(
        Brand, on_delete=models.SET_NULL, null=True, blank=True, related_name="products"
    )
    labels = models.ManyToManyField(Label, blank=True, related_name="products")
    related = models.ManyToManyField("self", blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal("0"))])
    discount = models.DecimalField(
        max_digits=3, decimal_places=2, default=Decimal("0"), validators=[MaxValueValidator(Decimal("0.90"))]
    )
    attributes = models.JSONField(null=True, blank=True)
    weight = models.FloatField(null=True, blank=True)
    guarantee = models.DurationField(default=timedelta(days=730))
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SoftDeleteManager()
    all_objects = SoftDeleteQuerySet.as_manager()

    class Meta(TimeStampedModel.Meta):
        base_manager_name = "all_objects"
        indexes = [
            models.Index(fields=["status", "-price"], name="product_status_price_idx"),
            models.Index(Lower("name"), name="product_lower_name_idx"),
            models.Index(
                fields=["category"], condition=models.Q(deleted_at__isnull=True), name="product_alive_idx"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="product_price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(discount__gte=0) & models.Q(discount__lte=1), name="product_discount_share"
            ),
            models.UniqueConstraint(
                fields=["category", "name"],
                condition=models.Q(deleted_at__isnull=True),
                name="product_name_once_in_category",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.sku})"

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    def clean(self) -> None:
        if self.status == self.Status.ACTIVE and not self.description:
            raise ValidationError({"description": "What is on sale needs a description."})


class ProductImage(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    path = models.CharField(max_length=255)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        unique_together = [["product", "order"]]


class Warehouse(models.Model):
    name = models.CharField(max_length=50)
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, limit_choices_to={"is_eu": True}, related_name="warehouses"
    )
    stock = models.ManyToManyField(Product, through="StockItem", related_name="warehouses")


class StockItem(models.Model):
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="stock_items")
    quantity = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    available = models.GeneratedField(
        expression=models.F("quantity") - models.F("reserved"),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "product"], name="stock_item_once"),
            models.CheckConstraint(
                condition=models.Q(reserved__lte=models.F("quantity")), name="stock_reserved_is_there"
            ),
        ]


class Coupon(models.Model):
    code = models.CharField(max_length=16, unique=True)
    percent = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(90)])
    valid_from = models.DateTimeField(db_default=Now())
    valid_until = models.DateTimeField(null=True, blank=True)
    uses_left = models.IntegerField(db_default=1)

    class Meta:
        get_latest_by = ["valid_from", "code"]

    def clean(self) -> None:
        super().clean()
        if self.code != self.code.upper():
            raise ValidationError("A coupon's code is in capitals.", code="lower")


class Order(UUIDModel, TimeStampedModel):
    class Status(models.TextChoices):
        NEW = "N"
        PAID = "P"
        SHIPPED = "S", "On its way"
        DELIVERED = "D"
        CANCELLED = "C"

    number = models.CharField(max_length=12, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    ship_to = models.ForeignKey(
        Address, on_delete=models.SET_NULL, null=True, related_name="orders",
        limit_choices_to=models.Q(kind=Address.SHIPPING),
    )  # fmt: skip
    coupon = models.ForeignKey(Coupon, on_delete=models.SET_NULL, null=True, blank=True)
    status = models.CharField(max_length=1, choices=Status.choices, default=Status.NEW)
    note = models.TextField(blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta(TimeStampedModel.Meta):
        db_table = "shop_orders"
        default_related_name = "orders"

    def __str__(self) -> str:
        return f"#{self.number}"


class OrderLine(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="order_lines")
    quantity = models.PositiveIntegerField(default=1)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2)
    total = models.GeneratedField(
        expression=models.F("quantity") * models.F("unit_price"),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
    )

    class Meta:
        unique_together = (("order", "product"),)
        constraints = [models.CheckConstraint(condition=models.Q(quantity__gt=0), name="line_of_something")]


class Invoice(models.Model):
    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="invoice")
    issued = models.DateField(default=lambda: now().date())
    paid_at = models.DateTimeField(blank=True, null=True)

    class Meta:
        get_latest_by = "issued"

    @property
    def is_paid(self) -> bool:
        return self.paid_at is not None


class Review(TimeStampedModel):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="%(class)ss")
    author = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True, related_name="%(class)ss")
    stars = models.PositiveSmallIntegerField(choices=[(n, "*" * n) for n in range(1, 6)])
    text = models.TextField(blank=True)

    class Meta(TimeStampedModel.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(stars__range=(1, 5)), name="%(class)s_stars"),
            models.UniqueConstraint(fields=["product", "author"], name="%(class)s_once"),
        ]


class GoldCustomer(Customer):
    class Meta:
        proxy = True
        verbose_name = "gold customer"


MODELS = (
    Country, Customer, Address, Category, Brand, Label, Product, ProductImage, Warehouse, StockItem, Coupon,
    Order, OrderLine, Invoice, Review,
)  # fmt: skip
