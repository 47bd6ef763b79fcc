"""The timeline against a plain list of all that was put on it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.benefits.calculations import Candidate
from portal.benefits.calculations.overlap import Timeline

Period = tuple[date, date]

FIRST_DAY = date(2022, 4, 1)
days = st.sampled_from([date.min, *(FIRST_DAY + timedelta(number) for number in range(40))])
periods = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))


def figure_of(period: Period) -> Candidate:
    first, last = period
    return Candidate(
        figure=f"{first}/{last}", measure="hours-released", entry=1, value=Decimal(1), start=first, end=last
    )


def timeline_of(*added: Period) -> Timeline:
    timeline = Timeline()
    for first, last in added:
        timeline.add(first, last, figure_of((first, last)))
    return timeline


def april(first: int, last: int) -> Period:
    return date(2022, 4, first), date(2022, 4, last)


@pytest.mark.slow
@settings(max_examples=200)
@given(st.lists(periods, max_size=20), st.lists(periods, min_size=1, max_size=6))
def test_it_finds_the_one_that_ends_last_of_all_that_have_a_day_in_common(
    added: list[Period], asked: list[Period]
) -> None:
    timeline = timeline_of(*added)

    for first, last in asked:
        met = [period for period in added if period[0] <= last and first <= period[1]]
        found = timeline.meeting(first, last)
        assert (found is not None) == bool(met)
        if found:
            assert (found.start, found.end) in met
            assert found.end == max(period[1] for period in met)


def test_an_empty_timeline_meets_nothing() -> None:
    assert timeline_of().meeting(*april(1, 30)) is None


@pytest.mark.parametrize(("asked", "meets"), [((1, 4), False), ((1, 5), True), ((10, 12), True), ((11, 12), False)])
def test_a_period_is_met_from_its_first_to_its_last_day(asked: tuple[int, int], meets: bool) -> None:
    timeline = timeline_of(april(5, 10))

    assert (timeline.meeting(*april(*asked)) is not None) == meets


def test_a_gap_between_two_periods_meets_neither() -> None:
    timeline = timeline_of(april(1, 5), april(20, 25))

    assert timeline.meeting(*april(6, 19)) is None


def test_the_first_of_two_equal_periods_is_kept() -> None:
    timeline = Timeline()
    first = figure_of(april(1, 5))
    timeline.add(*april(1, 5), first)
    timeline.add(*april(1, 5), figure_of(april(1, 5)))

    assert timeline.meeting(*april(3, 3)) is first
