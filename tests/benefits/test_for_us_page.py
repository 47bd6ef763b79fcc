"""What could this mean for us: the page of an entry's range, and the part of the entry's page that leads there."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.catalogue.models import Entry
from tests.benefits.sites import entry_of_two_sites, hours_released, observed_at
from tests.factories import (
    CaseStudyFactory,
    EvidenceFactory,
    InnovationFactory,
    MeasureFactory,
    TrustFactory,
    add_figure,
)

pytestmark = pytest.mark.django_db


def answer(client: Client, entry: Entry, **asked: Any) -> Any:
    return client.get(reverse("benefits:for_us", args=[entry.slug]), asked)


def words_of(page: Any) -> str:
    return " ".join(page.content.decode().split())


def assumptions(page: Any) -> str:
    return " ".join(page.context["ranges"][0].assumptions)


# --- the range ------------------------------------------------------------------------------


def test_a_number_gets_a_range_marked_indicative(client: Client) -> None:
    page = answer(client, entry_of_two_sites(), headcount=150)

    assert page.status_code == 200
    assert "Staff hours released, for 150 ward patients" in words_of(page)
    assert "Between 1,500 and 3,800 hours a year, indicative" in words_of(page)


def test_an_organisation_names_the_answer_and_changes_nothing_else(client: Client) -> None:
    TrustFactory(code="RWV", name="Devon Partnership NHS Trust")
    entry = entry_of_two_sites()

    named = answer(client, entry, headcount="1,500", organisation="rwv")

    assert "for Devon Partnership NHS Trust: 1,500 ward patients" in words_of(named)
    assert "Between 15,000 and 38,000 hours a year, indicative" in words_of(named)


def test_the_number_is_asked_for_in_the_sources_words(client: Client) -> None:
    page = words_of(answer(client, entry_of_two_sites()))

    assert "How many ward patients?" in page
    assert "indicative" not in page
    assert "Add to my briefing" not in page


def test_each_observed_site_has_a_row_with_all_that_its_rate_rests_on(client: Client) -> None:
    entry = InnovationFactory(published=True)
    source = EvidenceFactory(title="The evaluation", url="https://example.nhs.uk/evaluation")
    first_half = {"period_start": date(2023, 4, 1), "period_end": date(2023, 9, 30)}
    observed_at(entry, "Northtown NHS Trust", 1000, 100, key="north", evidence=source)
    observed_at(entry, "Southtown NHS Trust", 5000, 200, key="south", **first_half)

    page = answer(client, entry, headcount=10)

    north, south = page.context["ranges"][0].rows
    assert (north.figure.key, north.people, north.rate) == ("north", "100 ward patients", "10 hours")
    assert (south.figure.key, south.people, south.rate) == ("south", "200 ward patients", "49.9 hours")
    for words in ("Northtown NHS Trust", "April to September 2023", 'href="https://example.nhs.uk/evaluation"'):
        assert words in words_of(page), words


def test_every_assumption_is_in_view(client: Client) -> None:
    entry = entry_of_two_sites()
    early = {"period_start": date(2022, 1, 1), "period_end": date(2022, 3, 31)}
    observed_at(entry, "Eastville NHS Trust", 300, 50, qualifier="about", **early)
    observed_at(entry, "Westham NHS Trust", 600, 60, low=Decimal(500), high=Decimal(700))

    told = assumptions(answer(client, entry, headcount=900))

    for words in (
        "It grows in proportion",
        "whom the sources call “Ward patients”",
        "value ÷ days × 365 (Eastville NHS Trust: 90 days)",
        "Nothing is taken off for putting it in place",
        "It rests on 4 sites only",
        "Nothing is averaged",
        "Yours is larger than any of the sites, which are from 50 to 200",
        "“More than 5,000 hours” (Southtown NHS Trust) is stated as more than this",
        "“About 300 hours” (Eastville NHS Trust) is stated as about this",
        "“500 to 700 hours” (Westham NHS Trust) is a range, of which both ends are used",
    ):
        assert words in told, words


def test_money_says_its_price_year_and_whether_it_is_gross(client: Client) -> None:
    entry, money = InnovationFactory(published=True), MeasureFactory(unit="GBP")
    for site, kind in (("Northtown", "gross"), ("Southtown", "net")):
        observed_at(entry, site, 100_000, 100, measure=money, price_year=2022, gross_or_net=kind)

    page = answer(client, entry, headcount=350)

    assert "About £350,000 a year, indicative" in words_of(page)
    assert "Pounds are in 2022/23 prices." in assumptions(page)
    assert "Gross and net are taken alike (Northtown: gross, Southtown: net)." in assumptions(page)


def test_money_of_no_stated_price_year_says_so(client: Client) -> None:
    entry, money = InnovationFactory(published=True), MeasureFactory(unit="GBP")
    for site in ("Northtown", "Southtown"):
        observed_at(entry, site, 100_000, 100, measure=money)
    assert "The sources state no price year" in assumptions(answer(client, entry, headcount=350))


def test_a_share_put_down_to_the_entry_is_named(client: Client) -> None:
    entry = entry_of_two_sites()
    observed_at(entry, "Eastville NHS Trust", 300, 50, attribution_share=Decimal("0.4"))
    told = assumptions(answer(client, entry))
    assert "“300 hours” (Eastville NHS Trust) is used whole, although its source puts 40% of it down to this." in told


def test_ranges_of_several_measures_are_not_to_be_added(client: Client) -> None:
    entry, money = entry_of_two_sites(), MeasureFactory(unit="GBP")
    for site in ("Northtown", "Southtown"):
        observed_at(entry, site, 100_000, 100, measure=money)

    page = answer(client, entry, headcount=100)

    assert len(page.context["ranges"]) == 2
    assert all("not to be added to each other" in " ".join(row.assumptions) for row in page.context["ranges"])


def test_each_population_has_a_question_of_its_own(client: Client) -> None:
    entry = entry_of_two_sites()
    for site in ("Northtown", "Southtown"):
        observed_at(entry, site, 800, 40, population="Nurses", counted="nursing hours")

    page = answer(client, entry, population="nurses", headcount=10)

    assert "How many nurses?" in words_of(page)
    assert "About 200 nursing hours a year, indicative" in words_of(page)


def test_figures_that_are_not_used_are_shown_with_why(client: Client) -> None:
    entry = entry_of_two_sites()
    observed_at(entry, "Northtown NHS Trust", 77, None, key="whom")

    page = answer(client, entry, headcount=10)

    assert [(row.figure.key, row.why) for row in page.context["not_scaled"]] == [
        ("whom", "Its source says for whom (“Ward patients”), but not for how many.")
    ]


# --- bad input ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0", "-5", "10000000", "many", "12.5", "1,2", "9" * 400, "\uff11\uff12", "5000001"])
def test_a_number_that_will_not_do_is_named_with_what_would(client: Client, text: str) -> None:
    page = answer(client, entry_of_two_sites(), headcount=text)

    assert page.status_code == 400
    assert list(page.context["form"].errors) == ["headcount"]
    assert "can’t be the number of ward patients. Enter a whole number from 1 to 5 million." in words_of(page)
    assert "indicative" not in words_of(page)


def test_an_organisation_needs_the_number_too(client: Client) -> None:
    TrustFactory(code="RWV", name="Devon Partnership NHS Trust")

    page = answer(client, entry_of_two_sites(), organisation="RWV", headcount="")

    assert page.status_code == 400
    assert "The number of ward patients is missing. Enter a whole number from 1 to 5 million." in words_of(page)
    assert '<option value="RWV" selected>' in words_of(page)


@pytest.mark.parametrize("code", ["RXX", "OLD", "\x00"])
def test_an_organisation_that_is_unknown_or_closed_is_named(client: Client, code: str) -> None:
    TrustFactory(code="OLD", closed_on=date(2020, 3, 31))

    page = answer(client, entry_of_two_sites(), organisation=code, headcount=10)

    assert page.status_code == 400
    assert list(page.context["form"].errors) == ["organisation"]


def test_a_population_that_no_figure_is_for_is_named(client: Client) -> None:
    page = answer(client, entry_of_two_sites(), population="porters", headcount=10)

    assert page.status_code == 400
    assert "No figure here is for “porters”. Choose “Ward patients”." in words_of(page)


@pytest.mark.parametrize("make", [lambda: InnovationFactory(), lambda: CaseStudyFactory()])
def test_a_draft_has_no_range(client: Client, make: Callable[[], Entry]) -> None:
    assert answer(client, make()).status_code == 404


# --- cost, and the entry's own page ---------------------------------------------------------


@pytest.mark.parametrize("how_many", [2, 20])
def test_twenty_sites_cost_as_many_queries_as_two(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    entry = InnovationFactory(published=True)
    for number in range(how_many):
        observed_at(entry, f"Trust {number}", 1000, 100, published=False)
    with django_assert_num_queries(11):
        assert answer(client, entry, headcount=10, organisation="").context["ranges"]


def test_the_entrys_page_asks_for_the_number(client: Client) -> None:
    entry = entry_of_two_sites()
    page = words_of(client.get(entry.get_absolute_url()))
    assert "2 sites counted what this brought" in page
    assert "How many ward patients?" in page
    assert f'action="/impact/for-us/{entry.slug}/"' in page


@pytest.mark.parametrize("factory", [InnovationFactory, CaseStudyFactory])
def test_the_entrys_page_says_why_there_is_no_range(client: Client, factory: Any) -> None:
    entry = factory(published=True)
    add_figure(entry)
    page = words_of(client.get(entry.get_absolute_url()))
    assert "Its one observed, achieved amount doesn’t say where and for how many people it was." in page
    assert f'href="/impact/for-us/{entry.slug}/"' in page


@pytest.mark.parametrize(
    ("figures", "why"),
    [
        ([], "No source we have read gives a benefit figure for it."),
        ([{"basis": "modelled"}] * 2, "None of its 2 benefit figures was both observed and achieved."),
        ([{"measure__additive": False}], "Its one observed, achieved benefit is a rate, a percentage or a median"),
        ([{"population_size": 5}], "Only one site says for how many people its observed benefit was."),
        (
            [{"population_size": 5, "population": "Staff"}, {"population_size": 5, "population": "Patients"}],
            "one counts",
        ),
    ],
)
def test_the_entrys_page_says_what_is_missing(client: Client, figures: list[dict[str, Any]], why: str) -> None:
    entry, measure = InnovationFactory(published=True), {"measure": hours_released()}
    for fields in figures:
        add_figure(entry, place=TrustFactory(), **({} if "measure__additive" in fields else measure), **fields)
    assert why in words_of(client.get(entry.get_absolute_url()))
