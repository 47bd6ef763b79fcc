"""The editing site's lists: what stands in them, and that many entries cost no more queries than one."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from portal.editing import services
from portal.editing.workflow import status_of, with_workflow
from tests.editing.conftest import Networks, change_draft
from tests.factories import InnovationFactory, ThemeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST_QUERIES = 60
FETCHED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=\"/")
FETCHED_ELSEWHERE = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=\"(?:https?:)?//")


def submitted(networks: Networks, by: User, number: int) -> Any:
    entry = InnovationFactory(
        title=f"Entry {number}",
        owner_network=networks.own,
        published=True,
        where_it_may_not_work="Nowhere.",
        themes=[ThemeFactory()],
        next_review_on=date(2020, 1, number + 1),
    )
    entry = type(entry).objects.get(pk=entry.pk)
    change_draft(entry, by=by, summary=f"Changed {number}.")
    services.submit(entry=type(entry).objects.get(pk=entry.pk), by=by, reason="Counted again.")
    return entry


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", ["editing:start", "editing:waiting", "innovation:list"])
def test_a_list_costs_the_same_for_one_entry_as_for_eight(
    networks: Networks, editor: User, reviewer: User, name: str
) -> None:
    client = Client()
    client.force_login(reviewer)
    submitted(networks, editor, 0)
    for_one = queries(client, reverse(name))
    for number in range(1, 8):
        submitted(networks, editor, number)
    assert queries(client, reverse(name)) == for_one
    assert for_one <= MOST_QUERIES


def test_a_list_says_where_each_entry_stands_as_its_page_does(networks: Networks, editor: User, reviewer: User) -> None:
    waiting, back, draft, live = (
        submitted(networks, editor, 0),
        submitted(networks, editor, 1),
        InnovationFactory(owner_network=networks.own),
        InnovationFactory(owner_network=networks.own, published=True),
    )
    services.send_back(entry=type(back).objects.get(pk=back.pk), by=reviewer, reason="No.")
    listed = {row.pk: status_of(row) for row in with_workflow(type(live).objects.all())}
    assert listed == {waiting.pk: "Submitted", back.pk: "Sent back", draft.pk: "Draft", live.pk: "Published"}
    assert listed == {row.pk: status_of(row) for row in type(live).objects.all()}


def test_a_list_offers_no_file_and_one_asked_for_by_hand_is_empty(
    networks: Networks, editor: User, reviewer: User
) -> None:
    """Wagtail writes cells as they are, formulas too; what may be taken away is told elsewhere, made harmless."""
    client = Client()
    client.force_login(reviewer)
    submitted(networks, editor, 0)
    assert "export=" not in client.get(reverse("innovation:list")).text
    assert client.get(reverse("innovation:list"), {"export": "csv"}).getvalue().strip() == b""


def test_pages_of_the_editing_site_name_no_other_host(networks: Networks, editor: User, reviewer: User) -> None:
    """Neither faces from Gravatar nor a look for a newer Wagtail."""
    client = Client()
    client.force_login(reviewer)
    entry = submitted(networks, editor, 0)
    pages = (reverse("editing:start"), reverse("innovation:edit", args=[entry.pk]), "/editing/account/")
    for address in pages:
        text = client.get(address).text
        assert "gravatar" not in text, address
        assert "releases.wagtail" not in text, address
        assert FETCHED.search(text), address
        assert FETCHED_ELSEWHERE.search(text) is None, address
