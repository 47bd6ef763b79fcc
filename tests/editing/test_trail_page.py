"""The whole trail of an entry: who, what, when, why and from where, for those who may see its drafts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from portal.accounts.models import User
from portal.catalogue.models import Entry
from portal.catalogue.services import record_change
from portal.editing import services

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def trail(entry: Entry, editor: User, reviewer: User, signed_in: Any) -> Any:
    """Ask for the trail of the entry, which was submitted, sent back and imported, with a query."""
    services.submit(entry=entry, by=editor, reason="Counted again.")
    services.send_back(entry=type(entry).objects.get(pk=entry.pk), by=reviewer, reason="Name <b>the</b> period.")
    at = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
    record_change(entry=entry, by=reviewer, action="edited", origin="import", reason="Spring returns.", at=at)
    client = signed_in(editor)
    return lambda query="": client.get(reverse("editing:trail", args=[entry.pk]) + query)


def events(answer: Any) -> list[tuple[str, str]]:
    return [(event.change.action, event.change.origin) for event in answer.context["trail"].events]


def test_it_says_who_did_what_when_why_and_from_where(trail: Any) -> None:
    page = trail().text
    for words in ("edith", "rita", "Sent back", "Name &lt;b&gt;the&lt;/b&gt; period.", "Spring returns.", "Import"):
        assert words in page, words
    assert "12 March 2026, 09:30" in page
    assert "First published." in page
    assert "First network" in page


def test_a_publication_leads_to_its_version_while_readers_see_it(trail: Any, entry: Entry, publisher: User) -> None:
    assert entry.get_version_url(1) in trail().text
    services.withdraw(entry=entry, by=publisher, reason="Out of date.")
    assert entry.get_version_url(1) not in trail().text


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("?action=sent_back", [("sent_back", "screen")]),
        ("?origin=import", [("edited", "import")]),
        ("?action=sent_back&origin=import", []),
    ],
)
def test_it_is_narrowed_by_what_was_done_and_from_where(trail: Any, query: str, wanted: list[Any]) -> None:
    answer = trail(query)
    assert events(answer) == wanted
    assert answer.context["trail"].page.total == len(wanted)


@pytest.mark.parametrize("query", ["?action=nonsense", "?origin=api", "?page=99", "?page=x", "?action=%00"])
def test_what_is_not_there_is_passed_over_and_said(trail: Any, query: str) -> None:
    answer = trail(query)
    assert answer.status_code == 200
    assert "Not heeded" in answer.text
    assert len(events(answer)) >= 4


def test_only_what_happened_can_be_chosen(trail: Any) -> None:
    (action, origin) = trail().context["trail"].filters
    assert {value for value, _ in origin.answers} == {"screen", "import"}
    assert "withdrawn" not in {value for value, _ in action.answers}


def test_a_long_trail_has_pages_and_costs_no_more(trail: Any, entry: Entry, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as short:
        trail()
    for number in range(60):
        record_change(entry=entry, action="edited", origin="screen", reason=f"Change {number}.")
    with django_assert_num_queries(len(short)):
        first = trail()
    assert len(events(first)) == 25
    assert "?page=2" in first.text
    assert "action=edited&amp;page=2" in trail("?action=edited").text


def test_a_stranger_reads_no_trail(trail: Any, entry: Entry, networks: Any, signed_in: Any) -> None:
    stranger = signed_in(networks.person("reviewer", network=networks.other))
    answer = stranger.get(reverse("editing:trail", args=[entry.pk]))
    assert answer.status_code == 403
    assert "rita" not in answer.text
