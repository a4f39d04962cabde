"""A text that may be blank is "" where a row says nothing of it, as a Django file expects.

Rests on the shop's models.
"""

from __future__ import annotations

import dorm
from dorm import models
from tests.porting.shop.models import Brand


def test_a_blank_text_without_a_default_is_not_null(call):
    call(dorm.create_tables, Brand)
    call(Brand.objects.create, name="Sharp")
    assert call(Brand.objects.get).website == ""


def test_a_text_that_may_be_null_or_has_a_default_keeps_it():
    assert models.CharField(blank=True, null=True).get_default() is None
    assert models.CharField(blank=True, default="x").get_default() == "x"
    assert models.CharField().get_default() is None
