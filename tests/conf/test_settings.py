"""Settings: what is taken, and what is said about the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from dorm import conf
from dorm.conf import Settings, configure, settings
from dorm.exceptions import ImproperlyConfigured

SQLITE = {"ENGINE": "sqlite", "NAME": "db.sqlite3"}


@pytest.fixture(autouse=True)
def unchanged(monkeypatch):
    """Leave the settings as they were."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    before = dict(settings.__dict__)
    yield
    settings.__dict__.clear()
    settings.__dict__.update(before)


def taken(**database):
    configure(DATABASES={"default": database})
    return settings.DATABASES["default"]


def refused(database):
    with pytest.raises(ImproperlyConfigured) as caught:
        configure(DATABASES={"default": database})
    return str(caught.value)


def test_all_settings_are_given_as_one_dict():
    whole: Settings = {"DATABASES": {"default": SQLITE}, "TIME_ZONE": "Europe/Vienna"}
    configure(**whole)
    assert (settings.DATABASES["default"]["NAME"], settings.TIME_ZONE) == ("db.sqlite3", "Europe/Vienna")
    assert settings.USE_TZ is True


def test_a_setting_that_is_not_given_stays_and_one_of_the_users_own_is_kept():
    configure(USE_TZ=False)
    configure(TIME_ZONE="Europe/Vienna", MY_OWN=3)
    assert (settings.USE_TZ, settings.MY_OWN) == (False, 3)


def test_the_typed_settings_are_those_that_there_are():
    assert set(Settings.__annotations__) == set(vars(conf.CurrentSettings()))


def test_defaults():
    fresh = conf.CurrentSettings()
    assert (fresh.DATABASES, fresh.INSTALLED_APPS, fresh.DATABASE_ROUTERS) == ({}, [], [])
    assert (fresh.USE_TZ, fresh.TIME_ZONE, fresh.ASYNC_STRICT) == (True, "UTC", False)


def test_configure_keeps_what_it_is_not_given():
    configure(USE_TZ=False)
    configure(ASYNC_STRICT=True, SHOP_NAME="Ada's")
    assert (settings.USE_TZ, settings.ASYNC_STRICT, settings.SHOP_NAME) == (False, True, "Ada's")


def test_settings_are_assignable():
    settings.SHOP_NAME = "Ada's"
    settings.DATABASES = {"default": {"engine": "sqlite", "name": "x"}}
    assert settings.SHOP_NAME == "Ada's"
    assert settings.DATABASES["default"]["NAME"] == "x"


def test_an_unknown_setting_is_an_attribute_error():
    with pytest.raises(AttributeError, match="Did you mean 'USE_TZ'"):
        settings.USE_TS  # noqa: B018
    assert getattr(settings, "MISSING", 3) == 3


def test_the_repr_holds_no_password():
    configure(DATABASES={"default": {"ENGINE": "postgresql", "NAME": "x", "PASSWORD": "hidden"}})
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATABASE", "DATABASES"),
        ("databases", "DATABASES"),
        ("TIMEZONE", "TIME_ZONE"),
        ("INSTALED_APPS", "INSTALLED_APPS"),
    ],
)
def test_a_slip_in_a_settings_name_is_refused(name, meant):
    with pytest.raises(ImproperlyConfigured, match=f"{name!r}.*Did you mean {meant!r}"):
        configure(**{name: {}})


def test_nothing_is_set_when_something_is_wrong():
    with pytest.raises(ImproperlyConfigured):
        configure(SHOP_NAME="x", USE_TZ="yes")
    assert not hasattr(settings, "SHOP_NAME")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("USE_TZ", 1, "USE_TZ must be True or False, not 1"),
        ("TIME_ZONE", "Mars/Olympus", "Europe/Vienna"),
        ("TIME_ZONE", None, "Europe/Vienna"),
        ("INSTALLED_APPS", "blog", "INSTALLED_APPS must be a list"),
        ("INSTALLED_APPS", ["../evil"], "dotted package names"),
        ("DATABASE_ROUTERS", 3, "DATABASE_ROUTERS must be a list"),
        ("DATABASES", [], "dict from alias to database"),
        ("DATABASES", {"": SQLITE}, "non-empty text"),
        ("DATABASES", {"default": 3}, "a dict or a URL"),
    ],
)
def test_a_wrong_value_is_refused_with_what_would_be_right(name, value, text):
    with pytest.raises(ImproperlyConfigured) as caught:
        configure(**{name: value})
    assert text in str(caught.value)


# -- DATABASES -------------------------------------------------------------------------------------


def test_keys_are_taken_in_any_case():
    found = taken(Engine="sqlite", name=Path("db.sqlite3"), options={"JOURNAL_MODE": "wal"})
    assert found == {"ENGINE": "sqlite", "NAME": "db.sqlite3", "OPTIONS": {"journal_mode": "WAL"}}


@pytest.mark.parametrize("engine", ["sqlite", "sqlite3", "SQLite", "django.db.backends.sqlite3"])
def test_an_engine_has_several_names(engine):
    assert taken(ENGINE=engine, NAME="x")["ENGINE"] == "sqlite"


def test_the_users_dict_is_left_alone():
    mine = {"engine": "sqlite", "name": "x"}
    configure(DATABASES={"default": mine})
    assert mine == {"engine": "sqlite", "name": "x"}


