"""Faults 33 and 34: the clock of a host jumps, the clocks change, and it is the 29th of February."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from wagtail.models import Revision

from portal.briefings.work import claim_due_pack
from portal.catalogue.models import Entry, EntryChange
from portal.editing import services
from portal.editing.attachments import signed_address
from portal.editing.services import draft_of
from tests.exchange.keys import System
from tests.factories import BriefingPackFactory, EvidenceFactory, InnovationFactory, NetworkFactory, NetworkRoleFactory
from tests.faults.clocks import Host, host

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HOUR, YEAR = 3600, 365 * 86400
DRAFT = "/api/v1/drafts/innovations/night-rota/"


@pytest.fixture
def other_clock(site_environment: dict[str, str], checkout: Path, tmp_path: Path) -> Iterator[Host]:
    with host(
        tmp_path, environment={**site_environment, "SECRET_KEY": settings.SECRET_KEY}, checkout=checkout
    ) as started:
        yield started


def test_fault_33_a_jump_of_a_hosts_clock_keeps_the_order_of_drafts_and_no_address_longer(other_clock: Host):
    entry, key = InnovationFactory(published=True), System().key
    source = EvidenceFactory()
    source.attachment.save("study.pdf", ContentFile(b"%PDF-1.7"))
    signed = signed_address(source)

    def put(title: str, **headers: str) -> tuple[int, str]:
        body = {"title": title, "summary": "Shows who is free."}
        status, etag = other_clock.do(
            "ask", method="PUT", path=DRAFT, body=body, authorization=f"Bearer {key}", **headers
        )
        return status, etag

    def status_of(path: str) -> int:
        return int(other_clock.do("ask", method="GET", path=path)[0])

    status, etag = put("Title")
    assert (status, status_of(signed)) == (201, 200)
    for jump in (-HOUR, HOUR, -HOUR / 2, 2 * HOUR):
        other_clock.set_clock(seconds=jump)
        status, etag = put(f"Title {jump}", if_match=etag)
        assert status == 200
        assert draft_of(Entry.objects.get(slug="night-rota")).title == f"Title {jump}"
    assert status_of(signed) in (403, 404, 410)
    other_clock.set_clock(seconds=YEAR)
    for path in ("/", f"/innovations/{entry.slug}/", "/catalogue/?q=rota", "/api/v1/entries/"):
        assert status_of(path) == 200, path
    other_clock.set_clock()
    assert (status_of(signed), status_of("/")) == (200, 200)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="without a server there is one host, and one clock")
def test_fault_33_a_worker_whose_clock_is_wrong_takes_nothing_that_another_is_at_and_holds_nothing_for_long(
    other_clock: Host,
):
    ours = BriefingPackFactory()
    assert claim_due_pack() == ours
    other_clock.set_clock(seconds=HOUR)
    assert other_clock.do("claim") is None

    theirs = BriefingPackFactory()
    assert other_clock.do("claim") == theirs.pk
    theirs.refresh_from_db()
    assert theirs.lease_until - timezone.now() < timedelta(minutes=2)
    other_clock.set_clock(seconds=-HOUR)
    assert other_clock.do("claim") is None
    another = BriefingPackFactory()
    assert other_clock.do("claim") == another.pk
    another.refresh_from_db()
    assert another.lease_until > timezone.now()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="there the day is come when the server's clock says so")
@pytest.mark.parametrize(
    ("day", "told"),
    [
        # The hour from one to two comes twice.
        (
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            [(-1, 0, "01:29"), (1, 1, "01:31"), (59, 0, "01:29"), (61, 0, "01:31")],
        ),
        (datetime(2028, 2, 29, 0, 30, tzinfo=UTC), [(-1, 0, "00:29"), (1, 1, "00:31"), (61, 0, "01:31")]),
    ],
)
def test_fault_34_what_is_planned_for_an_hour_that_comes_twice_or_a_leap_day_is_published_once(
    other_clock: Host, day: datetime, told: list[tuple[int, int, str]]
):
    network = NetworkFactory()
    entry = InnovationFactory(published=True, owner_network=network)
    draft = draft_of(entry)
    draft.title, draft.go_live_at = "On its day", day
    revision = services.save_draft(draft=draft, by=NetworkRoleFactory(network=network, role="editor").user)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=day)

    for minutes, published, hour in told:
        other_clock.set_clock(to=day + timedelta(minutes=minutes))
        assert other_clock.do("publish") == [published, hour]

    assert Entry.objects.get().title == "On its day"
    assert EntryChange.objects.filter(entry=entry, action="published", title="On its day").count() == 1
