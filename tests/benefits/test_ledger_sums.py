"""What a sum says of itself: qualifier, range, prices, and what in it can't all be right."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portal.benefits.calculations import Candidate, Reason
from tests.benefits.scene import (
    ENGLAND,
    KENT,
    POUNDS,
    SOUTH_EAST,
    WESSEX,
    ask,
    counted,
    figure,
    financial_year,
    left_out,
    total_until,
)


@pytest.mark.parametrize(
    ("qualifiers", "said"),
    [
        (["exact", "exact"], "exact"),
        (["exact", "more_than"], "at least"),
        (["about", "exact"], "about"),
        (["about", "more_than"], "at least about"),
        ([], "exact"),
    ],
)
def test_a_sum_is_no_surer_than_its_rows(qualifiers: list[str], said: str) -> None:
    rows = [figure(f"f{number}", entry=number, qualifier=words) for number, words in enumerate(qualifiers)]

    assert ask(*rows, figure("left-out", role="target", qualifier="about")).qualifier == said


def test_a_range_is_summed_low_and_high_apart() -> None:
    ledger = ask(
        figure("a", "10", low=Decimal(8), high=Decimal(13)),
        figure("b", "20", entry=2, low=Decimal(0), high=Decimal(21)),
    )

    assert (ledger.low, ledger.total, ledger.high) == (8, 30, 34)


def test_a_sum_has_a_range_only_when_every_row_has_one() -> None:
    ledger = ask(figure("a", low=Decimal(8), high=Decimal(13)), figure("b", entry=2))

    assert (ledger.low, ledger.high) == (None, None)


def test_a_figure_that_is_left_out_takes_no_range_away() -> None:
    assert ask(figure("a", low=Decimal(8), high=Decimal(13)), figure("b")).high == 13


def test_nothing_counted_comes_to_nought_without_a_range() -> None:
    ledger = ask(figure("a", role="target"))

    assert (ledger.total, ledger.low, ledger.high, ledger.qualifier) == (0, None, None, "exact")


@pytest.mark.parametrize(
    ("kinds", "holds"), [(("gross", "net"), True), (("net", ""), False), (("gross", "gross"), False)]
)
def test_a_sum_of_gross_and_net_rows_says_so(kinds: tuple[str, str], holds: bool) -> None:
    one, other = kinds

    assert ask(figure("a", gross_or_net=one), figure("b", entry=2, gross_or_net=other)).holds_gross_and_net == holds


def test_an_overlapped_gross_row_does_not_make_a_sum_mixed() -> None:
    assert not ask(figure("a", gross_or_net="gross"), figure("b", gross_or_net="net")).holds_gross_and_net


def test_fractions_are_summed_exactly() -> None:
    rows = [figure(f"f{number}", "0.1", entry=number) for number in range(3)]

    assert ask(*rows).total == Decimal("0.3")


def pounds(value: str, price_year: int | None, **told: Any) -> Candidate:
    return figure("a", value, measure=POUNDS, price_year=price_year, **told)


@pytest.mark.parametrize(
    ("value", "in_2022"), [("100.05", "110.06"), ("0.15", "0.16"), ("0.05", "0.06"), ("1", "1.10")]
)
def test_money_of_another_price_year_is_rebased_to_the_penny(value: str, in_2022: str) -> None:
    (row,) = ask(pounds(value, 2020)).counted

    assert str(row.value) == in_2022
    assert row.rebased_from == 2020


def test_a_range_is_rebased_with_its_value() -> None:
    ledger = ask(pounds("100", 2020, low=Decimal(90), high=Decimal(110)))

    assert (ledger.low, ledger.total, ledger.high) == (99, 110, 121)


@pytest.mark.parametrize("price_year", [2022, None])
def test_money_of_the_measures_own_or_no_stated_price_year_is_left_as_it_is(price_year: int | None) -> None:
    (row,) = ask(pounds("100.0001", price_year)).counted

    assert (row.value, row.rebased_from) == (Decimal("100.0001"), None)


def test_the_asked_price_year_goes_before_the_measures_own() -> None:
    assert ask(pounds("110", 2022), price_year=2020).total == 100


@pytest.mark.parametrize(("price_year", "asked"), [(2024, None), (2020, 2024)])
def test_money_is_left_out_when_either_year_has_no_index(price_year: int, asked: int | None) -> None:
    ledger = ask(pounds("100", price_year), price_year=asked)

    assert left_out(ledger) == {"a": (Reason.PRICE_YEAR, None)}


def test_a_year_without_an_index_needs_none_to_stay_as_it_is() -> None:
    assert ask(pounds("100", 2024), price_year=2024).total == 100


def test_parts_of_a_place_that_exceed_their_whole_are_shown() -> None:
    england, wessex, kent = (
        figure("england", "10"),
        figure("wessex", "6", place=WESSEX),
        figure("kent", "8", place=KENT),
    )

    ledger = ask(england, wessex, kent)

    (found,) = ledger.parts_exceed_whole
    assert ledger.total == found.whole.value == 10
    assert set(found.parts) == {wessex, kent}
    assert found.sum_of_parts == 14


def test_parts_of_a_period_that_exceed_their_whole_are_shown() -> None:
    both = figure("both", "10", **financial_year(2021, years=2))
    early, late = figure("early", "6", **financial_year(2021)), figure("late", "8", **financial_year(2022))

    (found,) = ask(both, early, late).parts_exceed_whole

    assert set(found.parts) == {early, late}
    assert found.sum_of_parts == 14


def test_an_earlier_running_total_that_exceeds_the_later_is_shown() -> None:
    later, earlier = figure("b", **total_until(date(2023, 3, 31))), figure("a", "11", **total_until(date(2022, 3, 31)))

    (found,) = ask(later, earlier).parts_exceed_whole

    assert (found.whole.candidate, found.parts) == (later, (earlier,))


def test_parts_that_overlap_each_other_are_summed_once() -> None:
    region, wessex = figure("region", "6", place=SOUTH_EAST), figure("wessex", "6", place=WESSEX)

    assert not ask(figure("england", "10"), region, wessex).parts_exceed_whole


@pytest.mark.parametrize(
    "whole",
    [{"value": Decimal(14)}, {"qualifier": "more_than"}, {"high": Decimal(14), "low": Decimal(10)}],
    ids=str,
)
def test_parts_that_the_whole_leaves_room_for_are_no_contradiction(whole: dict[str, Any]) -> None:
    parts = [figure("wessex", "6", place=WESSEX), figure("kent", "8", place=KENT)]

    assert not ask(figure("england", "10")._replace(**whole), *parts).parts_exceed_whole


def test_a_whole_of_less_than_nothing_may_reach_up_to_nought() -> None:
    whole = figure("england", "-5", low=Decimal(-9), high=Decimal(0))

    assert not ask(whole, figure("kent", "-3", place=KENT)).parts_exceed_whole


def test_parts_in_the_prices_of_another_year_are_not_held_against_the_whole() -> None:
    assert not ask(pounds("10", 2022), pounds("14", 2020, place=KENT)._replace(figure="b")).parts_exceed_whole


def test_a_second_telling_of_the_whole_is_not_a_part_of_it() -> None:
    assert not ask(figure("a", "10"), figure("b", "14")).parts_exceed_whole


def told(name: str, value: str, source: int, **more: Any) -> Candidate:
    return figure(name, value, source=source, **more)


def test_two_sources_that_give_one_fact_different_values_are_shown() -> None:
    high, low = told("a", "12", 1), told("b", "10", 2)

    ledger = ask(high, low)

    assert counted(ledger) == {"a"}
    assert [found.figures for found in ledger.different_values] == [(low, high)]


@pytest.mark.parametrize(
    "other",
    [
        {"source": 1},
        {"value": Decimal(10)},
        {"entry": 2},
        {"place": KENT},
        financial_year(2021),
        {"gross_or_net": "net"},
        {"label": "nurses' hours"},
        {"telling": ("nurses", "", "", "")},
        {"qualifier": "up_to"},
    ],
    ids=str,
)
def test_figures_that_tell_different_facts_or_agree_are_no_contradiction(other: dict[str, Any]) -> None:
    ledger = ask(told("a", "10", 1), told("b", "12", 2)._replace(**other))

    assert not ledger.different_values


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ({"qualifier": "about"}, {"value": Decimal("10.5")}, False),
        ({"qualifier": "about"}, {"value": Decimal("10.6")}, True),
        ({"qualifier": "about"}, {"value": Decimal("11"), "qualifier": "about"}, False),
        ({"qualifier": "more_than"}, {"value": Decimal(99)}, False),
        ({"qualifier": "more_than"}, {"value": Decimal(9)}, True),
        ({"low": Decimal(8), "high": Decimal(12)}, {"value": Decimal(12)}, False),
        ({"low": Decimal(8), "high": Decimal(12)}, {"value": Decimal(13)}, True),
    ],
    ids=str,
)
def test_a_loose_wording_leaves_room_for_another_value(
    one: dict[str, Any], other: dict[str, Any], differ: bool
) -> None:
    ledger = ask(told("a", "10", 1)._replace(**one), told("b", "10", 2)._replace(**other))

    assert bool(ledger.different_values) == differ


def test_an_overlap_group_is_one_benefit_whatever_its_figures_are_called() -> None:
    one = told("a", "10", 1, overlap_group="agency", label="agency shifts")
    other = told("b", "12", 2, entry=2, overlap_group="agency", label="bank shifts filled", place=ENGLAND)

    assert [found.figures for found in ask(one, other).different_values] == [(one, other)]
