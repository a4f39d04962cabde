"""System checks: each finding has an id, a place and a fix; right models have none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import dorm
from dorm import Q
from dorm.checks import run_checks
from dorm.cli.main import main


def found(*models):
    return [(message.id, message.object.rpartition(".")[2]) for message in run_checks(models)]


def test_right_models_have_no_findings():
    class Shelf(dorm.Model):
        name = dorm.CharField(max_length=20, default="A")
        meta = dorm.JSONField(default={"a": []})

        class Meta:
            ordering = ["-name"]
            indexes = [dorm.Index(["name"], name="shelf_name", condition=Q(name__gt="B"))]

    class Book(dorm.Model):
        shelf = dorm.ForeignKey(Shelf, on_delete=dorm.CASCADE)
        day = dorm.DateField(null=True)
        title = dorm.CharField(max_length=20, unique_for_date="day")

        class Meta:
            ordering = ["shelf__name", "title"]

    assert run_checks([Shelf, Book]) == []


def test_fields_are_checked():
    class Wrong(dorm.Model):
        other = dorm.ForeignKey("NoSuchModel", on_delete=dorm.CASCADE)

    class Defaults(dorm.Model):
        tags = dorm.Field(default=[])
        moment = dorm.DateTimeField(default=datetime.now(UTC))
        short = dorm.CharField(max_length=2, default="long")
        age = dorm.IntegerField(choices=[(1, "one")], default=2)

    class Lengths(dorm.Model):
        open = dorm.CharField()
        kind = dorm.CharField(max_length=2, choices=[("abc", "ABC")])
        title = dorm.CharField(max_length=5, unique_for_month="kind")

    assert found(Wrong) == [("fields.E001", "other")]
    assert found(Defaults) == [
        ("fields.W001", "tags"),
        ("fields.W002", "moment"),
        ("fields.E002", "short"),
        ("fields.E002", "age"),
    ]
    assert found(Lengths) == [("fields.W003", "open"), ("fields.E003", "kind"), ("fields.E004", "title")]


def test_models_are_checked():
    class Ordered(dorm.Model):
        age = dorm.IntegerField()

        class Meta:
            ordering = ["aeg"]

    class Bounded(dorm.Model):
        age = dorm.IntegerField()

        class Meta:
            constraints = [dorm.CheckConstraint(condition=Q(aeg__gt=3), name="bounded")]

    class Listed(dorm.Model):
        items = dorm.ArrayField(dorm.IntegerField())

    assert found(Ordered) == [("models.E001", "Ordered")]
    assert found(Bounded) == [("models.E002", "Bounded")]
    (message,) = run_checks([Bounded])
    assert "Did you mean 'age'" in str(message) and message.hint
    dorm.configure(DATABASES={"default": {"ENGINE": "sqlite", "NAME": ":memory:"}})
    assert found(Listed) == [("models.E003", "Listed")]
    dorm.configure(DATABASES={"default": {"ENGINE": "postgresql", "NAME": "x"}})
    assert found(Listed) == []


def test_tables_and_names_of_indexes_are_not_shared():
    class One(dorm.Model):
        age = dorm.IntegerField()

        class Meta:
            db_table = "check_one"
            indexes = [dorm.Index(["age"], name="check_age")]

    class Two(dorm.Model):
        age = dorm.IntegerField()

        class Meta:
            db_table = "check_two"
            indexes = [dorm.Index(["age"], name="check_age")]

    class Three(dorm.Model):
        class Meta:
            db_table = "check_one"

    class Child(One):
        class Meta:
            db_table = "check_one"

    assert found(One, Two) == [("models.E005", "Two")]
    assert found(One, Three) == [("models.E004", "Three")]
    assert found(One, Child) == []


@pytest.fixture
def project(tmp_path, monkeypatch, request):
    """Give a way to write a project whose one app has these models."""

    def written(models):
        name = f"app_{abs(hash(request.node.nodeid)) % 10**8}"
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "models.py").write_text(f"import dorm\n\n\n{models}")
        settings = (
            f"INSTALLED_APPS = [{name!r}]\nDATABASES = {{'default': {{'ENGINE': 'sqlite', 'NAME': 'x'}}}}\n"
        )
        (tmp_path / f"{name}_settings.py").write_text(settings)
        return f"{name}_settings"

    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return written


def test_the_command_ends_with_1_when_there_are_errors(project, capsys):
    settings = project("class Bad(dorm.Model):\n    other = dorm.ForeignKey('Nix', on_delete=dorm.CASCADE)\n")

    assert main(["check", "--settings", settings]) == 1
    shown = capsys.readouterr().out
    assert "Bad.other: (fields.E001)" in shown and "1 error, 0 warnings." in shown


def test_the_command_ends_with_0_when_all_is_well(project, capsys):
    settings = project("class Good(dorm.Model):\n    name = dorm.CharField(max_length=5)\n")

    assert main(["check", "--settings", settings]) == 0
    assert "No issues found." in capsys.readouterr().out


def test_the_command_says_what_is_missing(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--settings", "no_such_settings"]) == 2
    assert "there is no settings module 'no_such_settings'" in capsys.readouterr().err
