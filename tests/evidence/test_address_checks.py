"""Addresses of evidence: asked politely, dead after three failures over a week, marked, and good again in time."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.outgoing import Answer
from portal.evidence import checks
from portal.evidence.asking import Verdict, judge, look_at, wait_asked_for
from portal.evidence.checks import check_some
from portal.evidence.models import AddressCheck, AskedHost, Evidence
from tests.factories import EvidenceFactory, InnovationFactory, cite
from tests.misbehaving import Misbehaving

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def no_pause() -> None: ...


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        *((200, Verdict.GOOD), (206, Verdict.GOOD), (416, Verdict.GOOD), (204, Verdict.GOOD)),
        *((401, Verdict.UNSEEN), (403, Verdict.UNSEEN), (999, Verdict.UNSEEN), (451, Verdict.UNSEEN)),
        *((404, Verdict.FAILED), (410, Verdict.FAILED), (500, Verdict.FAILED), (503, Verdict.FAILED)),
        (429, Verdict.BUSY),
    ],
)
def test_what_an_answer_is_worth(status: int, verdict: Verdict) -> None:
    assert judge(Answer(status, "http://a.example/"), now=NOW).verdict is verdict


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(minutes=1)),
        ("999999999999999", timedelta(hours=1)),
        ("9999999", timedelta(days=7)),
        ("Tue, 03 Mar 2026 14:00:00 GMT", timedelta(hours=2)),
        ("Tue, 03 Mar 2020 14:00:00 GMT", timedelta(minutes=1)),
        ("soon", timedelta(hours=1)),
        ("", timedelta(hours=1)),
    ],
)
def test_how_long_a_host_wants_to_be_left_alone(text: str, wait: timedelta) -> None:
    assert wait_asked_for(text, now=NOW) == wait


@pytest.mark.parametrize(
    ("path", "turns", "verdict", "methods"),
    [
        ("/200/", [], Verdict.GOOD, ["HEAD"]),
        ("/x/", [405], Verdict.GOOD, ["HEAD", "GET"]),
        ("/404/", [], Verdict.FAILED, ["HEAD", "GET"]),
        ("/500/", [], Verdict.FAILED, ["HEAD", "GET"]),
        ("/403/", [], Verdict.UNSEEN, ["HEAD", "GET"]),
        ("/429/", [], Verdict.BUSY, ["HEAD"]),
        ("/closed/", [], Verdict.FAILED, ["HEAD", "GET"]),
        ("/endless/", [], Verdict.GOOD, ["HEAD"]),
        ("/endless/", [405], Verdict.GOOD, ["HEAD", "GET"]),
    ],
)
def test_the_head_is_asked_for_and_else_a_bit(
    other_host: Misbehaving, path: str, turns: list[int], verdict: Verdict, methods: list[str]
) -> None:
    other_host.turns[f"HEAD {path}"] = turns
    assert look_at(other_host.url(path), now=NOW, pause=no_pause).verdict is verdict
    assert other_host.methods() == methods
    if methods[-1] == "GET":
        assert other_host.asked[-1][2]["range"] == "bytes=0-999"


@pytest.mark.parametrize("inside", ["http://127.0.0.1:1/", "http://169.254.169.254/", "http://[::1]/", "/loop/"])
def test_what_leads_astray_failed(other_host: Misbehaving, inside: str) -> None:
    other_host.leads_to = inside
    finding = look_at(other_host.url("/away/"), now=NOW, pause=no_pause)
    assert finding.verdict is Verdict.FAILED


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the test set the time by which addresses are due."""
    real, moved = timezone.now, SimpleNamespace(by=timedelta(0))
    monkeypatch.setattr(checks.timezone, "now", lambda: real() + moved.by)
    return moved


@pytest.fixture
def source(db: None, other_host: Misbehaving) -> Evidence:
    entry = InnovationFactory(published=True)
    cite(entry, evidence=EvidenceFactory(title="Rota report", url=other_host.url("/report/")))
    return Evidence.objects.get()


