"""Small place hierarchies, on the days around those on which boards and trusts close, merge, split and move."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, product
from typing import NamedTuple

from hypothesis import strategies as st

from portal.organisations.places import Area, LiesIn, Places, Succeeded

ENGLAND = 1
REGIONS = (2, 3)
BOARDS = (4, 5, 6, 7)
TRUSTS = (8, 9, 10)
NETWORKS = (11, 12)
PLACES = (ENGLAND, *REGIONS, *BOARDS, *TRUSTS, *NETWORKS)
KINDS = {
    ENGLAND: "country",
    **dict.fromkeys(REGIONS, "region"),
    **dict.fromkeys(BOARDS, "icb"),
    **dict.fromkeys(TRUSTS, "trust"),
    **dict.fromkeys(NETWORKS, "network"),
}
RECORDS_START = date(2020, 7, 1)
CHANGES = (date(2021, 4, 1), date(2023, 4, 1))
AS_AT = (date(2020, 1, 1), date(2021, 3, 31), date(2021, 4, 1), date(2022, 5, 1), date(2023, 4, 1), date(2024, 1, 1))
DAY = timedelta(days=1)


class Map(NamedTuple):
    """The raw rows of a place hierarchy, and the day it is asked about."""

    areas: tuple[Area, ...]
    memberships: tuple[LiesIn, ...]
    successions: tuple[Succeeded, ...]
    as_at: date

    def places(self) -> Places:
        return Places(self.areas, self.memberships, self.successions, as_at=self.as_at)


class Fate(NamedTuple):
    """A place's last day, and which others took over the day after: none, one (a merger), several (a split)."""

    closed: date
    successors: tuple[int, ...]


Fates = Mapping[int, Fate | None]


def _fates(places: Sequence[int]) -> dict[int, list[Fate | None]]:
    found: dict[int, list[Fate | None]] = {}
    for place in places:
        others = [other for other in places if other != place]
        heirs = [chosen for count in range(3) for chosen in combinations(others, count)]
        closings = [Fate(day - DAY, successors) for day in CHANGES for successors in heirs]
        found[place] = [None] * len(closings) + closings
    return found


IN_NETWORKS = [(), NETWORKS[:1], NETWORKS[1:], NETWORKS]
FATES = {place: st.sampled_from(options) for place, options in (_fates(BOARDS) | _fates(TRUSTS)).items()}
HOMES_OF_BOARDS = st.sampled_from(list(product(REGIONS, IN_NETWORKS, [None, RECORDS_START], [False, True])))
HOMES_OF_TRUSTS = st.sampled_from(list(product(BOARDS, BOARDS, [None, None, *CHANGES], [None, "board", "trust"])))
DAYS_ASKED = st.sampled_from(AS_AT)


@st.composite
def _maps(draw: st.DrawFn) -> Map:
    fates = {place: draw(options) for place, options in FATES.items()}
    rows = [LiesIn(place, ENGLAND, None, None) for place in (*REGIONS, *NETWORKS)]
    for board in BOARDS:
        rows += _memberships_of_board(board, fates, *draw(HOMES_OF_BOARDS))
    for trust in TRUSTS:
        rows += _memberships_of_trust(trust, fates, *draw(HOMES_OF_TRUSTS))
    return Map(
        areas=tuple(Area(place, kind, None, _closed(fates.get(place))) for place, kind in KINDS.items()),
        memberships=tuple(rows),
        successions=tuple(
            Succeeded(place, successor, fate.closed + DAY)
            for place, fate in fates.items()
            for successor in (fate.successors if fate else ())
        ),
        as_at=draw(DAYS_ASKED),
    )


maps = _maps()
"""Two regions, boards and trusts that close, merge, split and move, and networks across regions."""


def _closed(fate: Fate | None) -> date | None:
    return fate.closed if fate else None


def _memberships_of_board(
    board: int, fates: Fates, region: int, networks: Sequence[int], start: date | None, ends: bool
) -> list[LiesIn]:
    """The rows of a board that closes may end with it or stay open."""
    end = _closed(fates[board]) if ends else None
    return [LiesIn(board, place, start, end) for place in (region, *networks)]


def _memberships_of_trust(
    trust: int, fates: Fates, board: int, next_board: int, moved: date | None, ends_with: str | None
) -> list[LiesIn]:
    """A trust lies in one board, or moves to another; the row may end on the day that board or trust closes."""
    if moved and next_board != board:
        return [LiesIn(trust, board, None, moved - DAY), LiesIn(trust, next_board, moved, None)]
    end = {None: None, "board": _closed(fates[board]), "trust": _closed(fates[trust])}[ends_with]
    return [LiesIn(trust, board, None, end)]
