"""Coverage as an interval: what is known, what may be, and nobody lost or counted twice."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.adoption.calculations import (
    Bodies,
    Body,
    Coverage,
    Periods,
    Says,
    Story,
    coverage_of,
    months_later,
    spread_over,
    stops_among,
)
from portal.core.formatting import format_coverage
from portal.organisations.places import Succeeded
from tests.adoption import brute_force
from tests.adoption.stories import CHANGE, DAY, Raw, event, said_of_each, stories, story_of

TODAY = date(2024, 6, 1)


def plain(*events: object, bodies: int = 100, months: int = 12) -> Story:
    return story_of([Body(place, "trust") for place in range(1, bodies + 1)], [], events, months=months)


def everyone(story: Story, day: date = TODAY) -> Coverage:
    standings = story.as_at(day)
    return coverage_of(standings, standings.open_bodies("trust"))


def test_the_designs_own_example() -> None:
    said = dict.fromkeys(range(1, 32), "adopted") | dict.fromkeys(range(32, 74), "not_adopting")
    coverage = everyone(plain(*said_of_each(said)))
    assert (coverage.all, coverage.live, coverage.silent) == (100, 31, 27)
    assert coverage.text == "31% to 58%, 73% replied"
    assert coverage.working == "31 live and 27 silent, of 100"


@pytest.mark.parametrize(
    ("low", "high", "replied", "out_of", "text"),
    [
        (31, 58, 73, 100, "31% to 58%, 73% replied"),
        (0, 199, 0, 199, "0% to 100%, 0% replied"),
        (1, 217, 1, 217, "Under 1% to 100%, under 1% replied"),
        (216, 216, 217, 217, "Over 99%, 100% replied"),
        (50, 50, 100, 100, "50%, 100% replied"),
        (1, 1, 8, 8, "13%, 100% replied"),
        (0, 0, 0, 0, "Nobody to count"),
    ],
)
def test_one_function_writes_it(low: int, high: int, replied: int, out_of: int, text: str) -> None:
    assert format_coverage(low=low, high=high, replied=replied, out_of=out_of) == text


@given(st.integers(1, 400), st.data())
def test_rounding_never_says_nobody_or_everybody_of_some(out_of: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, out_of))
    share = format_coverage(low=part, high=part, replied=out_of, out_of=out_of).split(",")[0]
    assert (share == "0%") == (part == 0)
    assert (share == "100%") == (part == out_of)
    if share[0].isdecimal():
        assert abs(Decimal(share.rstrip("%")) - Decimal(100 * part) / out_of) <= Decimal("0.5")


def test_a_year_later_an_unconfirmed_adopter_is_silent_and_shown_as_such() -> None:
    story = plain(event(1, 1, "adopted", "2023-06"), bodies=4)
    assert everyone(story, date(2024, 6, 30)).text == "25% to 100%, 25% replied"
    later = everyone(story, date(2024, 7, 1))
    assert later.text == "0% to 100%, 0% replied"
    assert (later.silent, later.unconfirmed) == (4, 1)
    assert story.as_at(date(2024, 7, 1)).of(1).is_unconfirmed


def test_the_period_is_what_it_is_set_to() -> None:
    said = event(1, 1, "adopted", "2023-06-30")
    assert everyone(plain(said, bodies=1, months=3), date(2023, 10, 1)).live == 0
    assert everyone(plain(said, bodies=1, months=24), date(2025, 6, 30)).live == 1


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2024-01-31", 1, "2024-02-29"), ("2023-12-15", 12, "2024-12-15"), ("2024-02-29", 12, "2025-02-28")],
)
def test_months_end_where_the_month_does(day: str, months: int, then: str) -> None:
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(then)


def test_a_stop_stands_and_says_why_beside_the_live() -> None:
    live = said_of_each(dict.fromkeys(range(1, 19), "adopted"), "2024-03")
    stopped = [event(30 + place, place, "stopped", "2022", "cost") for place in (19, 20, 21)]
    stopped.append(event(40, 22, "stopped", "2022", "no_interface"))
    standings = plain(*live, *stopped).as_at(TODAY)
    stops = stops_among(standings, standings.open_bodies("trust"))
    assert stops == (22, 4, [("cost", 3), ("no_interface", 1)])


def test_a_pilot_of_something_more_does_not_end_what_is_in_use() -> None:
    story = plain(event(1, 1, "adopted", "2023-12"), event(2, 1, "piloting", "2024-03"), bodies=1)
    assert everyone(story).live == 1
    paused = plain(event(1, 1, "adopted", "2023-12"), event(2, 1, "paused", "2024-03"), bodies=1)
    assert everyone(paused).text == "0%, 100% replied"


def merger(*events: object, on: date = CHANGE) -> Story:
    """Trusts 1 and 2 became 3."""
    bodies = [Body(1, "trust", None, on - DAY), Body(2, "trust", None, on - DAY), Body(3, "trust", on)]
    return story_of(bodies, [Succeeded(1, 3, on), Succeeded(2, 3, on)], events)


def test_a_merged_trust_is_live_when_one_that_went_into_it_was() -> None:
    story = merger(event(1, 1, "adopted", "2024-01"), event(2, 2, "not_adopting", "2024-01"))
    assert everyone(story, CHANGE - DAY).text == "50%, 100% replied"
    assert everyone(story).text == "100%, 100% replied"
    standing = story.as_at(TODAY).of(3)
    assert (standing.says, standing.taken_over_from) == (Says.LIVE, (1,))


def test_two_adopters_that_merge_are_one() -> None:
    coverage = everyone(merger(event(1, 1, "adopted", "2024-01"), event(2, 2, "spread", "2024-01")))
    assert (coverage.all, coverage.live) == (1, 1)


def test_what_the_successor_says_itself_counts_from_then_on() -> None:
    story = merger(event(1, 1, "adopted", "2024-01"), event(2, 3, "stopped", "2024-05"))
    assert everyone(story, date(2024, 4, 30)).live == 1
    assert everyone(story).live == 0


def test_what_is_reported_later_under_the_old_code_counts_for_the_successor() -> None:
    assert everyone(merger(event(1, 1, "adopted", "2024-05"))).live == 1


def test_a_half_that_never_spoke_keeps_the_merged_trust_silent() -> None:
    assert everyone(merger(event(1, 1, "not_adopting", "2024-01"))).text == "0% to 100%, 0% replied"


def split(*events: object) -> Story:
    """Board 1 was split between 2, which stays, and 3."""
    bodies = [Body(1, "trust", None, CHANGE - DAY), Body(2, "trust"), Body(3, "trust", CHANGE)]
    return story_of(bodies, [Succeeded(1, 2, CHANGE), Succeeded(1, 3, CHANGE)], events)


def test_an_adopter_that_was_split_goes_on_in_one_part_at_least() -> None:
    story = split(event(1, 1, "adopted", "2024-01"), event(2, 2, "not_adopting", "2024-01"))
    assert everyone(story, CHANGE - DAY).live == 1
    after = everyone(story)
    assert (after.all, after.live, after.perhaps, after.silent) == (2, 1, 1, 0)
    assert after.text == "50% to 100%, 100% replied"


def test_in_one_part_alone_it_may_go_on_or_not() -> None:
    standings = split(event(1, 1, "adopted", "2024-01")).as_at(TODAY)
    assert coverage_of(standings, [3])[:4] == (1, 0, 0, 1)


def test_a_closed_adopter_without_a_known_successor_is_named() -> None:
    story = story_of([Body(1, "trust", None, CHANGE - DAY)], [], [event(1, 1, "adopted", "2023")])
    assert [standing.body for standing in story.as_at(TODAY).adopters_without_heirs()] == [1]
    assert everyone(story).text == "Nobody to count"


def test_spread_tells_the_confirmed_from_those_only_heard_of() -> None:
    story = plain(event(1, 1, "adopted", "2022-06-01"), event(2, 2, "adopted", "2024-01-01"), bodies=3)
    days = [date(2022, 7, 1), date(2023, 7, 1), date(2024, 7, 1)]
    assert [point[1:] for point in spread_over(story, days, ["trust"])] == [(1, 1), (0, 1), (1, 2)]


def test_each_day_of_the_spread_goes_by_the_period_of_its_time() -> None:
    periods = Periods([(date(2020, 1, 1), 12), (date(2024, 1, 1), 3)])
    story = Story(Bodies([Body(1, "trust")], []), [event(1, 1, "adopted", "2023-06-30")], periods)
    days = [date(2023, 12, 31), date(2024, 1, 1)]
    assert [point.live for point in spread_over(story, days, ["trust"])] == [1, 0]


@given(stories())
def test_the_interval_is_that_of_every_world_that_is_possible(raw: Raw) -> None:
    standings = raw.story().as_at(raw.day)
    group = standings.open_bodies("trust")
    coverage = coverage_of(standings, group)
    assert (coverage.live, coverage.most) == brute_force.interval(raw, group)


@given(stories(), st.data())
def test_so_it_is_for_any_part_of_the_group(raw: Raw, data: st.DataObject) -> None:
    standings = raw.story().as_at(raw.day)
    group = data.draw(st.sets(st.sampled_from(standings.open_bodies("trust"))))
    coverage = coverage_of(standings, group)
    assert (coverage.live, coverage.most) == brute_force.interval(raw, group)


@given(stories(), st.randoms())
def test_the_order_of_rows_changes_nothing_and_each_is_counted_once(raw: Raw, chance: object) -> None:
    rows = [list(raw.bodies), list(raw.successions), list(raw.events)]
    for row in rows:
        chance.shuffle(row)
    mixed = Raw(*map(tuple, rows), raw.months, raw.day)
    (one, group), (other, _) = (
        (each, each.open_bodies("trust")) for each in (raw.story().as_at(raw.day), mixed.story().as_at(raw.day))
    )
    assert coverage_of(one, group) == coverage_of(other, group)
    coverage = coverage_of(one, group)
    assert 0 <= coverage.live <= coverage.most <= coverage.all == len(group)


@given(stories())
def test_what_happens_later_changes_no_earlier_day(raw: Raw) -> None:
    earlier = raw._replace(events=tuple(one for one in raw.events if one.first <= raw.day))
    group = raw.story().as_at(raw.day).open_bodies("trust")
    assert coverage_of(raw.story().as_at(raw.day), group) == coverage_of(earlier.story().as_at(raw.day), group)
