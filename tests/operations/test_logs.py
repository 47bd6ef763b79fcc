"""The log: one line a record whoever wrote what is in it, and under whose request."""

import json
import logging
import sys
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from portal.briefings import making, work
from portal.core.logs import JsonLines, OneLine
from portal.core.request_ids import WithRequestId, current_request_id, done_for
from portal.webhooks.models import Delivery
from tests.factories import BriefingPackFactory

ID = "0f3c2d9a8b7c4e5f8a9b0c1d2e3f4a5b"
NASTY = "/\nERROR portal forged\r\n\x1b[2J\u2028x\u202e"


def written(formatter: logging.Formatter, message: str, *args: Any, exc_info: Any = None) -> str:
    record = logging.LogRecord("portal.x", logging.WARNING, "x.py", 1, message, args, exc_info)
    WithRequestId().filter(record)
    return formatter.format(record)


@pytest.mark.parametrize("formatter", [JsonLines(), OneLine()])
def test_no_text_of_a_visitor_begins_a_line_or_moves_the_cursor(formatter: logging.Formatter) -> None:
    line = written(formatter, "Not Found: %s", NASTY)
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert "forged" in line


def test_a_traceback_stays_in_its_record() -> None:
    try:
        raise ValueError(NASTY)
    except ValueError:
        found = sys.exc_info()
    told = json.loads(written(JsonLines(), "It failed", exc_info=found))
    assert "ValueError" in told["exc_info"]
    lines = written(OneLine(), "It failed", exc_info=found).splitlines()
    assert all(line.startswith("    ") for line in lines[1:])


def test_a_json_line_says_when_what_where_and_for_which_request() -> None:
    with done_for(ID):
        told = json.loads(written(JsonLines(), "Pack %s", 7))
    assert (told["level"], told["logger"], told["message"], told["request_id"]) == ("WARNING", "portal.x", "Pack 7", ID)
    assert datetime.fromisoformat(told["at"]).utcoffset() == timedelta(0)
    assert not current_request_id()


def test_a_path_with_a_line_break_is_one_line_of_the_log(client: Client, caplog: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(logging.getLogger("django.request"), "propagate", True)
    with caplog.at_level(logging.WARNING, logger="django.request"):
        client.get("/nowhere/%0aERROR%20portal%20forged")
    line = written(OneLine(), caplog.records[-1].getMessage())
    assert "forged" in line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("given", [ID, str(uuid.UUID(ID)), f"urn:uuid:{uuid.UUID(ID)}"])
def test_an_id_is_taken_from_the_request_and_put_into_its_answer(client: Client, given: str) -> None:
    assert client.get("/health/live", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "1", "x" * 5000, f"{ID}\x1b[2J", "<script>", f"{ID}{ID}"])
def test_what_is_no_id_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/health/live", headers={"x-request-id": given})
    assert uuid.UUID(answer["X-Request-ID"]).hex == answer["X-Request-ID"] != given


@pytest.mark.django_db
def test_answers_shared_among_visitors_have_each_an_id_of_its_own(client: Client) -> None:
    first, second = client.get("/measures/"), client.get("/measures/")
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert first["ETag"] == second["ETag"]


@pytest.mark.django_db
def test_a_row_keeps_the_request_that_left_it_and_its_making_logs_under_it(monkeypatch: Any, caplog: Any) -> None:
    with done_for(f"urn:uuid:{uuid.UUID(ID)}"):
        BriefingPackFactory()
        assert Delivery().request_id == ID
    pack = work.claim_due_pack()
    assert pack is not None
    assert pack.request_id == ID
    during: list[str] = []

    def full(*args: Any) -> None:
        during.append(current_request_id())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.briefings.storage.unfinished_path", full)
    logger = logging.getLogger("portal")
    monkeypatch.setattr(logger, "propagate", True)
    making.make_pack(pack)
    assert during == [ID]
    assert f"Pack {pack.pk}: could not be stored" in caplog.text
    assert not current_request_id()
