"""The public dictionary of measures: what each one counts, who stands behind it, and its figures."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import EvidenceFactory, InnovationFactory, MeasureFactory, TrustFactory, add_figure

pytestmark = pytest.mark.django_db


def page_at(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def dictionary(client: Client) -> str:
    return page_at(client, reverse("benefits:measures"))


def page_of(client: Client, measure: Any) -> str:
    return page_at(client, measure.get_absolute_url())


def test_measures_stand_under_their_topics_with_their_public_figures_and_no_draft(client: Client) -> None:
    hours = MeasureFactory(name="Hours released", topic="time")
    MeasureFactory(name="Costs avoided", topic="money", unit="GBP")
    MeasureFactory(name="Unfinished", status="draft")
    add_figure(InnovationFactory(published=True), measure=hours)
    add_figure(InnovationFactory(), measure=hours)
    topics = client.get(reverse("benefits:measures")).context["topics"]
    told = {topic: [(measure.name, measure.public_figures) for measure in measures] for topic, measures in topics}
    assert told == {"Staff time": [("Hours released", 1)], "Money": [("Costs avoided", 0)]}


def test_a_measure_says_its_unit_direction_whether_it_adds_up_and_when_it_was_reviewed(client: Client) -> None:
    MeasureFactory(
        unit="GBP", direction="lower", status="retired", reviewed_on="2026-01-31", next_review_on="2999-01-31"
    )
    page = dictionary(client)
    for words in ["pounds", "Lower is better", "Retired", "Reviewed 31 January 2026", "Next review 31 January 2999"]:
        assert words in page


def test_an_overdue_review_is_said_on_the_list_and_on_the_page(client: Client) -> None:
    measure = MeasureFactory(next_review_on=timezone.localdate() - timedelta(days=1))
    assert "Review overdue since" in dictionary(client)
    assert "has been overdue since" in page_of(client, measure)


def test_a_review_due_today_is_not_overdue(client: Client) -> None:
    measure = MeasureFactory(next_review_on=timezone.localdate())
    assert "verdue" not in dictionary(client) + page_of(client, measure)


def test_the_page_says_what_it_counts_why_how_and_what_to_beware(client: Client) -> None:
    page = page_of(
        client,
        MeasureFactory(
            definition="Hours that became free.",
            why_it_matters="They go back to care.",
            how_worked_out="Before less after.",
            caveats="Not cash.",
            author="Impact team",
        ),
    )
    for words in ["Hours that became free.", "They go back to care.", "Before less after.", "Not cash.", "Impact team"]:
        assert words in page


def test_a_measure_without_a_checker_says_so(client: Client) -> None:
    assert "Not yet checked by a second person" in page_of(client, MeasureFactory(checker=""))
    assert "Not yet checked" not in page_of(client, MeasureFactory(checker="Finance lead"))


def test_money_says_the_year_of_its_prices_and_hours_do_not(client: Client) -> None:
    assert "<dt>Prices of totals</dt><dd>2024/25</dd>" in page_of(client, MeasureFactory(unit="GBP", price_year=2024))
    assert "Prices of totals" not in page_of(client, MeasureFactory())


def test_a_measure_that_adds_up_leads_to_its_total_and_another_says_why_there_is_none(client: Client) -> None:
    hours, share = MeasureFactory(), MeasureFactory(unit="percent", additive=False)
    assert reverse("benefits:measure_impact", args=[hours.key]) in page_of(client, hours)
    page = page_of(client, share)
    assert reverse("benefits:measure_impact", args=[share.key]) not in page
    assert "Percentages are shares of different groups" in page


def test_its_figures_carry_value_entry_period_place_basis_and_source(client: Client) -> None:
    measure = MeasureFactory()
    entry = InnovationFactory(published=True, title="Shared rota app")
    add_figure(
        entry,
        measure=measure,
        value=Decimal(29103),
        qualifier="more_than",
        label="Hours freed on wards",
        basis="modelled",
        place=TrustFactory(name="Kent Trust"),
        evidence=EvidenceFactory(title="Annual review", url="https://example.org/review"),
        locator="page 12",
    )
    page = page_of(client, measure)
    for words in [
        "More than 29,103 hours",
        "Hours freed on wards",
        f'{entry.get_absolute_url()}#figure-{entry.figures.get().key}">Shared rota app',
        "2023/24",
        "Kent Trust",
        "Modelled",
        '<a href="https://example.org/review" rel="external">Annual review</a>',
        "page 12",
    ]:
        assert words in page, words


def test_figures_of_a_draft_entry_are_not_shown(client: Client) -> None:
    measure = MeasureFactory()
    add_figure(InnovationFactory(title="Secret draft"), measure=measure)
    page = page_of(client, measure)
    assert "Secret draft" not in page
    assert "No published entry reports a figure" in page


@pytest.mark.parametrize("key", ["unfinished", "no-such-measure"])
def test_a_draft_measure_is_as_unknown_as_one_that_is_not_there(client: Client, key: str) -> None:
    MeasureFactory(key="unfinished", status="draft")
    assert client.get(reverse("benefits:measure", args=[key])).status_code == 404


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_dictionary_costs_the_same_for_one_measure_as_for_twenty(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    for _ in range(how_many):
        add_figure(InnovationFactory(published=True), published=False)
    with django_assert_num_queries(2):
        client.get(reverse("benefits:measures"))


@pytest.mark.parametrize("how_many", [1, 20])
def test_a_measure_costs_the_same_for_one_figure_as_for_twenty(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    measure = MeasureFactory()
    for _ in range(how_many):
        add_figure(InnovationFactory(published=True), measure=measure, place=TrustFactory(), published=False)
    with django_assert_num_queries(4):
        client.get(measure.get_absolute_url())
