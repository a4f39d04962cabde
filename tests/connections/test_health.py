"""health_check() and its twin: an answer, whatever is wrong."""

from __future__ import annotations

import dorm


def test_a_database_that_answers_is_ok(call):
    answer = call(dorm.health_check)
    assert answer.pop("elapsed_ms") >= 0
    assert answer == {"status": "ok", "alias": "default"}


def test_an_unknown_alias_is_an_answer_too(call):
    answer = call(dorm.health_check, alias="nowhere")
    assert (answer["status"], answer["alias"]) == ("error", "nowhere")
    assert answer["error"].startswith("ImproperlyConfigured: there is no database 'nowhere'")
    assert isinstance(answer["elapsed_ms"], float)


def test_a_database_that_cannot_be_opened_is_an_error(call, tmp_path):
    missing = {"ENGINE": "sqlite", "NAME": str(tmp_path / "no folder" / "a.sqlite3")}
    dorm.configure(DATABASES={"default": missing})
    answer = call(dorm.health_check)
    assert answer["status"] == "error"
    assert answer["error"].startswith("OperationalError: ")


def test_a_server_that_is_not_there_is_an_error(call, tmp_path):
    gone = {
        "ENGINE": "postgresql",
        "NAME": "x",
        "HOST": str(tmp_path),
        "POOL_TIMEOUT": 0.2,
        "PASSWORD": "secret",
    }
    dorm.configure(DATABASES={"default": gone})
    answer = call(dorm.health_check)
    assert answer["status"] == "error"
    assert "secret" not in answer["error"]
