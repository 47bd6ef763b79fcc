"""A ledger as JSON, CSV and a workbook."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client

from portal.benefits import files
from portal.benefits.models import BenefitFigure, Measure
from portal.organisations.models import Organisation
from tests.factories import EvidenceFactory, InnovationFactory, MeasureFactory, add_figure, publish_with_figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(england: Organisation, hours: Measure) -> tuple[BenefitFigure, BenefitFigure]:
    """A counted figure, and one of the same entry that it displaces."""
    entry = InnovationFactory(title="Bank app", slug="bank-app")
    source = EvidenceFactory(title="An evaluation", url="https://example.org/evaluation", type="rct")
    fields = {"entry": entry, "place": england, "measure": hours}
    kept = add_figure(
        **fields, value=Decimal("7121.5"), qualifier="more_than", evidence=source, locator="page 3", label="Hours"
    )
    return kept, publish_with_figure(**fields, value=Decimal("0.1"), label="Hours again")


def as_json(client: Client, query: str = "") -> Any:
    answer = client.get(f"/impact/hours-released.json{query}")
    assert answer.status_code == 200
    return json.loads(answer.content)


def as_csv(client: Client, query: str = "") -> list[dict[str, str]]:
    lines = b"".join(client.get(f"/impact/hours-released.csv{query}").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(lines)))


def test_json_says_what_was_asked_and_answered(client: Client, ledger: Any) -> None:
    told = as_json(client, "?period=2023/24")
    assert told["measure"] == "hours-released"
    assert (told["unit"], told["period"], told["place"], told["basis"]) == ("hours", "2023/24", "England", "observed")
    assert (told["total"], told["qualifier"], told["text"]) == ("7121.5", "at least", "At least 7,121.5 hours")
    assert set(told) >= {"as_at", "counted", "left_out"}


def test_json_rows_lead_to_entry_source_and_locator(client: Client, ledger: Any) -> None:
    (row,) = as_json(client)["counted"]
    assert row["figure"] == str(ledger[0].public_id)
    assert (row["entry"], row["value"], row["period"], row["place"]) == ("Bank app", "7121.5", "2023/24", "England")
    assert row["entry_url"].endswith("/innovations/bank-app/")
    assert client.get(row["entry_url"]).status_code == 200
    assert (row["source"], row["source_url"]) == ("An evaluation", "https://example.org/evaluation")
    assert row["locator"] == "page 3"


def test_json_says_why_a_row_was_left_out_and_for_which(client: Client, ledger: Any) -> None:
    (row,) = as_json(client)["left_out"]
    assert (row["reason"], row["displaced_by"]) == ("overlaps_a_counted_figure", str(ledger[0].public_id))
    assert "More than 7,121.5 hours".lower() in row["why"]
    assert row["value"] == "0.1"


def test_json_of_an_unchanged_ledger_is_not_sent_again(client: Client, ledger: Any, hours: Measure) -> None:
    first = client.get("/impact/hours-released.json")
    again = client.get("/impact/hours-released.json", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    add_figure(InnovationFactory(published=True), place=ledger[0].place, measure=hours, value=1)
    changed = client.get("/impact/hours-released.json", headers={"if-none-match": first["ETag"]})
    assert json.loads(changed.content)["total"] == "7122.5"


def test_a_long_ledger_comes_in_pages_that_hold_each_row_once(
    client: Client, england: Organisation, hours: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = InnovationFactory(published=True)
    for value in (5, 4, 3):
        add_figure(InnovationFactory(published=True), place=england, measure=hours, value=value)
    for _ in range(2):
        add_figure(entry, place=england, measure=hours, role="baseline")
    monkeypatch.setattr(files, "ROWS_ON_A_PAGE", 2)
    pages = [as_json(client, f"?page={page}") for page in (1, 2, 3, 4)]
    assert [page["pages"] for page in pages] == [3, 3, 3, 3]
    assert [[len(page["counted"]), len(page["left_out"])] for page in pages] == [[2, 0], [1, 1], [0, 1], [0, 0]]
    assert len({row["figure"] for page in pages for row in page["counted"] + page["left_out"]}) == 5
    assert {page["total"] for page in pages} == {"12"}


def test_csv_has_the_total_and_the_same_rows(client: Client, ledger: Any) -> None:
    total, counted, left_out = as_csv(client)
    told = as_json(client)
    assert (total["bucket"], total["value"], total["text"]) == ("total", told["total"], told["text"])
    assert (counted["bucket"], counted["figure"]) == ("counted", told["counted"][0]["figure"])
    assert (left_out["bucket"], left_out["why"]) == ("left_out", told["left_out"][0]["why"])
    assert {row["as_at"] for row in (total, counted, left_out)} == {told["as_at"]}


def test_the_workbook_has_the_same_rows_and_numbers_a_sheet_can_add(client: Client, ledger: Any) -> None:
    answer = client.get("/impact/hours-released.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    statement = dict(book["Total"].iter_rows(min_row=1, max_col=2, values_only=True))
    assert statement["Total"] == as_json(client)["text"]
    names, *rows = book["Ledger"].iter_rows(values_only=True)
    assert [dict(zip(names, row, strict=True))["value"] for row in rows] == [7121.5, 7121.5, 0.1]


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_no_cell_is_taken_for_a_formula(client: Client, england: Organisation, hours: Measure, hostile: str) -> None:
    entry = InnovationFactory(published=True, title=hostile)
    add_figure(entry, place=england, measure=hours, label=hostile, locator=hostile)
    _, row = as_csv(client)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row.values())
    book = openpyxl.load_workbook(io.BytesIO(client.get("/impact/hours-released.xlsx").content))
    assert {cell.data_type for line in book["Ledger"].iter_rows() for cell in line} <= {"s", "n"}


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx"])
@pytest.mark.parametrize(
    ("address", "status", "field"),
    [
        ("/impact/nope.", 404, "measure"),
        ("/impact/leaver-rate.", 400, "measure"),
        ("/impact/hours-released.{}?period=2022/24", 400, "period"),
        ("/impact/hours-released.{}?from=2023-02-30", 400, "from"),
        ("/impact/hours-released.{}?place=ZZ", 400, "place"),
    ],
)
def test_a_bad_question_is_answered_with_field_problem_and_fix(
    client: Client, ledger: Any, ending: str, address: str, status: int, field: str
) -> None:
    MeasureFactory(key="leaver-rate", unit="percent", additive=False)
    path = address.format(ending) if "{}" in address else address + ending
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    (error,) = json.loads(answer.content)["errors"]
    assert error["field"] == field
    assert error["problem"]
    assert error["fix"]


def test_a_page_of_rows_that_is_no_number_is_refused(client: Client, ledger: Any) -> None:
    assert client.get("/impact/hours-released.json?page=0").status_code == 400


def test_a_ledger_costs_the_same_for_one_row_as_for_twenty(
    client: Client, england: Organisation, hours: Measure, django_assert_num_queries: Any
) -> None:
    add_figure(InnovationFactory(published=True), place=england, measure=hours)
    client.get("/impact/hours-released.json?place=ENG")
    with django_assert_num_queries(11):
        client.get("/impact/hours-released.json")
    for _ in range(20):
        publish_with_figure(InnovationFactory(), place=england, measure=hours)
    client.get("/impact/hours-released.json?place=ENG")
    with django_assert_num_queries(11):
        client.get("/impact/hours-released.json")
    with django_assert_num_queries(1):
        client.get("/impact/hours-released.json")
