"""What holds for every ledger, whatever the places, periods and figures."""

from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.benefits.calculations import Candidate, Ledger, LeftOut, Reason, answering, shares_of
from portal.organisations.places import Area
from tests.benefits.brute_force import Sum, Verdict, add_up, displacing, judge
from tests.benefits.worlds import MEASURES, World, worlds, worlds_of_few, worlds_of_many
from tests.organisations.ground import Ground

pytestmark = pytest.mark.slow
thorough = settings(max_examples=200)

DISPLACED = {Reason.RESTATES, Reason.SUPERSEDED, Reason.OVERLAPS}
ABROAD = Area(99, "country", None, None)
LONG_AFTER = {"period_kind": "during", "start": date(2031, 4, 1), "end": date(2032, 3, 31)}


def counted_in(ledgers: dict[str, Ledger]) -> list[Candidate]:
    return [row.candidate for ledger in ledgers.values() for row in ledger.counted]


def left_out_of(ledgers: dict[str, Ledger]) -> list[LeftOut]:
    return [row for ledger in ledgers.values() for row in ledger.left_out]


def sums_of(ledgers: dict[str, Ledger]) -> dict[str, tuple[Any, ...]]:
    """Return what a reader is told of each measure: the rows that went in and what they come to."""
    return {key: (row.counted, row.total, row.low, row.high, row.qualifier) for key, row in ledgers.items()}


def sums_with_copies(world: World, **changes: Any) -> dict[str, tuple[Any, ...]]:
    """Work out the world with a second telling of each figure that differs in these fields."""
    copies = [row._replace(figure=f"copy-of-{row.figure}", **changes) for row in world.figures]
    return sums_of(world.ledgers([*world.figures, *copies]))


@thorough
@given(worlds, st.integers(0, 10**6))
def test_the_order_of_the_figures_never_changes_the_answer(world: World, seed: int) -> None:
    shuffled = list(world.figures)
    Random(seed).shuffle(shuffled)

    assert world.ledgers(shuffled) == world.ledgers()


@given(worlds)
def test_each_figure_is_in_exactly_one_bucket_once(world: World) -> None:
    ledgers = world.ledgers()

    rows = [*counted_in(ledgers), *(row.candidate for row in left_out_of(ledgers))]
    assert sorted(rows, key=lambda row: row.figure) == list(world.figures)


@thorough
@given(worlds)
def test_no_two_counted_figures_hold_the_same_benefit(world: World) -> None:
    ground = Ground(world.map)

    for one, other in combinations(counted_in(world.ledgers()), 2):
        assert not [*displacing(one, other, ground), *displacing(other, one, ground)], (one, other)


@thorough
@given(worlds)
def test_a_figure_that_is_left_out_never_changes_the_sum(world: World) -> None:
    ledgers = world.ledgers()

    for left_out in left_out_of(ledgers):
        others = [row for row in world.figures if row is not left_out.candidate]
        assert sums_of(world.ledgers(others)) == sums_of(ledgers)


@given(worlds)
def test_a_figure_of_another_time_never_changes_the_sum(world: World) -> None:
    end = world.question.end or date(2023, 3, 31)
    world = replace(world, question=replace(world.question, end=end))

    assert sums_with_copies(world, **LONG_AFTER) == sums_of(world.ledgers())


@given(worlds)
def test_a_figure_of_another_place_never_changes_the_sum(world: World) -> None:
    world = replace(world, map=world.map._replace(areas=(*world.map.areas, ABROAD)))

    assert sums_with_copies(world, place=ABROAD.place) == sums_of(world.ledgers())


@given(worlds, st.randoms(use_true_random=False))
def test_what_answers_a_question_is_enough_for_a_narrower_one(world: World, chance: Random) -> None:
    asked = world.question
    place = chance.choice(sorted(world.map.places().below(asked.place)))
    start, end = asked.start or date(2021, 4, 1), asked.end or date(2023, 3, 31)
    narrower = replace(world, question=replace(asked, place=place, start=start, end=end))

    enough = answering(world.figures, asked, world.setting)
    assert sums_of(narrower.ledgers(enough)) == sums_of(narrower.ledgers())


@given(worlds)
def test_one_basis_never_changes_the_sum_of_another(world: World) -> None:
    others = {"observed", "modelled", "not_stated"} - {world.question.basis}

    assert {row.basis for row in counted_in(world.ledgers())} <= {world.question.basis}
    for basis in others:
        assert sums_with_copies(world, basis=basis) == sums_of(world.ledgers())


