"""The read API while things are published, hidden and added: nothing stale, nothing hidden, no further cost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.benefits.models import Measure
from portal.catalogue.services import publish_entry, withdraw_entry
from portal.catalogue.sharing import forget_answers
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation
from tests.exchange.api_scene import LISTS, ONES, get, make_scene, walk, wrong
from tests.factories import (
    AdoptionRecordFactory,
    EvidenceFactory,
    InnovationFactory,
    MembershipFactory,
    TrustFactory,
    UserFactory,
    add_figure,
    cite,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Any:
    return make_scene()


def test_coverage_is_an_interval_and_claims_nothing_of_the_silent(scene: Any) -> None:
    TrustFactory()
    whole = get("coverage/app/")
    assert (whole["coverage"]["live"], whole["coverage"]["silent"], whole["coverage"]["all"]) == (1, 1, 2)
    assert [(one["organisation"], one["stage"]) for one in whole["organisations"]] == [("RQM", "adopted")]
    listed = {one["entry"]["slug"]: one["coverage"] for one in get("coverage/")["results"]}
    assert listed["app"] == whole["coverage"]
    assert listed["bank"] is None
    assert get("coverage/app/?as_at=2025-01-01")["coverage"]["live"] == 0


def test_no_row_comes_twice_or_is_passed_over_while_others_come_and_go() -> None:
    rows = [InnovationFactory(published=True, slug=f"i{letter}", title=letter) for letter in "BDFH"]
    rest = walk("innovations/?limit=2&sort=title")
    assert [next(rest)["title"], next(rest)["title"]] == ["B", "D"]
    InnovationFactory(published=True, title="A")
    withdraw_entry(entry=rows[0], by=UserFactory(), reason="Test")
    InnovationFactory(published=True, title="C")
    InnovationFactory(published=True, title="G")
    assert [row["title"] for row in rest] == ["F", "G", "H"]


def test_a_cursor_belongs_to_its_question() -> None:
    for letter in "AB":
        InnovationFactory(published=True, title=letter)
    cursor = get("innovations/?limit=1")["next"].split("cursor=")[1]
    assert len(get(f"innovations/?cursor={cursor}&limit=50&fields=title")["results"]) == 1
    assert wrong(f"innovations/?cursor={cursor}&q=a") == ["cursor"]
    assert wrong(f"entries/?cursor={cursor}") == ["cursor"]


@pytest.mark.parametrize("address", [*(f"{name}/" for name in LISTS), *ONES])
def test_a_read_asked_again_is_unchanged_until_something_is_published(scene: Any, address: str) -> None:
    first = Client().get(f"/api/v1/{address}", headers={"origin": "https://elsewhere.example"})
    assert first["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in first
    again = Client().get(f"/api/v1/{address}", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    publish_entry(entry=scene)
    assert Client().get(f"/api/v1/{address}", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_script_elsewhere_may_read_and_no_more() -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    allowed = Client().options("/api/v1/entries/", headers=asked)["Access-Control-Allow-Methods"]
    assert allowed == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in Client().get("/about/", headers=asked)


@pytest.mark.parametrize("how", ["draft", "edit", "withdrawn"])
def test_what_is_not_public_is_in_no_answer(scene: Any, how: str) -> None:
    if how == "edit":
        draft = type(scene).objects.get(pk=scene.pk)
        draft.title = draft.summary = "Wallaroo"
        draft.save_revision(clean=False)
    else:
        hidden = InnovationFactory(published=how == "withdrawn", slug="hidden", title="Wallaroo")
        cite(hidden, evidence=EvidenceFactory(key="wallaroo", title="Wallaroo"), finding="Wallaroo")
        add_figure(hidden, label="Wallaroo", measure=Measure.objects.get())
        AdoptionRecordFactory(entry=hidden, organisation=TrustFactory(), note="Wallaroo", said_by="Wallaroo")
        if how == "withdrawn":
            withdraw_entry(entry=hidden, by=UserFactory(), reason="Test")
        for address in ("innovations/hidden/", "coverage/hidden/", "evidence/wallaroo/"):
            assert "Wallaroo" not in str(get(address, 404))
    for address in [*(f"{name}/" for name in LISTS), *ONES]:
        assert "Wallaroo" not in Client().get(f"/api/v1/{address}").text, address


def test_a_read_costs_the_same_for_many_rows_as_for_one(scene: Any) -> None:
    hours, england = Measure.objects.get(), Organisation.objects.get(code="ENG")

    def costs() -> dict[str, int]:
        for name in ("entries", "coverage"):
            get(f"{name}/?limit=1")  # makes the index again, and reads what is kept of organisations
        return {address: _cost(address) for address in [*(f"{name}/" for name in LISTS), *ONES]}

    def add(number: int) -> None:
        trust = TrustFactory()
        MembershipFactory(organisation=trust, within=england)
        entry = InnovationFactory(published=True, title=f"Further {number}", places=[trust], other_names=["It"])
        cite(entry, evidence=Evidence.objects.get(key="report"), finding="So it was.", published=False)
        add_figure(entry, measure=hours, place=trust)
        add_figure(scene, measure=hours, place=trust, period_start="2020-04-01", period_end="2021-03-31")
        AdoptionRecordFactory(entry=entry, organisation=trust, stage="adopted", on="2026-02", said_by="The trust")
        AdoptionRecordFactory(entry=scene, organisation=trust, stage="piloting", on="2026-02", said_by="The trust")

    add(0)
    few = costs()
    for number in range(1, 6):
        add(number)
    assert costs() == few
    assert max(few.values()) <= 30


def _cost(address: str) -> int:
    forget_answers()
    with CaptureQueriesContext(connection) as queries:
        get(address)
    return len(queries)
