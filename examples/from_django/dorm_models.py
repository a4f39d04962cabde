"""The same shop on dorm: the imports are others, and the functions say their types."""

from __future__ import annotations

from dorm import Q, models
from dorm.validators import MinValueValidator


class Status(models.TextChoices):
    OPEN = "open", "Open"
    PAID = "paid", "Paid"
    SENT = "sent", "Sent"


class Customer(models.Model):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    joined = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or self.email


class Product(models.Model):
    name = models.CharField(max_length=100)
    price = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(0)])
    tags = models.ManyToManyField("Tag", related_name="products")

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(price__gte=0), name="price_not_negative")]


class Tag(models.Model):
    word = models.SlugField(unique=True)


class OrderQuerySet(models.QuerySet["Order"]):
    def unpaid(self) -> OrderQuerySet:
        return self.filter(status=Status.OPEN)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    placed = models.DateTimeField(auto_now_add=True)
    note = models.TextField(blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["status", "placed"], name="order_status_placed")]


class OrderLine(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField(default=1)

    class Meta:
        unique_together = [("order", "product")]
