"""Which places lie in which on a day: mergers, splits, moves and networks across regions."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given, settings

from portal.organisations.places import Area, LiesIn, Places, Succeeded
from tests.organisations.ground import Ground
from tests.organisations.maps import Map, maps

ENGLAND, SOUTH, NORTH, WESSEX, DORSET, SOLENT, TRUST, NETWORK, OTHER_NETWORK = range(1, 10)
KINDS = {
    ENGLAND: "country",
    SOUTH: "region",
    NORTH: "region",
    WESSEX: "icb",
    DORSET: "icb",
    SOLENT: "icb",
    TRUST: "trust",
    NETWORK: "network",
    OTHER_NETWORK: "network",
}
LAST_DAY, CHANGE = date(2026, 3, 31), date(2026, 4, 1)
MOVED, BEFORE_THAT = date(2024, 7, 1), date(2024, 6, 30)
REGIONS = [LiesIn(SOUTH, ENGLAND, None, None), LiesIn(NORTH, ENGLAND, None, None)]


def lies(place: int, within: int, start: date | None = None, end: date | None = None) -> LiesIn:
    return LiesIn(place, within, start, end)


def places(
    *memberships: LiesIn,
    became: Mapping[int, Sequence[int]] | None = None,
    closed: Sequence[int] = (),
    as_at: date = CHANGE,
) -> Places:
    """`became` says which boards closed on the last day of March 2026 and who took over on 1 April."""
    heirs = became or {}
    areas = [Area(place, kind, None, LAST_DAY if place in (*heirs, *closed) else None) for place, kind in KINDS.items()]
    successions = [Succeeded(place, heir, CHANGE) for place, found in heirs.items() for heir in found]
    return Places(areas, [*REGIONS, *memberships], successions, as_at=as_at)


def test_a_place_lies_in_itself_and_in_all_that_holds_it() -> None:
    found = places(lies(WESSEX, SOUTH), lies(TRUST, WESSEX))

    assert found.above(TRUST) == {TRUST, WESSEX, SOUTH, ENGLAND}
    assert found.below(SOUTH) == {TRUST, WESSEX, SOUTH}


def test_a_wider_place_has_more_inside_it() -> None:
    found = places(lies(WESSEX, SOUTH), lies(TRUST, WESSEX))

    assert found.width(ENGLAND) > found.width(SOUTH) > found.width(WESSEX) > found.width(TRUST) == 1


@pytest.mark.parametrize(("as_at", "holds"), [(LAST_DAY, False), (CHANGE, True)])
def test_a_merged_board_lies_in_the_one_that_took_over_from_that_day_on(as_at: date, holds: bool) -> None:
    found = places(lies(WESSEX, SOUTH), lies(SOLENT, SOUTH), became={WESSEX: [SOLENT], DORSET: [SOLENT]}, as_at=as_at)

    assert (SOLENT in found.above(WESSEX)) == holds
    assert (found.below(SOLENT) == {SOLENT, WESSEX, DORSET}) == holds
    assert found.is_open(WESSEX) == (not holds)
    assert found.successors(WESSEX) == ((SOLENT,) if holds else ())


def test_successors_are_followed_one_after_another() -> None:
    found = places(lies(SOLENT, SOUTH), became={WESSEX: [DORSET], DORSET: [SOLENT]})

    assert found.above(WESSEX) == {WESSEX, DORSET, SOLENT, SOUTH, ENGLAND}


def test_a_board_whose_successor_lies_in_another_region_lies_in_both() -> None:
    found = places(lies(WESSEX, SOUTH, end=LAST_DAY), lies(SOLENT, NORTH), became={WESSEX: [SOLENT]})

    assert {SOUTH, NORTH} <= found.above(WESSEX)


@pytest.mark.parametrize(("as_at", "shares"), [(LAST_DAY, False), (CHANGE, True)])
def test_a_split_board_lies_in_no_successor_but_shares_ground_with_each(as_at: date, shares: bool) -> None:
    found = places(became={WESSEX: [DORSET, SOLENT]}, as_at=as_at)

    assert found.above(WESSEX) == {WESSEX}
    assert found.touching(WESSEX) == ({DORSET, SOLENT} if shares else set())
    assert found.share_ground(SOLENT, WESSEX) == shares
    assert not found.share_ground(DORSET, SOLENT)


def test_a_split_board_shares_ground_with_all_that_holds_a_successor() -> None:
    found = places(lies(WESSEX, SOUTH), lies(SOLENT, NORTH), lies(SOLENT, NETWORK), became={WESSEX: [DORSET, SOLENT]})

    assert found.touching(WESSEX) == {DORSET, SOLENT, NORTH, NETWORK}
    assert found.share_ground(SOUTH, NETWORK)


def test_a_split_board_still_lies_in_the_region_it_lay_in() -> None:
    found = places(lies(WESSEX, SOUTH, end=LAST_DAY), became={WESSEX: [DORSET, SOLENT]})

    assert found.above(WESSEX) == {WESSEX, SOUTH, ENGLAND}


def test_a_closed_trust_still_lies_in_its_board() -> None:
    found = places(lies(WESSEX, SOUTH), lies(TRUST, WESSEX, end=LAST_DAY), closed=[TRUST])

    assert not found.is_open(TRUST)
    assert found.above(TRUST) == {TRUST, WESSEX, SOUTH, ENGLAND}


def test_what_lay_in_a_board_until_that_closed_still_lies_in_it() -> None:
    rows = [lies(TRUST, WESSEX, end=LAST_DAY), lies(TRUST, SOLENT, start=CHANGE)]

    found = places(*rows, became={WESSEX: [DORSET, SOLENT]})

    assert found.above(TRUST) == {TRUST, WESSEX, SOLENT}
    assert places(*rows, as_at=LAST_DAY).above(TRUST) == {TRUST, WESSEX}


def test_a_trust_that_left_a_board_before_it_closed_does_not_go_with_it() -> None:
    rows = [lies(TRUST, WESSEX, end=BEFORE_THAT), lies(TRUST, DORSET, start=MOVED)]

    found = places(*rows, became={WESSEX: [SOLENT]})

    assert found.above(TRUST) == {TRUST, DORSET}


@pytest.mark.parametrize(("as_at", "board"), [(BEFORE_THAT, WESSEX), (MOVED, DORSET)])
def test_a_trust_that_moved_lies_in_the_board_of_the_day(as_at: date, board: int) -> None:
    rows = [lies(TRUST, WESSEX, end=BEFORE_THAT), lies(TRUST, DORSET, start=MOVED)]

    assert places(*rows, as_at=as_at).above(TRUST) == {TRUST, board}


def test_before_records_start_the_first_membership_counts() -> None:
    rows = [lies(TRUST, WESSEX, start=BEFORE_THAT, end=BEFORE_THAT), lies(TRUST, DORSET, start=MOVED)]

    assert places(*rows, as_at=date(2019, 1, 1)).above(TRUST) == {TRUST, WESSEX}


@pytest.mark.parametrize("as_at", [date(2019, 1, 1), CHANGE])
def test_a_board_of_two_networks_lies_in_both_before_and_after_its_records(as_at: date) -> None:
    rows = [lies(WESSEX, network, BEFORE_THAT, LAST_DAY) for network in (NETWORK, OTHER_NETWORK)]

    found = places(*rows, closed=[WESSEX], as_at=as_at)

    assert found.above(WESSEX) == {WESSEX, NETWORK, OTHER_NETWORK}


def test_a_network_across_regions_shares_ground_with_each_and_lies_in_neither() -> None:
    boards = [lies(WESSEX, SOUTH), lies(DORSET, NORTH), lies(WESSEX, NETWORK), lies(DORSET, NETWORK)]

    found = places(*boards, lies(NETWORK, ENGLAND))

    assert found.touching(NETWORK) == {SOUTH, NORTH}
    assert found.above(NETWORK) == {NETWORK, ENGLAND}
    assert not found.share_ground(SOUTH, NORTH)


def test_networks_without_a_board_in_common_share_no_ground() -> None:
    found = places(lies(WESSEX, NETWORK), lies(DORSET, OTHER_NETWORK), lies(WESSEX, SOUTH), lies(DORSET, SOUTH))

    assert not found.share_ground(NETWORK, OTHER_NETWORK)
    assert found.touching(SOUTH) == {NETWORK, OTHER_NETWORK}


def test_a_place_that_is_not_stated_shares_ground_with_none() -> None:
    found = places()

    assert not found.share_ground(None, ENGLAND)
    assert not found.share_ground(ENGLAND, None)


def test_boards_that_took_over_from_each_other_lie_in_each_other() -> None:
    found = places(lies(WESSEX, SOUTH), became={WESSEX: [DORSET], DORSET: [WESSEX]})

    assert found.above(WESSEX) == found.above(DORSET) == {WESSEX, DORSET, SOUTH, ENGLAND}
    assert found.width(WESSEX) == found.width(DORSET)


def test_memberships_that_go_in_a_circle_come_to_an_end() -> None:
    found = places(lies(WESSEX, DORSET), lies(DORSET, SOLENT), lies(SOLENT, WESSEX))

    assert found.above(WESSEX) == found.below(WESSEX) == {WESSEX, DORSET, SOLENT}
    assert not found.touching(WESSEX)


@pytest.mark.slow
@settings(max_examples=200)
@given(maps)
def test_following_the_raw_rows_gives_the_same_places(map: Map) -> None:
    found, ground = map.places(), Ground(map)

    for place in ground.holders:
        assert found.above(place) == ground.holders[place]
        assert found.below(place) == {other for other in ground.holders if ground.lies_in(other, place)}
        shared = {other for other in ground.holders if ground.share(place, other)}
        assert found.touching(place) == shared - found.above(place) - found.below(place)
        assert {other for other in ground.holders if found.share_ground(place, other)} == shared
