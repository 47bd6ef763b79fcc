"""The read API: what it tells, what it refuses, and how its lists go on."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.benefits.files import ledger_as_dict
from portal.benefits.ledgers import total_of
from portal.benefits.models import Measure
from portal.benefits.questions import ask
from portal.catalogue.services import publish_entry, withdraw_entry
from portal.catalogue.sharing import forget_answers
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation
from tests.factories import (
    AdoptionRecordFactory,
    CaseStudyFactory,
    EvidenceFactory,
    InnovationFactory,
    MembershipFactory,
    ParticipantFactory,
    ThemeFactory,
    TrustFactory,
    UserFactory,
    add_figure,
    cite,
)

pytestmark = pytest.mark.django_db

LISTS = [
    *("entries", "innovations", "case-studies", "evidence", "measures", "figures", "totals"),
    *("adoption", "coverage", "organisations"),
]
ONES = [
    *("innovations/app/", "case-studies/bank/", "evidence/report/", "measures/hours-released/"),
    *("totals/hours-released/", "coverage/app/", "organisations/RQM/"),
]


def get(address: str, status: int = 200, **more: Any) -> Any:
    answer = Client().get(f"/api/v1/{address}", **more)
    assert answer.status_code == status, answer.content
    return answer.json()


def walk(address: str) -> Iterator[dict[str, Any]]:
    """Yield every row of a list, page by page."""
    while address:
        page = get(address)
        yield from page["results"]
        address = (page["next"] or "").removeprefix(f"{settings.SITE_URL}/api/v1/")


def wrong(address: str, status: int = 400) -> list[str]:
    """Return which fields a refused question names, each with a problem and what would do."""
    told = get(address, status)
    assert told["status"] == status
    assert all(error["problem"] and error["fix"] for error in told["errors"])
    return [error["field"] for error in told["errors"]]


@pytest.fixture
def scene(england: Organisation, hours: Measure) -> Any:
    trust = TrustFactory(code="RQM", name="Some Trust")
    MembershipFactory(organisation=trust, within=england)
    app = InnovationFactory(published=True, slug="app", title="App", themes=[ThemeFactory(slug="banks")])
    source = EvidenceFactory(key="report")
    cite(app, evidence=source, finding="It saved time.", published=False)
    add_figure(app, measure=hours, value=Decimal("1250.50"), place=trust, evidence=source, qualifier="about")
    bank = CaseStudyFactory(published=True, slug="bank", title="Bank", innovations_used=[app])
    ParticipantFactory(case_study=bank, organisation=trust, name="Some Trust")
    publish_entry(entry=bank)
    AdoptionRecordFactory(entry=app, organisation=trust, stage="adopted", on="2026-01", said_by="The trust")
    return app


def test_an_entry_comes_with_its_figures_sources_and_kind(scene: Any) -> None:
    told = get("innovations/app/")
    assert told["title"] == "App"
    assert told["url"] == f"{settings.SITE_URL}/innovations/app/"
    assert [one["slug"] for one in told["case_studies"]] == ["bank"]
    assert [(one["source"]["key"], one["finding"]) for one in told["evidence"]] == [("report", "It saved time.")]
    assert told["adoption"]["stage"] == "adopted"
    assert told["headline"] == told["figures"][0]
    assert [one["name"] for one in get("case-studies/bank/")["participants"]] == ["Some Trust"]


NEEDED = {"value", "unit", "basis", "qualifier", "period", "place", "role", "achievement"}


def test_no_figure_travels_without_what_belongs_to_it_and_its_number_is_exact(scene: Any) -> None:
    thin = get("figures/?fields=value")["results"][0]
    assert thin.keys() >= NEEDED
    assert "method" not in thin
    for figure in (
        thin,
        get("innovations/app/")["figures"][0],
        get("entries/?fields=headline")["results"][0]["headline"],
    ):
        assert figure.keys() >= NEEDED
        assert (figure["value"], figure["unit"], figure["qualifier"]) == ("1250.5", "hours", "about")
        assert figure["period"]["text"] == "2023/24"
        assert figure["place"] == {"code": "RQM", "text": "Some Trust"}
        assert figure["text"] == "About 1,250.5 hours"


def test_totals_are_those_of_the_ledger(scene: Any, england: Organisation, hours: Measure) -> None:
    ledger = ledger_as_dict(total_of(hours, ask(place=england)), settings.SITE_URL)
    assert get("totals/hours-released/") == ledger
    assert ledger["total"] == "1250.5"
    listed = get("totals/?place=ENG&fields=total")["results"]
    assert [(one["measure"], one["text"], one["basis"]) for one in listed] == [
        ("hours-released", ledger["text"], "observed")
    ]
    assert get("totals/hours-released/?period=2019")["total"] == "0"


def test_coverage_is_an_interval_and_claims_nothing_of_the_silent(scene: Any) -> None:
    TrustFactory()
    whole = get("coverage/app/")
    assert (whole["coverage"]["live"], whole["coverage"]["silent"], whole["coverage"]["all"]) == (1, 1, 2)
    assert [(one["organisation"], one["stage"]) for one in whole["organisations"]] == [("RQM", "adopted")]
    listed = {one["entry"]["slug"]: one["coverage"] for one in get("coverage/")["results"]}
    assert listed["app"] == whole["coverage"]
    assert listed["bank"] is None
    assert get("coverage/app/?as_at=2025-01-01")["coverage"]["live"] == 0


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("entries/?kind=innovation", ["app"]),
        ("entries/?q=bank&sort=relevance", ["bank"]),
        ("entries/?theme=banks", ["app"]),
        ("figures/?entry=app&basis=observed&fields=entry", ["app"]),
        ("figures/?entry=bank", []),
        ("figures/?place=RQM&measure=hours-released&role=benefit", ["app"]),
        ("adoption/?organisation=RQM&stage=adopted", ["app"]),
        ("adoption/?stage=stopped", []),
        ("evidence/?type=rct", []),
        ("organisations/?q=some&kind=trust&open=yes", ["RQM"]),
        ("measures/?additive=no", []),
        ("measures/?topic=time", ["hours-released"]),
    ],
)
def test_filters_narrow_lists(scene: Any, address: str, found: list[str]) -> None:
    rows = get(address)["results"]
    assert [(row.get("entry") or row).get("slug") or row.get("code") or row.get("key") for row in rows] == found


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("entries/?nonsense=1&page=2", ["nonsense", "page"]),
        ("entries/?theme=none&sort=none", ["theme", "sort"]),
        ("entries/?q=%2B%2B&year=never", ["q", "year"]),
        ("innovations/?sort=benefit", ["measure"]),
        ("innovations/?fields=title,none", ["fields"]),
        ("innovations/?fields=", ["fields"]),
        ("innovations/?limit=0", ["limit"]),
        ("innovations/?limit=101", ["limit"]),
        ("innovations/?limit=²", ["limit"]),
        ("innovations/?cursor=WzFd", ["cursor"]),
        ("innovations/?limit=1&limit=2", ["limit"]),
        ("figures/?basis=guess&entry=draft", ["entry", "basis"]),
        ("figures/?basis=observed&basis=modelled", ["basis"]),
        ("figures/?entry=a%00b", ["entry"]),
        ("organisations/?region=RQM", ["region"]),
        ("adoption/?stage=dreaming", ["stage"]),
        ("evidence/?type=gossip", ["type"]),
        ("totals/?period=2022/25&place=nowhere", ["period", "place"]),
        ("totals/hours-released/?page=x", ["page"]),
        ("coverage/?as_at=tomorrow", ["as_at"]),
        ("coverage/app/?page=9", ["page"]),
        ("coverage/app/?kind=ghosts", ["kind"]),
        ("innovations/app/?limit=3", ["limit"]),
    ],
)
def test_a_question_that_cannot_be_answered_names_the_field_and_the_fix(
    scene: Any, address: str, fields: list[str]
) -> None:
    InnovationFactory(slug="draft")
    assert wrong(address) == fields


@pytest.mark.parametrize(
    "address", ["innovations/bank/", "case-studies/app/", "evidence/none/", "measures/none/", "totals/none/", "none/"]
)
def test_what_is_not_there_is_a_problem_too(scene: Any, address: str) -> None:
    assert wrong(address, 404)
    assert Client().get(f"/api/v1/{address}")["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_written(scene: Any, method: str) -> None:
    answer = getattr(Client(), method)("/api/v1/innovations/app/")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


@pytest.mark.parametrize("address", LISTS)
def test_a_list_goes_on_by_cursor(scene: Any, address: str) -> None:
    whole = get(f"{address}/")
    assert (whole["total"], whole["next"]) == (len(whole["results"]), None)
    assert list(walk(f"{address}/?limit=1")) == whole["results"]


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


def test_a_read_costs_the_same_for_many_rows_as_for_one(scene: Any, hours: Measure, england: Organisation) -> None:
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
