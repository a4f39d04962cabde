"""How Django knows the app; without it, no relation has another side."""

from __future__ import annotations

from django.apps import AppConfig


class OracleConfig(AppConfig):
    name = "tests.oracle.django_app"
    label = "oracle"
