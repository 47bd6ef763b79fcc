"""What is refused is written down for whoever watches the log: in words of ours, and never as a flood."""

import json
import logging
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from portal.core import security_log
from portal.core.logs import JsonLines, OneLine
from portal.core.security_log import MOST_OF_ALL, MOST_OF_ONE, Refusal, note_refusal

HOSTILE = "/nowhere/people/\r\nportal.security all is well/"


class Clock:
    """A clock that stands until it is set on."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: Any) -> Clock:
    clock = Clock()
    monkeypatch.setattr(security_log, "time", clock)
    return clock


def lines_of(refused: Any, form: logging.Formatter) -> list[str]:
    return [form.format(record) for record in refused.records]


def test_a_line_holds_numbers_and_names_of_ours_alone(refused: Any) -> None:
    request = RequestFactory().generic("M\nX", HOSTILE, headers={"User-Agent": "rosa@example.org"})
    note_refusal(Refusal.NOT_ALLOWED, request, account=7)
    (line,) = lines_of(refused, JsonLines())
    told = json.loads(line)
    assert {name: told[name] for name in ("logger", "refusal", "view", "method", "account", "key")} == {
        "logger": "portal.security", "refusal": "not_allowed", "view": "", "method": "other", "account": 7, "key": None,
    }  # fmt: skip
    for text in (line, *lines_of(refused, OneLine())):
        assert "\n" not in text
        assert not any(word in text for word in ("well", "rosa", "127.0.0.1", "nowhere"))


def test_a_flood_is_counted_and_not_written_out(refused: Any, clock: Clock) -> None:
    request = RequestFactory().get("/editing/")
    for _ in range(1000):
        note_refusal(Refusal.NOT_ALLOWED, request, account=7)
        note_refusal(Refusal.NO_KEY, request)
    for account in range(100, 1000):
        note_refusal(Refusal.NOT_ALLOWED, request, account=account)
    kinds = [(record.refusal, record.account) for record in refused.records]
    assert kinds.count(("not_allowed", 7)) == MOST_OF_ONE
    assert sum(kind == "not_allowed" for kind, _ in kinds) == MOST_OF_ALL
    assert kinds.count(("no_key", None)) == MOST_OF_ALL
    refused.records.clear()
    clock.seconds += 60
    note_refusal(Refusal.LOCKED_OUT, request, account=7)
    told = {record.refusal: getattr(record, "more", None) for record in refused.records}
    assert told == {"not_allowed": 1900 - MOST_OF_ALL, "no_key": 1000 - MOST_OF_ALL, "locked_out": None}


def test_the_metrics_note_who_asks_without_the_token(refused: Any, settings: Any) -> None:
    settings.METRICS_TOKEN = "a token long enough"
    answer: HttpResponse = Client().get("/metrics", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 403
    assert [(record.refusal, record.view) for record in refused.records] == [("not_an_operator", "")]
