"""A file of returns: all of it or nothing, with every problem named, and again without harm."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.adoption.models import AdoptionRecord
from portal.adoption.services import BrokenReturns, load_returns
from tests.factories import InnovationFactory, TrustFactory

pytestmark = pytest.mark.django_db
GOOD = {"entry": "night-rota-app", "organisation": "RQM", "stage": "adopted", "on": "2025-03", "said_by": "A return"}


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Return a function that writes rows as a CSV file."""
    InnovationFactory(published=True, slug="night-rota-app")
    TrustFactory(code="RQM")

    def write(*rows: dict[str, str]) -> Path:
        path = tmp_path / "returns.csv"
        with path.open("w", newline="") as opened:
            writer = csv.DictWriter(opened, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def test_the_command_adds_what_is_new(file: Any) -> None:
    said = io.StringIO()
    call_command("load_returns", file(GOOD, GOOD | {"stage": "sustained", "on": "2025-06"}), stdout=said)
    call_command("load_returns", file(GOOD, GOOD | {"stage": "sustained", "on": "2025-09"}), stdout=said)
    assert said.getvalue().splitlines() == [
        "2 new records, 0 that were there already.",
        "1 new records, 1 that were there already.",
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"entry": "no-such"}, "row 3: entry: no published entry has the address “no-such”"),
        ({"organisation": "ZZZ"}, "row 3: organisation: no organisation has the code “ZZZ”"),
        ({"stage": "dreaming"}, "row 3: stage: “dreaming” is no stage"),
        ({"stage": "stopped"}, "row 3: stop_reason: give one when, and only when, the stage is stopped"),
        ({"on": "31/03/2025"}, "row 3: on: '31/03/2025' is not a date"),
        ({"on": "2999"}, "row 3: on: 2999 has not come yet"),
        ({"said_by": ""}, "row 3: said_by: it is empty"),
        ({"said_by": "x" * 201}, "row 3: said_by: it is longer than 200 characters"),
    ],
)
def test_one_wrong_row_is_named_and_nothing_is_loaded(file: Any, wrong: dict[str, str], says: str) -> None:
    with pytest.raises(CommandError, match=says.replace("(", r"\(")):
        call_command("load_returns", file(GOOD, GOOD | wrong))
    assert not AdoptionRecord.objects.exists()


def test_a_file_that_is_none_is_refused_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be read"):
        call_command("load_returns", tmp_path / "missing.csv")
    (tmp_path / "short.csv").write_text("entry,stage\nx,adopted\n")
    with pytest.raises(CommandError, match="the columns on, organisation, said_by are missing"):
        call_command("load_returns", tmp_path / "short.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("load_returns", tmp_path / "binary.csv")


def test_a_draft_takes_no_returns() -> None:
    InnovationFactory(slug="a-draft")
    TrustFactory(code="RQM")
    with pytest.raises(BrokenReturns, match="no published entry"):
        load_returns([GOOD | {"entry": "a-draft"}])
