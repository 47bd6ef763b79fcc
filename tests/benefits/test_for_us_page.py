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
    IcbFactory,
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


# --- why there is none ----------------------------------------------------------------------


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


# --- cost, and the entry's own page ---------------------------------------------------------


@pytest.mark.parametrize("how_many", [2, 20])
def test_twenty_sites_cost_as_many_queries_as_two(
    client: Client, django_assert_num_queries: Any, how_many: int
) -> None:
    entry = InnovationFactory(published=True)
    for number in range(how_many):
        observed_at(entry, f"Trust {number}", 1000, 100, published=False)
    with django_assert_num_queries(9):
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
