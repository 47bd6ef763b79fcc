"""Why an entry gives no range for one's own number: said in its own facts, and figure by figure."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.catalogue.models import Entry
from tests.benefits.sites import entry_of_two_sites, hours_released, observed_at
from tests.factories import CaseStudyFactory, IcbFactory, InnovationFactory, MeasureFactory, TrustFactory, add_figure

pytestmark = pytest.mark.django_db


def answer(client: Client, entry: Entry, **asked: Any) -> Any:
    return client.get(reverse("benefits:for_us", args=[entry.slug]), asked)


def words_of(page: Any) -> str:
    return " ".join(page.content.decode().split())


def why_not(client: Client, entry: Entry) -> str:
    page = answer(client, entry, headcount=10)
    assert page.status_code == 200
    assert "We won’t guess" in words_of(page)
    return str(page.context["why_not"])


def test_one_site_is_not_enough(client: Client) -> None:
    entry = InnovationFactory(published=True)
    observed_at(entry, "Northtown NHS Trust", 1000, 100)
    assert why_not(client, entry) == (
        "Only one figure says what was observed, when, where and for how many people: 1,000 hours at Northtown NHS "
        "Trust. No other site has counted the same."
    )


def test_two_years_of_one_site_are_not_enough(client: Client) -> None:
    entry, trust = InnovationFactory(published=True), TrustFactory(name="Northtown NHS Trust")
    observed_at(entry, "", 1000, 100, place=trust)
    observed_at(entry, "", 900, 100, place=trust, period_start=date(2022, 4, 1), period_end=date(2023, 3, 31))
    assert "come from one site: 1,000 hours at Northtown NHS Trust; 900 hours at" in why_not(client, entry)


def test_figures_for_a_board_and_a_trust_in_it_are_of_one_site(client: Client) -> None:
    entry, trust, board = InnovationFactory(published=True), TrustFactory(), IcbFactory()
    trust.memberships.create(within=board)
    observed_at(entry, "", 1000, 100, place=trust)
    observed_at(entry, "", 4000, 500, place=board)
    assert why_not(client, entry).startswith("Only one figure says")


def test_unlike_populations_are_named(client: Client) -> None:
    entry = InnovationFactory(published=True)
    observed_at(entry, "Northtown NHS Trust", 1000, 100, population="Patients on the ward")
    observed_at(entry, "Southtown NHS Trust", 1000, 100, population="Staff")
    assert why_not(client, entry).endswith(
        "but they don’t count the same: one counts “patients on the ward”, the other “staff”."
    )


def test_unlike_price_years_are_named(client: Client) -> None:
    entry, money = InnovationFactory(published=True), MeasureFactory(unit="GBP")
    observed_at(entry, "Northtown", 1000, 100, measure=money, price_year=2019)
    observed_at(entry, "Southtown", 1000, 100, measure=money)
    assert "one is in “prices of 2019/20”, the other “prices of no stated year”" in why_not(client, entry)


def test_it_says_in_the_entrys_own_facts_what_its_figures_lack(client: Client) -> None:
    entry = InnovationFactory(published=True)
    observed_at(entry, "Northtown", 1, 100, key="modelled", basis="modelled")
    observed_at(entry, "Northtown", 1, 100, key="could", achievement="potential")
    observed_at(entry, "Northtown", 1, None, key="whom", population="")
    add_figure(entry, measure=hours_released(), role="baseline")

    assert why_not(client, entry) == (
        "None of its 3 benefit figures can be scaled. Not achieved when the source was written: 1. "
        "Not observed, or not said to be: 1. Number of people not stated: 1."
    )
    page = answer(client, entry)
    assert [(row.figure.key, row.why) for row in page.context["not_scaled"]] == [
        ("whom", "Its source doesn’t say for how many people it was."),
        ("modelled", "It was modelled, not observed."),
        ("could", "It is what could be achieved; its source doesn’t say that it was."),
    ]
    assert "Its other figure is a level, a cost or reach, not a benefit." in words_of(page)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"per": "month"}, "It is a rate, per month, not an amount."),
        ({"qualifier": "up_to"}, "“Up to” says how much at most, not how much."),
        ({"basis": "not_stated"}, "Its source doesn’t say whether it was observed or modelled."),
        ({"period_kind": "as_at", "period_start": None}, "It is a count on a day, not of a period."),
        (
            {"period_kind": "not_stated", "period_start": None, "period_end": None},
            "Its source doesn’t say from when to when, so it can’t be brought to a year.",
        ),
        ({"place": None}, "Its source doesn’t say where it was."),
        ({"population": ""}, "Its source says that it was for 100, but not for whom."),
    ],
)
def test_each_figure_says_what_it_lacks(client: Client, fields: dict[str, Any], why: str) -> None:
    entry = InnovationFactory(published=True)
    observed_at(entry, "Northtown", 1, 100, **fields)
    assert [row.why for row in answer(client, entry).context["not_scaled"]] == [why]


def test_a_percentage_does_not_grow_with_people(client: Client) -> None:
    entry = InnovationFactory(published=True)
    observed_at(entry, "Northtown", 1, 100, measure=MeasureFactory(unit="percent", additive=False))
    assert "it doesn’t grow with the number of people" in answer(client, entry).context["not_scaled"][0].why


def test_an_overlapping_figure_names_the_one_in_its_stead(client: Client) -> None:
    entry, trust = entry_of_two_sites(), TrustFactory(name="Eastville NHS Trust")
    observed_at(entry, "", 1000, 100, key="net", place=trust, gross_or_net="net")
    observed_at(entry, "", 1200, 100, key="gross", place=trust)
    row = answer(client, entry).context["not_scaled"][0]
    assert row.figure.key == "gross"
    assert row.why.startswith("It may hold the same benefit as 1,000 hours at Eastville NHS Trust")


def test_an_entry_without_figures_says_so(client: Client) -> None:
    assert why_not(client, CaseStudyFactory(published=True)) == (
        "No source we have read gives a figure for this entry."
    )


def test_an_entry_without_benefit_figures_says_so(client: Client) -> None:
    entry = InnovationFactory(published=True)
    add_figure(entry, role="context")
    assert why_not(client, entry) == "Its one figure isn’t a benefit: what is counted is a level, a cost or reach."
