"""Scaling what sites observed: which figures give a rate, and what the rates come to."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.benefits.calculations import Candidate, Observation, Scaling, WhyNotScaled, to_significant, work_out_scaling
from portal.organisations.places import Area, LiesIn, Places, Succeeded

BOARD, ONE, TWO, OLD, NEW = range(1, 6)
AS_AT = date(2026, 1, 1)
# ONE lies in the board; OLD was taken over by NEW.
PLACES = Places(
    [
        Area(BOARD, "icb", None, None),
        Area(ONE, "trust", None, None),
        Area(TWO, "trust", None, None),
        Area(OLD, "trust", None, date(2024, 3, 31)),
        Area(NEW, "trust", date(2024, 4, 1), None),
    ],
    [LiesIn(ONE, BOARD, None, None)],
    [Succeeded(OLD, NEW, date(2024, 4, 1))],
    as_at=AS_AT,
)
WHOLE_YEAR = {"start": date(2023, 4, 1), "end": date(2024, 3, 31)}
OF_OBSERVATION = ("additive", "population", "population_size", "counted", "staff_group", "change")


def observation(figure: str, place: int | None, value: Any = 1000, **fields: Any) -> Observation:
    """An observed, achieved benefit of a hundred ward patients in 2023/24, unless told otherwise."""
    own = {"additive": True, "population": "Ward patients", "population_size": 100}
    own |= {name: fields.pop(name) for name in OF_OBSERVATION if name in fields}
    given = {"figure": figure, "measure": "hours-released", "entry": 1, "value": Decimal(value), "place": place}
    return Observation(candidate=Candidate(**{**given, **WHOLE_YEAR, **fields}), **own)


def scaled(*observations: Observation) -> Scaling:
    return work_out_scaling(observations, PLACES)


def why(*observations: Observation) -> dict[str, str]:
    return {row.observation.candidate.figure: str(row.why) for row in scaled(*observations).not_scaled}


def test_the_lowest_and_the_highest_rate_times_the_people_are_the_range() -> None:
    rows = (observation("a", ONE, 1000), observation("b", TWO, 3210), observation("c", NEW, 2000))

    scale = scaled(*rows).scales[0]

    assert scale.sites == 3
    assert scale.range_for(50) == (Decimal(500), Decimal(1600))


def test_one_site_gives_no_range() -> None:
    assert scaled(observation("a", ONE)).scales == ()
    assert why(observation("a", ONE)) == {"a": "no_other_site"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"role": "baseline"}, WhyNotScaled.NOT_A_BENEFIT),
        ({"achievement": "potential"}, WhyNotScaled.POTENTIAL),
        ({"additive": False}, WhyNotScaled.RATE),
        ({"per": "month"}, WhyNotScaled.RATE),
        ({"qualifier": "up_to"}, WhyNotScaled.UPPER_BOUND),
        ({"basis": "modelled"}, WhyNotScaled.NOT_OBSERVED),
        ({"basis": "not_stated"}, WhyNotScaled.NOT_OBSERVED),
        ({"period_kind": "not_stated", "start": None, "end": None}, WhyNotScaled.NO_PERIOD),
        ({"period_kind": "as_at", "start": None}, WhyNotScaled.NO_PERIOD),
        ({"period_kind": "cumulative", "start": None}, WhyNotScaled.NO_PERIOD),
        ({"place": None}, WhyNotScaled.NO_PLACE),
        ({"population_size": None}, WhyNotScaled.NO_POPULATION),
        ({"population_size": 0}, WhyNotScaled.NO_POPULATION),
        ({"population": "  "}, WhyNotScaled.NO_POPULATION),
    ],
)
def test_a_figure_that_gives_no_rate_is_not_scaled(fields: dict[str, Any], reason: WhyNotScaled) -> None:
    odd = observation("odd", fields.pop("place", NEW), **fields)

    result = scaled(observation("a", ONE), observation("b", TWO), odd)

    assert [row.candidate.figure for row in result.scales[0].observations] == ["a", "b"]
    assert [(row.observation, row.why) for row in result.not_scaled] == [(odd, reason)]


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        (BOARD, {"population_size": 500}),  # the trust lies in the board
        (ONE, {"population_size": 90}),
    ],
)
def test_overlapping_figures_of_one_site_are_one_site(other: int, fields: dict[str, Any]) -> None:
    result = scaled(observation("a", ONE), observation("b", other, **fields))

    assert result.scales == ()
    assert sorted(row.why for row in result.not_scaled) == ["no_other_site", "overlaps_a_scaled_figure"]


def test_two_years_of_one_site_are_one_site() -> None:
    later = {"start": date(2024, 4, 1), "end": date(2025, 3, 31)}
    assert why(observation("a", ONE), observation("b", ONE, **later)) == {"a": "no_other_site", "b": "no_other_site"}


def test_a_trust_and_the_one_that_took_it_over_are_one_site() -> None:
    earlier = {"start": date(2021, 4, 1), "end": date(2022, 3, 31)}
    assert scaled(observation("a", OLD, **earlier), observation("b", NEW)).scales == ()


def test_every_year_of_a_site_counts_in_the_range() -> None:
    later = {"start": date(2024, 4, 1), "end": date(2025, 3, 31)}

    scale = scaled(observation("a", ONE), observation("b", ONE, 9000, **later), observation("c", TWO, 2000)).scales[0]

    assert (scale.sites, scale.range_for(100)) == (2, (Decimal(1000), Decimal(9000)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("population", "Staff"),
        ("counted", "nursing hours"),
        ("staff_group", "Doctors"),
        ("change", "increase"),
        ("price_year", 2022),
        ("measure", "costs-avoided"),
    ],
)
def test_sites_that_count_differently_are_not_scaled_together(field: str, value: Any) -> None:
    result = scaled(observation("a", ONE), observation("b", TWO, **{field: value}))

    assert result.scales == ()
    assert [row.candidate.figure for row in result.unlike or ()] == ["a", "b"]


def test_words_for_the_population_are_compared_without_case_and_spacing() -> None:
    assert scaled(observation("a", ONE), observation("b", TWO, population=" ward  PATIENTS ")).scales


def test_two_populations_are_two_scales() -> None:
    staff = {"population": "Staff", "population_size": 10}
    rows = [
        *(observation("a", ONE), observation("b", TWO)),
        *(observation("c", ONE, **staff), observation("d", TWO, **staff)),
    ]
    found = [[row.candidate.figure for row in scale.observations] for scale in scaled(*rows).scales]
    assert found == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("start", "end", "a_year"),
    [
        (date(2023, 4, 1), date(2024, 3, 31), 1000),  # 366 days
        (date(2022, 4, 1), date(2023, 3, 31), 1000),
        (date(2023, 1, 1), date(2023, 3, 14), 5000),  # 73 days
        (date(2021, 1, 1), date(2022, 12, 31), 500),
    ],
)
def test_a_period_is_brought_to_a_year_by_its_days(start: date, end: date, a_year: int) -> None:
    assert observation("a", ONE, start=start, end=end).amounts_for(100) == (a_year, a_year)


def test_a_running_total_with_a_start_is_brought_to_a_year() -> None:
    row = observation("a", ONE, period_kind="cumulative", start=date(2021, 1, 1), end=date(2022, 12, 31))
    assert row.amounts_for(100) == (500, 500)


def test_both_ends_of_a_stated_range_are_used() -> None:
    wide = observation("a", ONE, 1000, low=Decimal(400), high=Decimal(1500))
    assert scaled(wide, observation("b", TWO, 1100)).scales[0].range_for(100) == (400, 1500)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("1250", "1300"),
        ("1249.99", "1200"),
        ("99.6", "100"),
        ("0.0345", "0.035"),
        ("-1250", "-1300"),
        ("0", "0"),
        ("7", "7"),
    ],
)
def test_amounts_are_rounded_to_two_significant_figures(value: str, rounded: str) -> None:
    assert to_significant(Decimal(value), 2) == Decimal(rounded)


# --- properties -----------------------------------------------------------------------------

days = st.dates(date(2020, 1, 1), date(2024, 12, 31))


@st.composite
def some_observation(draw: Any) -> Observation:
    start = draw(days)
    return observation(
        str(draw(st.uuids())),
        draw(st.sampled_from([None, BOARD, ONE, TWO, OLD, NEW])),
        draw(st.integers(-50, 5000)),
        population=draw(st.sampled_from(["Staff", "staff ", "Patients", ""])),
        population_size=draw(st.sampled_from([None, 0, 7, 100])),
        qualifier=draw(st.sampled_from(["exact", "about", "more_than", "up_to"])),
        basis=draw(st.sampled_from(["observed", "observed", "modelled"])),
        start=start,
        end=start + timedelta(days=draw(st.integers(0, 800))),
    )


worlds = st.lists(some_observation(), max_size=12)


@given(worlds)
def test_each_figure_is_in_exactly_one_place(rows: list[Observation]) -> None:
    result = scaled(*rows)
    sorted_in = [row for scale in result.scales for row in scale.observations]
    assert sorted([*sorted_in, *(row.observation for row in result.not_scaled)], key=str) == sorted(rows, key=str)


@given(worlds, st.randoms())
def test_the_order_of_the_figures_makes_no_difference(rows: list[Observation], random: Any) -> None:
    shuffled = random.sample(rows, len(rows))
    assert scaled(*shuffled) == scaled(*rows)


@given(worlds)
def test_a_scale_rests_on_figures_of_several_sites_that_do_not_overlap(rows: list[Observation]) -> None:
    for scale in scaled(*rows).scales:
        figures = [row.candidate for row in scale.observations]
        for figure in figures:
            others = [other for other in figures if other is not figure]
            assert not any(_overlap(figure, other) for other in others)
        assert any(not PLACES.share_ground(figures[0].place, other.place) for other in figures)
        assert len({row.likeness for row in scale.observations}) == 1


def _overlap(one: Candidate, other: Candidate) -> bool:
    assert one.start
    assert one.end
    assert other.start
    assert other.end
    in_time = one.start <= other.end and other.start <= one.end
    return in_time and PLACES.share_ground(one.place, other.place)


@given(worlds, st.integers(1, 5_000_000))
def test_the_range_holds_every_sites_rate(rows: list[Observation], people: int) -> None:
    for scale in scaled(*rows).scales:
        low, high = scale.range_for(people)
        for row in scale.observations:
            least, most = row.amounts_for(people)
            assert low <= to_significant(least, 2)
            assert to_significant(most, 2) <= high
            assert row.amounts_for(2 * people)[0] == pytest.approx(2 * least)
