"""What the read API tells, how its lists narrow and go on, and what it refuses."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from portal.benefits.files import ledger_as_dict
from portal.benefits.ledgers import total_of
from portal.benefits.models import Measure
from portal.benefits.questions import ask
from portal.organisations.models import Organisation
from tests.exchange.api_scene import LISTS, get, make_scene, walk, wrong
from tests.factories import (
    InnovationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def scene(module_db: None) -> Any:
    return make_scene()


def test_an_entry_comes_with_its_figures_sources_and_kind() -> None:
    told = get("innovations/app/")
    assert told["title"] == "App"
    assert told["url"] == f"{settings.SITE_URL}/innovations/app/"
    assert [one["slug"] for one in told["case_studies"]] == ["bank"]
    assert [(one["source"]["key"], one["finding"]) for one in told["evidence"]] == [("report", "It saved time.")]
    assert told["adoption"]["stage"] == "adopted"
    assert told["headline"] == told["figures"][0]
    assert [one["name"] for one in get("case-studies/bank/")["participants"]] == ["Some Trust"]


NEEDED = {"value", "unit", "basis", "qualifier", "period", "place", "role", "achievement"}


def test_no_figure_travels_without_what_belongs_to_it_and_its_number_is_exact() -> None:
    thin = get("figures/?fields=value")["results"][0]
    assert thin.keys() >= NEEDED
    assert "method" not in thin
    headline = get("entries/?fields=headline")["results"][0]["headline"]
    for figure in (thin, headline, *get("innovations/app/")["figures"]):
        assert figure.keys() >= NEEDED
        assert (figure["value"], figure["unit"], figure["qualifier"]) == ("1250.5", "hours", "about")
        assert figure["period"]["text"] == "2023/24"
        assert figure["place"] == {"code": "RQM", "text": "Some Trust"}
        assert figure["text"] == "About 1,250.5 hours"


def test_totals_are_those_of_the_ledger() -> None:
    ledger = ledger_as_dict(
        total_of(Measure.objects.get(), ask(place=Organisation.objects.get(code="ENG"))), settings.SITE_URL
    )
    assert get("totals/hours-released/") == ledger
    assert ledger["total"] == "1250.5"
    listed = get("totals/?place=ENG&fields=total")["results"]
    assert [(one["measure"], one["text"], one["basis"]) for one in listed] == [
        ("hours-released", ledger["text"], "observed")
    ]
    assert get("totals/hours-released/?period=2019")["total"] == "0"


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
def test_filters_narrow_lists(address: str, found: list[str]) -> None:
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
def test_a_question_that_cannot_be_answered_names_the_field_and_the_fix(address: str, fields: list[str]) -> None:
    InnovationFactory(slug="draft")
    assert wrong(address) == fields


@pytest.mark.parametrize(
    "address", ["innovations/bank/", "case-studies/app/", "evidence/none/", "measures/none/", "totals/none/", "none/"]
)
def test_what_is_not_there_is_a_problem_too(address: str) -> None:
    assert wrong(address, 404)
    assert Client().get(f"/api/v1/{address}")["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "problem", "fix"),
    [
        ("figures/?basis=foo", "“foo” can’t be chosen.", "Give one of observed, modelled, not_stated."),
        ("entries/?theme=foo", "“foo” can’t be chosen under Theme.", "Give any of "),
    ],
)
def test_what_can_t_be_chosen_is_told_with_what_can(address: str, problem: str, fix: str) -> None:
    (told,) = get(address, status=400)["errors"]
    assert (told["problem"], told["fix"][: len(fix)]) == (problem, fix)


def test_the_page_that_explains_the_api_leads_to_its_lists(client: Client) -> None:
    assert client.get("/api/v1/").headers["Location"] == "/api/"
    page = client.get("/api/").content.decode()
    assert '<a href="/api/v1/figures/">' in page
    assert '<a href="/api/v1/innovations/{slug}/">' not in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_written(method: str) -> None:
    answer = getattr(Client(), method)("/api/v1/innovations/app/")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer.json()["errors"][0]["fix"] == "Use GET or HEAD."
    assert getattr(Client(), method)("/api/v1/none/").status_code == 404


@pytest.mark.parametrize("address", LISTS)
def test_a_list_goes_on_by_cursor(address: str) -> None:
    whole = get(f"{address}/")
    assert (whole["total"], whole["next"]) == (len(whole["results"]), None)
    assert list(walk(f"{address}/?limit=1")) == whole["results"]
