"""Drafts approved for a later day, and entries withdrawn on one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.catalogue.models import Entry, EntryChange
from portal.celery import app
from portal.editing import services
from portal.editing.schedule import publish_due, withdraw_due
from portal.editing.tasks import keep_to_schedule, send_digests
from portal.editing.workflow import status_of, with_workflow
from tests.editing.conftest import SECRET, change_draft

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def again(entry: Entry) -> Any:
    return type(entry)._default_manager.get(pk=entry.pk)


@pytest.fixture
def scheduled(entry: Entry, editor: User, reviewer: User, publisher: User) -> Any:
    """The entry, whose draft was approved to be published in an hour."""
    change_draft(entry, by=editor, go_live_at=timezone.now() + timedelta(hours=1))
    services.submit(entry=again(entry), by=editor, reason="Counted again.")
    services.approve(entry=again(entry), by=reviewer, revision=again(entry).latest_revision_id)
    client = Client()
    client.force_login(publisher)
    decided = {"revision": again(entry).latest_revision_id}
    answer = client.post(reverse("editing:approve", args=[entry.pk]), decided, follow=True)
    assert "Approved. It is published on" in answer.content.decode()
    return again(entry)


def test_it_waits_for_its_day(scheduled: Any) -> None:
    publish_due(now=timezone.now())
    assert SECRET not in again(scheduled).summary
    assert again(scheduled).version == scheduled.version


def test_it_is_published_on_its_day_once(scheduled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert publish_due(now=later) == 1
    assert publish_due(now=later) == 0
    assert SECRET in again(scheduled).summary
    assert again(scheduled).version == scheduled.version + 1
    last = EntryChange.objects.filter(entry=scheduled).first()
    assert last is not None
    assert (last.action, last.by_name, last.reason) == ("published", "pauline", "Counted again.")


def test_while_it_waits_it_says_so_and_a_publisher_alone_takes_it_off(
    scheduled: Any, editor: User, publisher: User, signed_in: Any
) -> None:
    listed = with_workflow(type(scheduled).objects.all()).get(pk=scheduled.pk)
    assert "scheduled for" in status_of(listed) == status_of(scheduled)
    for refused in (services.discard_draft, services.submit):
        with pytest.raises(services.NotAllowed, match="waits for its day"):
            refused(entry=scheduled, by=editor)
    page, link = reverse("editing:compare", args=[scheduled.pk]), "Take it off the schedule"
    told = signed_in(editor).get(page).content.decode()
    assert "Publish from" in told
    assert link not in told
    assert "Edit the draft" not in told
    client = signed_in(publisher)
    address = reverse("innovation:revisions_unschedule", args=[scheduled.pk, scheduled.scheduled_revision.pk])
    assert address in client.get(page).content.decode()
    assert client.post(address)["Location"] == page
    assert "Edit the draft" in signed_in(editor).get(page).content.decode()
    assert publish_due(now=timezone.now() + timedelta(hours=2)) == 0
    last = EntryChange.objects.filter(entry=scheduled).first()
    assert last is not None
    assert (last.action, last.by_name) == ("unscheduled", "pauline")


def test_an_entry_is_withdrawn_on_its_day(entry: Entry) -> None:
    type(entry)._default_manager.filter(pk=entry.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    assert withdraw_due(now=timezone.now()) == 1
    assert withdraw_due(now=timezone.now()) == 0
    assert Client().get(entry.get_absolute_url()).status_code == 404


def test_the_worker_looks_each_minute_and_sends_digests_within_the_hour() -> None:
    rings = {row["task"]: row["schedule"] for row in app.conf.beat_schedule.values()}
    assert (rings[keep_to_schedule.name], rings[send_digests.name]) == (60, 3600)
    assert app.conf.timezone == "Europe/London"
