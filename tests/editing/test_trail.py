"""Who did what to a draft: each step is written down, and readers are told of publications alone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.catalogue.models import Entry, EntryChange
from portal.editing import services
from portal.organisations.models import Organisation
from tests.editing.conftest import Networks, change_draft

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def again(entry: Entry) -> Any:
    return type(entry)._default_manager.get(pk=entry.pk)


def trail_of(entry: Entry) -> list[tuple[str, str, str]]:
    rows = EntryChange.objects.filter(entry=entry).order_by("pk")
    return [(row.action, row.by_name, row.reason) for row in rows]


def test_each_step_names_who_took_it_and_why(
    entry: Entry, editor: User, reviewer: User, publisher: User, networks: Networks
) -> None:
    begun = len(trail_of(entry))
    services.submit(entry=entry, by=editor, reason="Counted again.")
    services.send_back(entry=again(entry), by=reviewer, reason="Name the period.")
    services.submit(entry=again(entry), by=editor)
    for person in (reviewer, publisher):
        revision = again(entry).latest_revision_id
        services.approve(entry=again(entry), by=person, revision=revision, reason=f"Said by {person}.")
    change_draft(again(entry), by=editor, summary="Put aside.")
    services.discard_draft(entry=again(entry), by=editor)
    services.hand_over(entry=again(entry), to=networks.other, by=publisher)
    services.withdraw(entry=again(entry), by=publisher, reason="Out of date.")
    assert trail_of(entry)[begun:] == [
        ("submitted", "edith", "Counted again."),
        ("sent_back", "rita", "Name the period."),
        ("submitted", "edith", ""),
        ("approved", "rita", "Said by rita."),
        ("published", "pauline", "Said by pauline."),
        ("discarded", "edith", ""),
        ("given", "pauline", "To Second network."),
        ("withdrawn", "pauline", "Out of date."),
    ]


def test_readers_are_told_what_was_published_and_why_but_not_by_whom(
    entry: Entry, editor: User, reviewer: User, publisher: User
) -> None:
    change_draft(entry, by=editor, figure=38500)
    services.submit(entry=again(entry), by=editor, reason="Counted again.")
    for person in (reviewer, publisher):
        reason = "The evaluation counted again."
        services.approve(entry=again(entry), by=person, revision=again(entry).latest_revision_id, reason=reason)
    log = Client().get(reverse("innovations:changes", args=[entry.slug])).content.decode()
    assert "corrected from 41,000" in log
    assert "The evaluation counted again." in log
    assert "First network" in log
    assert not {"edith", "rita", "pauline"} & set(log.replace(",", " ").split())


def test_what_changes_for_readers_says_why_once_and_keeps_it(
    entry: Entry, editor: User, reviewer: User, publisher: User
) -> None:
    """Whoever wrote the draft knows why; those who decide need not type it again."""
    with pytest.raises(services.WhyMissing, match="Say why it changes"):
        services.submit(entry=entry, by=editor, reason=" ")
    services.submit(entry=entry, by=editor, reason="The evaluation counted again.")
    for person in (reviewer, publisher):
        services.approve(entry=again(entry), by=person, revision=again(entry).latest_revision_id)
    assert trail_of(entry)[-1] == ("published", "pauline", "The evaluation counted again.")
    change_draft(again(entry), by=editor, figure=38500)
    with pytest.raises(services.WhyMissing):
        services.submit(entry=again(entry), by=editor)


def test_a_lock_is_written_down_once(entry: Entry, reviewer: User, signed_in: Any) -> None:
    begun = len(trail_of(entry))
    for name in ("lock", "lock", "unlock", "unlock"):
        signed_in(reviewer).post(reverse(f"innovation:{name}", args=[entry.pk]))
    assert trail_of(entry)[begun:] == [("locked", "rita", ""), ("unlocked", "rita", "")]


def test_an_entry_goes_with_its_drafts_to_another_network(
    entry: Entry, publisher: User, reviewer: User, networks: Networks
) -> None:
    services.hand_over(entry=entry, to=networks.other, by=publisher)
    client = Client()
    client.force_login(reviewer)
    assert client.get(reverse("editing:compare", args=[entry.pk])).status_code == 403


def test_only_a_network_keeps_an_entry(entry: Entry, publisher: User, england: Organisation) -> None:
    with pytest.raises(services.NotAllowed, match="Choose a network"):
        services.hand_over(entry=entry, to=england, by=publisher)
