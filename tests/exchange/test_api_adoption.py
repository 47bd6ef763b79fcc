"""Adoption by key: recorded once, for the network's own entries, corrected until it is verified, in the trail."""

from typing import Any

import pytest

from portal.adoption.models import AdoptionRecord
from portal.adoption.services import NotVerifiable, verify_record
from portal.catalogue.models import EntryChange
from tests.exchange.api_scene import get
from tests.exchange.keys import System, errors_of
from tests.factories import EvidenceFactory, InnovationFactory, TrustFactory, UserFactory, cite

pytestmark = pytest.mark.django_db


@pytest.fixture
def system() -> System:
    system = System(scopes=["adoption"])
    app = InnovationFactory(published=True, slug="app", owner_network=system.network)
    cite(app, evidence=EvidenceFactory(key="report"))
    TrustFactory(code="RQM")
    return system


def event(**more: Any) -> dict[str, Any]:
    return {
        "entry": "app",
        "organisation": "RQM",
        "stage": "piloting",
        "on": "2026-01",
        "said_by": "The trust’s lead",
        **more,
    }


def test_an_event_is_recorded_once_and_read_by_everybody(system: System) -> None:
    made = system.ask("post", "adoption/", event(), status=201)
    again = system.ask("post", "adoption/", event())
    assert (again.json(), again["ETag"]) == (made.json(), made["ETag"])
    assert [row["id"] for row in get("adoption/?entry=app")["results"]] == [made.json()["id"]]
    other = event(extent="Two wards")
    assert errors_of(system.ask("post", "adoption/", other, status=409)) == ["on"]
    (row,) = EntryChange.objects.filter(action="adoption")
    assert (row.origin, row.reason) == ("api", "RQM: piloting, 2026-01.")
    assert row.by_name == f"Rota (key of {system.maker.username})"


def test_an_event_is_corrected_by_who_has_read_it_until_somebody_verified_it(system: System) -> None:
    made = system.ask("post", "adoption/", event(), status=201)
    address, other = f"adoption/{made.json()['id']}/", event(extent="Two wards", source="report", said_by=None)
    system.ask("put", address, other, status=428)
    system.ask("put", address, other, status=412, if_match='"stale"')
    changed = system.ask("put", address, other, if_match=made["ETag"])
    assert changed.json()["source"]["key"] == "report"
    assert system.ask("put", address, other)["ETag"] == changed["ETag"] == system.ask("get", address)["ETag"]
    record = AdoptionRecord.objects.get()
    with pytest.raises(NotVerifiable):
        verify_record(record=record, by=system.maker)
    verify_record(record=record, by=UserFactory())
    now = system.ask("get", address)
    assert errors_of(system.ask("put", address, event(), status=409, if_match=now["ETag"])) == ["verified_at"]


def test_an_event_of_another_networks_entry_is_refused_like_one_of_none(system: System) -> None:
    theirs = System(scopes=["adoption"])
    InnovationFactory(published=True, slug="theirs", owner_network=theirs.network)
    InnovationFactory(slug="draft", owner_network=theirs.network)
    for slug in ("theirs", "draft", "none"):
        refused = system.ask("post", "adoption/", event(entry=slug), status=400)
        assert refused.json()["errors"][0]["problem"] == f"Your network has no entry “{slug}”."
    made = theirs.ask("post", "adoption/", event(entry="theirs"), status=201)
    address = f"adoption/{made.json()['id']}/"
    system.ask("get", address, status=404)
    system.ask("put", address, event(entry="theirs"), status=404, if_match=made["ETag"])


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"stage": "dreaming", "said_bye": "x", "on": 2026}, ["on", "said_bye", "stage"]),
        ({"stage": "stopped"}, ["body"]),
        ({"on": "2999-01"}, ["on"]),
        ({"on": "last year"}, ["on"]),
        ({"on": ""}, ["on"]),
        ({"organisation": "nowhere"}, ["organisation"]),
        ({"said_by": None}, ["body"]),
        ({"source": "none"}, ["source"]),
    ],
)
def test_a_wrong_event_is_refused_with_every_reason(system: System, wrong: dict[str, Any], fields: list[str]) -> None:
    assert sorted(set(errors_of(system.ask("post", "adoption/", event(**wrong), status=400)))) == fields
    assert not AdoptionRecord.objects.exists()