@given(worlds)
def test_what_is_potential_is_never_in_a_sum_of_what_was_achieved(world: World) -> None:
    asked = world.question.achievement
    other = "achieved" if asked == "potential" else "potential"

    assert {row.achievement for row in counted_in(world.ledgers())} <= {asked}
    assert sums_with_copies(world, achievement=other) == sums_of(world.ledgers())


@given(worlds)
def test_a_sum_holds_its_own_measure_alone(world: World) -> None:
    for measure, ledger in world.ledgers().items():
        rows = [row.candidate for row in (*ledger.counted, *ledger.left_out)]
        assert {row.measure for row in rows} <= {measure}
        assert ledger.total == sum(row.value for row in ledger.counted)
        assert MEASURES[measure].additive or not ledger.counted


@given(worlds)
def test_the_shares_of_a_sum_part_its_rows_and_add_up_to_it(world: World) -> None:
    for ledger in world.ledgers().values():
        shares = shares_of(ledger, lambda row: row.entry)
        rows = [row for share in shares.values() for row in share.counted]
        assert sorted(rows, key=lambda row: row.candidate.figure) == list(ledger.counted)
        assert sum(share.total for share in shares.values()) == ledger.total
        if ledger.low is not None:
            assert sum(share.low for share in shares.values() if share.low is not None) == ledger.low
        assert all({row.candidate.entry for row in share.counted} == {entry} for entry, share in shares.items())


@given(worlds)
def test_another_measure_matters_only_to_what_restates_it(world: World) -> None:
    figures = [row._replace(restates=None) for row in world.figures]

    for measure, ledger in world.ledgers(figures).items():
        alone = [row for row in figures if row.measure == measure]
        assert world.ledgers(alone)[measure] == ledger


@given(worlds)
def test_a_displaced_figure_names_a_counted_one_and_no_other_does(world: World) -> None:
    ledgers = world.ledgers()
    counted = {row.figure: row for row in counted_in(ledgers)}

    for row in left_out_of(ledgers):
        assert (row.displaced_by is not None) == (row.reason in DISPLACED), row
        if row.displaced_by:
            assert row.displaced_by is counted.get(row.displaced_by.figure), row
            assert row.displaced_by.measure == row.candidate.measure or row.reason == Reason.RESTATES, row


@thorough
@given(worlds)
def test_parts_that_exceed_their_whole_were_left_out_for_it_and_are_apart(world: World) -> None:
    ground = Ground(world.map)

    for ledger in world.ledgers().values():
        for found in ledger.parts_exceed_whole:
            whole = found.whole.candidate
            assert set(found.parts) <= {row.candidate for row in ledger.left_out if row.displaced_by is whole}
            assert all(ground.lies_in(part.place or 0, whole.place or 0) for part in found.parts)
            assert not [pair for pair in combinations(found.parts, 2) if list(displacing(*pair, ground))]
            assert found.sum_of_parts == sum(part.value for part in found.parts) > whole.value


@given(worlds)
def test_values_differ_only_between_several_sources_of_one_time_and_place(world: World) -> None:
    for measure, ledger in world.ledgers().items():
        for found in ledger.different_values:
            assert len({row.source for row in found.figures}) > 1
            assert len({row.value for row in found.figures}) > 1
            facts = {(row.measure, row.place, row.start, row.end, row.price_year) for row in found.figures}
            assert len(facts) == 1
            assert found.figures[0].measure == measure


@thorough
@given(worlds_of_few)
def test_comparing_every_pair_gives_the_same_answer(world: World) -> None:
    assert_agrees_with_brute_force(world)


@thorough
@given(worlds_of_many)
def test_comparing_every_pair_gives_the_same_answer_when_many_share_a_key(world: World) -> None:
    assert_agrees_with_brute_force(world)


def assert_agrees_with_brute_force(world: World) -> None:
    verdicts = judge(world)
    ledgers = world.ledgers()

    assert {row.figure for row in counted_in(ledgers)} == {name for name, row in verdicts.items() if row.is_counted}
    for row in left_out_of(ledgers):
        assert fits(row, verdicts[row.candidate.figure]), (row, verdicts[row.candidate.figure])
    for measure, ledger in ledgers.items():
        assert Sum(ledger.total, ledger.low, ledger.high, ledger.qualifier) == add_up(world, measure, verdicts)


def fits(row: LeftOut, verdict: Verdict) -> bool:
    """Say whether the reason is the reference's, and the figure named one of those that could be."""
    if row.displaced_by is None:
        return row.reason == verdict.fault
    return (row.reason, row.displaced_by.figure) in verdict.displaced
