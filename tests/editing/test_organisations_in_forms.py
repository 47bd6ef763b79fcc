"""Organisations in the entry's form: found by name, former name or code, and light however many there are."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from portal.catalogue.models import Entry
from portal.editing.choosers import label_of
from tests.editing.conftest import Networks
from tests.factories import (
    IcbFactory,
    InnovationFactory,
    MeasureFactory,
    OrganisationNameFactory,
    TrustFactory,
    add_figure,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST_QUERIES = 75


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def found(client: Client, **asked: str) -> str:
    answer = client.get(reverse("choose_organisation:choose_results"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("words", ["northern care", "old infirmary", "RX7"])
def test_an_organisation_is_found_by_name_former_name_or_code(client: Client, words: str) -> None:
    trust = TrustFactory(name="Northern Care Trust", code="RX7")
    OrganisationNameFactory(organisation=trust, name="The Old Infirmary")
    TrustFactory(name="Elsewhere Trust", code="RX8")
    assert "Northern Care Trust" in found(client, q=words)
    assert "Elsewhere Trust" not in found(client, q=words)


def test_a_closed_organisation_says_so_before_and_after_it_is_chosen(client: Client) -> None:
    trust = TrustFactory(name="Northern Care Trust", code="RX7", closed_on=date(2021, 3, 31))
    assert "Closed 31 March 2021" in found(client, q="northern")
    chosen = client.get(reverse("choose_organisation:chosen", args=[trust.pk])).json()
    assert chosen["result"]["title"] == "Northern Care Trust (RX7, closed 31 March 2021)"


def test_only_areas_are_offered_where_only_areas_are_taken(client: Client) -> None:
    TrustFactory(name="Northern Trust")
    IcbFactory(name="Northern Board")
    page = found(client, q="northern", areas="1")
    assert "Northern Board" in page
    assert "Northern Trust" not in page


def form_of(client: Client, entry: Entry) -> tuple[str, int]:
    address = reverse("innovation:edit", args=[entry.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode(), len(asked)


def test_the_form_names_what_is_chosen_and_not_all_there_is(client: Client, networks: Networks) -> None:
    lead, other = TrustFactory(name="Leading Trust"), TrustFactory(name="Quite another trust")
    entry = InnovationFactory(owner_network=networks.own, lead_organisations=[lead])
    page, _ = form_of(client, entry)
    assert re.search(rf'name="lead_organisations" value="{lead.pk}"[^>]*checked> {re.escape(label_of(lead))}', page)
    assert other.name not in page


def test_thirty_figures_cost_as_many_queries_as_two(client: Client, networks: Networks) -> None:
    def with_figures(how_many: int) -> Any:
        entry = InnovationFactory(owner_network=networks.own)
        for number in range(how_many):
            add_figure(entry, measure=MeasureFactory(), key=f"figure-{number}", place=IcbFactory())
        return entry

    _, for_two = form_of(client, with_figures(2))
    _, for_thirty = form_of(client, with_figures(30))
    assert for_thirty == for_two
    assert for_two <= MOST_QUERIES
