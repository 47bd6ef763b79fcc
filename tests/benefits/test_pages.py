"""The page that says how figures work."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import InnovationFactory, NetworkClaimFactory, WorkingTimeFactory, add_figure

pytestmark = pytest.mark.django_db


def test_it_counts_published_figures_by_basis_and_leads_to_the_measures(client: Client) -> None:
    add_figure(InnovationFactory(published=True))
    add_figure(InnovationFactory())
    answer = client.get(reverse("benefits:how_figures_work"))
    assert answer.context["bases"] == {"observed": 1}
    assert f'href="{reverse("benefits:measures")}"' in answer.content.decode()


def test_it_shows_the_constants_and_the_networks_own_totals(client: Client) -> None:
    WorkingTimeFactory(hours_per_day=Decimal("7.5"))
    NetworkClaimFactory(value=350000, qualifier="more_than", label="Clinical hours released")
    page = client.get(reverse("benefits:how_figures_work")).content.decode()
    assert "a day is 7.5 hours" in page
    assert "More than 350,000 hours" in page
    assert "Clinical hours released" in page


@pytest.mark.parametrize("how_many", [1, 20])
def test_it_costs_the_same_for_one_claim_as_for_twenty(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    for _ in range(how_many):
        add_figure(InnovationFactory(published=True), published=False)
        NetworkClaimFactory()
    with django_assert_num_queries(5):
        client.get(reverse("benefits:how_figures_work"))
