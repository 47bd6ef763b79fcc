"""The page that says how figures work."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import InnovationFactory, MeasureFactory, NetworkClaimFactory, WorkingTimeFactory, add_figure

pytestmark = pytest.mark.django_db


def test_it_counts_published_figures_by_basis_and_measure(client: Client) -> None:
    hours = MeasureFactory(key="hours-released", name="Hours released")
    add_figure(InnovationFactory(published=True), measure=hours)
    add_figure(InnovationFactory(), measure=hours)
    context = client.get(reverse("benefits:how_figures_work")).context
    assert context["bases"] == {"observed": 1}
    assert [measure.public_figures for measure in context["measures"]] == [1]


def test_it_shows_the_constants_and_the_networks_own_totals(client: Client) -> None:
    WorkingTimeFactory(hours_per_day=Decimal("7.5"))
    NetworkClaimFactory(value=350000, qualifier="more_than", label="Clinical hours released")
    page = client.get(reverse("benefits:how_figures_work")).content.decode()
    assert "a day is 7.5 hours" in page
    assert "More than 350,000 hours" in page
    assert "Clinical hours released" in page


@pytest.mark.parametrize("how_many", [1, 20])
def test_it_costs_the_same_for_one_measure_as_for_twenty(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    for _ in range(how_many):
        add_figure(InnovationFactory(published=True), published=False)
        NetworkClaimFactory()
    with django_assert_num_queries(5):
        client.get(reverse("benefits:how_figures_work"))
