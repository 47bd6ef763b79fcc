"""Drafts by key: what a network's system may write, how it enters the workflow, and what it can't reach."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import NetworkRole
from portal.benefits.models import Measure
from portal.catalogue.models import Entry, EntryChange
from portal.catalogue.services import publish_entry
from portal.editing import services
from portal.editing.workflow import status_of
from tests.exchange.keys import System, errors_of
from tests.factories import (
    CaseStudyFactory,
    EvidenceFactory,
    InnovationFactory,
    MeasureFactory,
    NetworkRoleFactory,
    ThemeFactory,
    TrustFactory,
    UserFactory,
    add_figure,
    cite,
)

pytestmark = pytest.mark.django_db

ADDRESS = "drafts/innovations/night-rota/"


@pytest.fixture
def system() -> System:
    MeasureFactory(key="hours-released", unit="hours")
    EvidenceFactory(key="report")
    ThemeFactory(slug="banks")
    TrustFactory(code="RQM")
    return System()


def figure(**more: Any) -> dict[str, Any]:
    return {
        "key": "hours",
        "label": "Hours released",
        "measure": "hours-released",
        "unit": "hours",
        "value": "1250.5",
        "qualifier": "about",
        "role": "benefit",
        "basis": "observed",
        "achievement": "achieved",
        "period": {"kind": "during", "start": "2023-04-01", "end": "2024-03-31"},
        "place": {"code": "RQM"},
        "source": "report",
        **more,
    }


def document(**more: Any) -> dict[str, Any]:
    return {
        "title": "Night rota app",
        "summary": "Shows who is free at night.",
        "themes": ["banks"],
        "where_it_may_not_work": "Where nobody works nights.",
        "evidence": [{"source": "report", "finding": "It saved time."}],
        "figures": [figure()],
        **more,
    }


def draft_of(slug: str) -> Any:
    return services.draft_of(Entry.objects.get(slug=slug))


def test_a_draft_is_begun_read_changed_and_goes_the_way_of_every_draft(system: System) -> None:
    made = system.ask("put", ADDRESS, document(), status=201)
    told = made.json()
    assert (told["status"], told["missing"], told["network"]) == ("Draft", [], system.network.code)
    assert told["draft"]["figures"][0].items() >= {"value": "1250.5", "unit": "hours", "basis": "observed"}.items()
    first = draft_of("night-rota").figures.get()
    changed = {**told["draft"], "summary": "Shows who is free.", "figures": [figure(value="1300")]}
    changed = system.ask("put", ADDRESS, changed, if_match=made["ETag"])
    assert draft_of("night-rota").figures.get().public_id == first.public_id
    sent = system.ask("post", f"{ADDRESS}submit/", {}, if_match=changed["ETag"])
    assert sent.json()["status"] == "Submitted"
    entry = Entry.objects.get(slug="night-rota")
    for role, network in (("reviewer", system.network), ("publisher", None)):
        person = NetworkRoleFactory(role=role, network=network).user
        services.approve(entry=Entry.objects.get(pk=entry.pk), by=person, revision=entry.latest_revision_id)
    assert Entry.objects.get(pk=entry.pk).live
    trail = EntryChange.objects.filter(entry=entry).order_by("pk").values_list("action", "origin", "by_name")
    mine = f"Rota (key of {system.maker.username})"
    assert list(trail)[:3] == [(action, "api", mine) for action in ("created", "edited", "submitted")]
    assert [origin for _, origin, _ in list(trail)[3:]] == ["screen", "screen"]


def test_whoever_made_the_key_does_not_decide_about_what_it_wrote() -> None:
    system = System(role="reviewer")
    ThemeFactory(slug="banks")
    made = system.ask("put", ADDRESS, document(figures=[], evidence=[]), status=201)
    system.ask("post", f"{ADDRESS}submit/", {}, if_match=made["ETag"])
    entry = Entry.objects.get(slug="night-rota")
    with pytest.raises(services.NotAllowed, match="You submitted this draft"):
        services.approve(entry=entry, by=system.maker, revision=entry.latest_revision_id)


def test_the_same_sent_again_changes_nothing(system: System) -> None:
    made = system.ask("put", ADDRESS, document(), status=201)
    again = system.ask("put", ADDRESS, document(), if_match='"stale"')
    assert (again["ETag"], again.json()) == (made["ETag"], made.json())
    system.ask("put", ADDRESS, made.json()["draft"])
    assert Entry.objects.get(slug="night-rota").specific.revisions.count() == 1
    system.ask("post", f"{ADDRESS}submit/", {}, if_match=made["ETag"])
    system.ask("post", f"{ADDRESS}submit/", {})
    assert EntryChange.objects.filter(action="submitted").count() == 1


def test_a_change_must_be_based_on_what_there_is(system: System) -> None:
    made = system.ask("put", ADDRESS, document(), status=201, if_none_match="*")
    other = document(title="Another")
    assert errors_of(system.ask("put", ADDRESS, other, status=428)) == ["If-Match"]
    assert errors_of(system.ask("put", ADDRESS, other, status=412, if_match='"stale"')) == ["If-Match"]
    assert errors_of(system.ask("put", ADDRESS, other, status=412, if_none_match="*")) == ["If-None-Match"]
    system.ask("put", "drafts/innovations/none/", document(), status=412, if_match=made["ETag"])
    system.ask("post", f"{ADDRESS}submit/", {}, status=428)
    assert system.ask("get", ADDRESS, status=304, if_none_match=made["ETag"]).content == b""
    services.save_draft(draft=_changed("night-rota", summary="By hand."), by=system.maker)
    system.ask("put", ADDRESS, other, status=412, if_match=made["ETag"])
    newest = system.ask("get", ADDRESS)
    assert newest["Cache-Control"] == "private, no-store"
    system.ask("put", ADDRESS, other, if_match=newest["ETag"])


def _changed(slug: str, **fields: Any) -> Any:
    draft = draft_of(slug)
    for name, value in fields.items():
        setattr(draft, name, value)
    return draft


def test_readers_see_a_published_entry_unchanged_until_its_draft_is_approved(system: System) -> None:
    app = InnovationFactory(published=True, slug="app", title="App", owner_network=system.network)
    cite(app, evidence=EvidenceFactory(key="old"), finding="So.", published=False)
    add_figure(app, measure=Measure.objects.get(), place_not_stated=True)
    read = system.ask("get", "drafts/innovations/app/")
    system.ask("put", "drafts/innovations/app/", read.json()["draft"])
    assert not Entry.objects.get(pk=app.pk).has_unpublished_changes
    system.ask("put", "drafts/innovations/app/", document(), if_match=read["ETag"])
    now = Entry.objects.get(pk=app.pk)
    assert (now.title, status_of(now)) == ("App", "Published, with a draft")
    assert Client().get("/api/v1/innovations/app/").json()["title"] == "App"
    state = system.ask("get", "drafts/innovations/app/")
    submit = partial(system.ask, "post", "drafts/innovations/app/submit/", if_match=state["ETag"])
    assert errors_of(submit({}, status=400)) == ["why"]
    assert submit({"why": "The evaluation is out."}).json()["status"] == "Submitted"
    assert EntryChange.objects.why_of_draft(now) == "The evaluation is out."


def test_a_draft_that_waits_to_be_decided_about_is_closed(system: System) -> None:
    made = system.ask("put", ADDRESS, document(), status=201)
    sent = system.ask("post", f"{ADDRESS}submit/", {}, if_match=made["ETag"])
    assert errors_of(system.ask("put", ADDRESS, document(title="X"), status=409, if_match=sent["ETag"])) == ["draft"]


def test_what_is_missing_is_told_and_keeps_a_draft_from_being_submitted(system: System) -> None:
    made = system.ask("put", ADDRESS, {"title": "Half"}, status=201)
    missing = made.json()["missing"]
    assert "Where it belongs: choose at least one theme." in missing
    refused = system.ask("post", f"{ADDRESS}submit/", {}, status=409, if_match=made["ETag"])
    assert len(errors_of(refused)) == len(missing)


def test_everything_that_is_wrong_is_told_at_once(system: System) -> None:
    wrong = document(titel="X", summary=3, scope="galactic", figures=[figure(value=3, unit=None)])
    del wrong["title"]
    assert sorted(errors_of(system.ask("put", ADDRESS, wrong, status=400))) == [
        *("figures.0.unit", "figures.0.value", "scope", "summary", "titel", "title")
    ]
    backwards = {"kind": "during", "start": "2024-03-31", "end": "2023-04-01"}
    wrong = document(
        themes=["none"],
        places=["RQM"],
        evidence=[{"source": "report"}, {"source": "report"}, {"source": "none"}],
        figures=[figure(unit="days", period=backwards, low="1"), figure(measure="none", place={"code": "none"})],
        last_reviewed_on="2026-01-02",
        next_review_on="2026-01-01",
    )
    told = errors_of(system.ask("put", ADDRESS, wrong, status=400))
    assert sorted(set(told)) == [
        *("body", "evidence.1", "evidence.2.source", "figures.0", "figures.0.unit", "figures.1"),
        *("figures.1.measure", "figures.1.place.code", "places.0", "themes"),
    ]
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status", "headers"),
    [
        (b" ", 400, {}),
        (b"[" * 100_000, 400, {}),
        (b'{"title": "\\ud800"}', 400, {}),
        (b'{"title": "a\\u0000"}', 400, {}),
        (b'{"title": "' + b"x" * 1_000_001 + b'"}', 413, {}),
        (b"<title/>", 415, {"content_type": "text/xml"}),
        (b'{"title": 1e400, "figures": [{"value": NaN}]}', 400, {}),
    ],
)
def test_hostile_bodies_are_refused_with_the_reason(sent: bytes, status: int, headers: dict[str, str]) -> None:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    assert errors_of(System().ask("put", ADDRESS, sent, status=status, **headers))


def test_a_case_study_has_participants_lessons_and_innovations(system: System) -> None:
    InnovationFactory(published=True, slug="app")
    hidden = InnovationFactory(slug="hidden")
    more = {
        "participants": [{"name": "Some Trust", "role": "lead", "organisation": "RQM"}, {"name": "A charity"}],
        "learning_points": [{"kind": "barrier", "barrier_kind": "data", "text": "No interface."}],
        "innovations_used": ["app"],
        "period": "2023",
    }
    told = system.ask("put", "drafts/case-studies/bank/", document(**more), status=201).json()["draft"]
    assert told["participants"][0] == more["participants"][0]
    assert (told["innovations_used"], told["learning_points"]) == (["app"], more["learning_points"])
    assert [row.name for row in draft_of("bank").participants.all()] == ["Some Trust", "A charity"]
    wrong = document(
        innovations_used=[hidden.slug], learning_points=[{"kind": "lesson", "barrier_kind": "data", "text": ""}]
    )
    assert errors_of(system.ask("put", "drafts/case-studies/other/", wrong, status=400)) == [
        *("innovations_used", "learning_points.0")
    ]


def test_another_networks_drafts_are_not_there(system: System) -> None:
    theirs = InnovationFactory(slug="theirs", title="Quokka", owner_network=System().network)
    nobodys = CaseStudyFactory(published=True, slug="nobodys", title="Public")
    for method, path in (("get", ""), ("post", "submit/")):
        for slug in ("theirs", "nowhere"):
            refused = system.ask(method, f"drafts/innovations/{slug}/{path}", {}, status=404)
            assert refused.json()["errors"][0]["problem"] == f"Your network has no innovation “{slug}”."
    system.ask("get", "drafts/case-studies/nobodys/", status=404)
    for address in ("drafts/innovations/theirs/", "drafts/case-studies/theirs/", "drafts/innovations/nobodys/"):
        refused = system.ask("put", address, document(), status=409)
        assert errors_of(refused) == ["slug"]
        assert "Quokka" not in refused.text
    assert system.ask("get", "drafts/").json()["results"] == []
    assert Entry.objects.get(pk=theirs.pk).latest_revision_id is None
    assert nobodys.title == "Public"


def test_a_key_reaches_one_network_even_where_its_maker_reaches_all(system: System) -> None:
    publishers = System(role="publisher", network=system.network)
    InnovationFactory(slug="theirs", owner_network=System().network)
    InnovationFactory(slug="own", owner_network=system.network)
    assert [row["slug"] for row in publishers.ask("get", "drafts/").json()["results"]] == ["own"]
    publishers.ask("get", "drafts/innovations/theirs/", status=404)


def test_a_contributors_key_changes_no_published_entry(system: System) -> None:
    contributor = System(role="contributor", network=system.network)
    InnovationFactory(published=True, slug="app", owner_network=system.network)
    read = contributor.ask("get", "drafts/innovations/app/")
    refused = contributor.ask("put", "drafts/innovations/app/", document(), status=409, if_match=read["ETag"])
    assert errors_of(refused) == ["draft"]


def test_a_document_costs_the_same_for_many_rows_as_for_one(system: System) -> None:
    def cost(rows: int) -> int:
        for number in range(rows):
            TrustFactory(code=f"T{rows}{number}")
            EvidenceFactory(key=f"source-{rows}-{number}")
        sent = document(
            figures=[
                figure(key=f"f{n}", source=f"source-{rows}-{n}", place={"code": f"T{rows}{n}"}) for n in range(rows)
            ],
            evidence=[{"source": f"source-{rows}-{n}"} for n in range(rows)],
        )
        slug = f"drafts/innovations/rows-{rows}/"
        made = system.ask("put", slug, sent, status=201)
        with CaptureQueriesContext(connection) as queries:
            system.ask("put", slug, {**sent, "title": "Changed"}, if_match=made["ETag"])
            system.ask("get", slug)
        return len(queries)

    few = cost(2)
    assert cost(12) == few
    assert few < 90


def test_a_key_of_somebody_who_lost_the_role_stops_working(system: System) -> None:
    system.ask("get", "drafts/")
    NetworkRole.objects.filter(user=system.maker).delete()
    assert errors_of(system.ask("get", "drafts/", status=401)) == ["Authorization"]
    NetworkRoleFactory(user=system.maker, network=system.network)
    UserFactory._meta.model.objects.filter(pk=system.maker.pk).update(is_active=False)
    system.ask("get", "drafts/", status=401)


def test_sources_are_added_once(system: System) -> None:
    sent = {"title": "A new study", "doi": "10.1000/182", "type": "rct"}
    made = system.ask("post", "sources/", sent, status=201).json()
    assert system.ask("post", "sources/", sent).json() == made
    assert system.ask("post", "sources/", {"title": "Other words", "doi": "10.1000/182"}).json() == made
    told = document(evidence=[{"source": made["key"]}], figures=[])
    system.ask("put", ADDRESS, told, status=201)
    wrong = {"title": "", "url": "javascript:x", "published": "last year", "type": "gossip", "nonsense": 1}
    assert sorted(errors_of(system.ask("post", "sources/", wrong, status=400))) == ["nonsense", "title", "type"]
    wrong = {"title": "Y", "url": "javascript:x", "published": "last year"}
    assert sorted(errors_of(system.ask("post", "sources/", wrong, status=400))) == ["published", "url"]


def test_publishing_by_hand_meanwhile_is_a_clash(system: System) -> None:
    app = InnovationFactory(published=True, slug="app", owner_network=system.network)
    read = system.ask("get", "drafts/innovations/app/")
    publish_entry(entry=type(app).objects.get(pk=app.pk))
    system.ask("put", "drafts/innovations/app/", document(), status=412, if_match=read["ETag"])


def test_a_draft_nobody_has_published_is_removed_and_one_of_a_published_entry_put_aside(system: System) -> None:
    etag = system.ask("put", ADDRESS, document(), status=201)["ETag"]
    assert errors_of(system.ask("delete", ADDRESS, status=428)) == ["If-Match"]
    assert errors_of(System().ask("delete", ADDRESS, if_match=etag, status=404)) == ["slug"]
    assert system.ask("delete", ADDRESS, if_match=etag).json() == {"slug": "night-rota", "is_gone": True}
    assert not Entry.objects.exists()

    system.ask("put", ADDRESS, document(), status=201)
    publish_entry(entry=Entry.objects.get().specific)
    etag = system.ask("get", ADDRESS)["ETag"]
    changed = system.ask("put", ADDRESS, document(title="Another title"), if_match=etag)
    dropped = system.ask("delete", ADDRESS, if_match=changed["ETag"])
    assert dropped.json() == {"slug": "night-rota", "is_gone": False}
    assert draft_of("night-rota").title == "Night rota app"