def test_three_failures_over_a_week_are_marked_and_one_good_answer_clears_it(
    source: Evidence, other_host: Misbehaving, clock: Any, client: Client
) -> None:
    other_host.turns["/report/"] = [404] * 6
    asked = []
    for day in (0, 1, 2, 6, 8):
        clock.by = timedelta(days=day)
        asked.append(check_some())
        row = AddressCheck.objects.get()
        assert (row.dead_since is not None) == (day == 8)
    assert asked == [1, 0, 1, 0, 1]
    assert (row.failures, row.said, row.good_at) == (3, "Answered 404 (Not Found).", None)
    told = f"This address did not answer when last checked on {timezone.localdate():%-d %B %Y}."
    pages = (reverse("evidence:list"), source.entry_links.get().entry.specific.get_absolute_url())
    for page in pages:
        assert told in client.get(page).content.decode()
    clock.by = timedelta(days=16)
    check_some()
    row.refresh_from_db()
    assert (row.dead_since, row.failing_since, row.failures) == (None, None, 0)
    assert row.good_at is not None
    for page in pages:
        assert told not in client.get(page).content.decode()


def test_a_robot_refused_and_a_host_that_is_busy_make_nothing_dead(
    source: Evidence, other_host: Misbehaving, clock: Any
) -> None:
    other_host.turns["/report/"] = [404, 404, 429]
    other_host.headers = {"Retry-After": "432000"}
    check_some()
    clock.by = timedelta(days=3)
    check_some()
    row = AddressCheck.objects.get()
    assert (row.failures, row.dead_since) == (1, None)
    assert row.next_at - timezone.now() > timedelta(days=4.9)
    assert AskedHost.objects.get().free_at - timezone.now() > timedelta(days=4.9)
    other_host.turns["/report/"] = [403, 403]
    clock.by = timedelta(days=20)
    check_some()
    row.refresh_from_db()
    assert (row.failures, row.good_at, row.said) == (0, None, "Answered 403 (Forbidden).")


def test_one_host_is_asked_one_thing_a_bite(source: Evidence, other_host: Misbehaving) -> None:
    cite(InnovationFactory(published=True), evidence=EvidenceFactory(url=other_host.url("/second/")))
    cite(InnovationFactory(), evidence=EvidenceFactory(url=other_host.url("/of-a-draft/")))
    assert [check_some(), check_some(), check_some()] == [1, 1, 0]
    assert [path for _, path, *_ in other_host.asked] == ["/report/", "/second/"]


def test_a_host_that_another_worker_asks_is_passed_over(source: Evidence, other_host: Misbehaving) -> None:
    AskedHost.objects.create(name="127.0.0.1", free_at=timezone.now() + timedelta(minutes=1))
    assert check_some() == 0
    assert other_host.asked == []


def test_nothing_goes_out_unless_switched_on(source: Evidence, other_host: Misbehaving, settings: Any) -> None:
    settings.OUTGOING = False
    assert check_some() == 0
    assert (other_host.asked, AddressCheck.objects.count()) == ([], 0)


def test_a_closed_way_out_makes_nothing_dead(source: Evidence, clock: Any, settings: Any) -> None:
    """Nobody listens: as long as no host at all answers, that is our own network's fault."""
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    Evidence.objects.update(url="http://127.0.0.1:1/")
    for day in (0, 3, 9, 20):
        clock.by = timedelta(days=day)
        assert check_some() == 1
    row = AddressCheck.objects.get()
    assert (row.failures, row.dead_since) == (0, None)
    assert "not counted" in row.said


def test_a_corrected_address_begins_anew(source: Evidence, other_host: Misbehaving) -> None:
    check_some()
    AddressCheck.objects.update(dead_since=NOW, failures=5)
    Evidence.objects.update(url=other_host.url("/moved/"), unanswered_on=NOW.date())
    AskedHost.objects.all().delete()
    check_some()
    row = AddressCheck.objects.get()
    assert (row.text, row.failures, row.dead_since) == (other_host.url("/moved/"), 0, None)
    assert Evidence.objects.get().unanswered_on is None


def test_programs_are_told_of_an_address_that_no_longer_answers(source: Evidence) -> None:
    cite(InnovationFactory(published=True), evidence=source)
    Evidence.objects.update(unanswered_on=NOW.date())
    told = Client().get(f"/api/v1/evidence/{source.key}/").json()
    assert (told["url_unanswered_on"], told["doi_unanswered_on"]) == (NOW.date().isoformat(), None)


def test_a_doi_is_looked_up_at_doi_org(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTGOING = True
    cite(InnovationFactory(published=True), evidence=EvidenceFactory(doi="10.1136/bmjopen-2023-000001<x>"))
    seen: list[str] = []
    monkeypatch.setattr(
        checks, "look_at", lambda address, **how: seen.append(address) or judge(Answer(200, address), now=NOW)
    )
    assert check_some() == 1
    assert seen == ["https://doi.org/10.1136/bmjopen-2023-000001%3Cx%3E"]