@pytest.mark.parametrize(
    ("database", "texts"),
    [
        (
            {**SQLITE, "NAEM": "x"},
            ["DATABASES['default'] has no key 'NAEM'", "Did you mean 'NAME'", "Keys: "],
        ),
        ({**SQLITE, "name": "x"}, ["'NAME' twice"]),
        ({"NAME": "x"}, ["no 'ENGINE'", "'sqlite' or 'postgresql'"]),
        ({"ENGINE": "sqllite", "NAME": "x"}, ["'sqllite'", "Did you mean 'sqlite'"]),
        (
            {"ENGINE": "mysql", "NAME": "x"},
            ["'mysql'", "'sqlite' or 'postgresql'", "django.db.backends.sqlite3"],
        ),
        ({"ENGINE": 3, "NAME": "x"}, ["unknown ENGINE 3"]),
        ({"ENGINE": "sqlite"}, ["no 'NAME'", ":memory:"]),
        ({"ENGINE": "sqlite", "NAME": ""}, ["no 'NAME'"]),
        ({"ENGINE": "sqlite", "NAME": "a\0b"}, ["must be the path"]),
        ({"ENGINE": "sqlite", "NAME": 3}, ["the path of a file", "not 3"]),
        ({**SQLITE, "PORT": "http"}, ["['PORT'] must be a port number, not 'http'"]),
        ({**SQLITE, "PORT": 70000}, ["port number"]),
        ({**SQLITE, "MAX_POOL_SIZE": 0}, ["MAX_POOL_SIZE", "above 0"]),
        ({**SQLITE, "MIN_POOL_SIZE": 20}, ["MIN_POOL_SIZE must not be above MAX_POOL_SIZE"]),
        ({**SQLITE, "POOL_TIMEOUT": "30"}, ["number of seconds"]),
        ({**SQLITE, "POOL_CHECK": "no"}, ["True or False"]),
        ({"ENGINE": "postgresql", "NAME": "x", "PGBOUNCER": 1}, ["PGBOUNCER", "True or False"]),
        ({**SQLITE, "OPTIONS": 3}, ["['OPTIONS'] must be a dict"]),
        ({**SQLITE, "OPTIONS": {"journalmode": "WAL"}}, ["no 'journalmode'", "Did you mean 'journal_mode'"]),
        (
            {**SQLITE, "OPTIONS": {"journal_mode": "WAL; DROP"}},
            ["DELETE, TRUNCATE, PERSIST, MEMORY, WAL, OFF"],
        ),
        ({**SQLITE, "OPTIONS": {"synchronous": 1}}, ["OFF, NORMAL, FULL, EXTRA"]),
        ({**SQLITE, "OPTIONS": {"busy_timeout": 1.5}}, ["milliseconds"]),
        ({**SQLITE, "OPTIONS": {"foreign_keys": 1}}, ["True or False"]),
        ({**SQLITE, "OPTIONS": {"cached_statements": -1}}, ["0 or more"]),
        (
            {"ENGINE": "postgresql", "NAME": "x", "OPTIONS": {"MAX_IDLE": 3}},
            ["'MAX_IDLE'", "lower case", "beside"],
        ),
    ],
)
def test_a_wrong_database_is_refused_with_what_would_be_right(database, texts):
    message = refused(database)
    assert [text for text in texts if text not in message] == []


@pytest.mark.parametrize("mode", ["delete", "TRUNCATE", "persist", "memory", "Wal", "off"])
def test_the_six_journal_modes_are_taken(mode):
    assert taken(**SQLITE, OPTIONS={"journal_mode": mode})["OPTIONS"] == {"journal_mode": mode.upper()}


# -- URLs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///db.sqlite3", "db.sqlite3"),
        ("sqlite:////srv/a%20b.sqlite3", "/srv/a b.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_a_url_of_sqlite(url, name):
    configure(DATABASES={"default": url})
    assert settings.DATABASES["default"] == {"ENGINE": "sqlite", "NAME": name, "OPTIONS": {}}


def test_a_url_bears_options():
    configure(DATABASES={"default": "sqlite:///x?journal_mode=wal&busy_timeout=50&foreign_keys=off"})
    options = settings.DATABASES["default"]["OPTIONS"]
    assert options == {"journal_mode": "WAL", "busy_timeout": 50, "foreign_keys": False}


def test_a_url_of_postgresql():
    configure(DATABASES={"default": "postgres://ada:p%40ss@db.example:5433/shop?sslmode=require"})
    assert settings.DATABASES["default"] == {
        "ENGINE": "postgresql",
        "NAME": "shop",
        "USER": "ada",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": 5433,
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("db.sqlite3", "not a database URL"),
        ("sqlite://db.sqlite3", "three slashes"),
        ("sqlite:///", "no 'NAME'"),
        ("mysql://host/db", "unknown ENGINE 'mysql'"),
        ("postgresql://u:hidden@host:port/db", "not a database URL"),
    ],
)
def test_a_wrong_url_is_refused_without_showing_a_password(url, text):
    message = refused(url)
    assert text in message
    assert "hidden" not in message


def test_the_environments_url_is_read_when_there_are_no_databases(monkeypatch):
    settings.DATABASES = {}
    monkeypatch.setenv("DATABASE_URL", "sqlite:///env.sqlite3")
    assert conf.database("default")["NAME"] == "env.sqlite3"
    configure(DATABASES={"default": SQLITE})
    assert conf.database("default")["NAME"] == "db.sqlite3"


def test_listeners_hear_what_was_configured():
    heard = []
    conf.on_configure(heard.append)
    try:
        configure(ASYNC_STRICT=True, SHOP_NAME="x")
    finally:
        conf._listeners.remove(heard.append)
    assert heard == [{"ASYNC_STRICT", "SHOP_NAME"}]
