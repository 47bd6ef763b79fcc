"""Tile maps of boards, before and after they were redrawn: one tile each, and the table that says the same."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from portal.adoption.calculations import Coverage, Says, Standing
from portal.adoption.kept import Known
from portal.adoption.reading import GROUPS, Adoption, Reading
from portal.core.formatting import format_date
from portal.organisations.tiles import Spot, TileMap, letters_for, spots_by_start

OF_BOARD = {
    Says.LIVE: "The board itself: live",
    Says.PERHAPS: "The board itself: perhaps live",
    Says.NOT_LIVE: "The board itself: not live",
    Says.SILENT: "",
}
SHADES = {
    "none": ("#ffffff", "#212b32", "nothing known to be live"),
    "some": ("#c5dcf2", "#212b32", "some live"),
    "half": ("#5797d3", "#212b32", "half or more live"),
    "all": ("#003087", "#ffffff", "all live"),
}


class Tile(NamedTuple):
    """One board: its place in pixels, how it is filled, and what the table says of it."""

    x: int
    y: int
    letters: str
    live_of_all: str
    shade: str
    board: Known
    standing: Standing
    coverage: Coverage

    @property
    def name(self) -> str:
        return self.board.display_name

    @property
    def fill(self) -> str:
        return SHADES[self.shade][0]

    @property
    def ink(self) -> str:
        return SHADES[self.shade][1]

    @property
    def heard(self) -> bool:
        """Say whether anything was said of the board or of a trust in it."""
        return self.standing.event is not None or self.coverage.was_heard

    @property
    def of_board(self) -> str:
        return OF_BOARD[self.standing.says]


def tile_maps(reading: Reading, entry: int) -> list[TileMap]:
    """Return the map of the reading's day, and before it those of earlier boards on their last day; one query."""
    sets = spots_by_start()
    if not sets:
        return []
    starts = sorted(day for day in sets if day <= reading.day) or sorted(sets)[:1]
    ends = [start - timedelta(days=1) for start in starts[1:]] + [reading.day]
    return [
        tile_map((reading if day == reading.day else reading.on(day)).of(entry), sets[start])
        for start, day in reversed(list(zip(starts, ends, strict=True)))
    ]


def tile_map(adoption: Adoption, spots: Iterable[Spot]) -> TileMap:
    known = adoption.organisations.by_pk
    boards = [(known[place], x, y) for place, x, y in spots if place in known]
    letters = letters_for(board.display_name for board, _, _ in boards)
    tiles = [_tile(adoption, board, x, y, letters[board.display_name]) for board, x, y in boards]
    title = f"Integrated care boards on {format_date(adoption.day)}"
    return TileMap(f"boards-{adoption.day}", title, tiles, [(fill, meaning) for fill, _, meaning in SHADES.values()])


def _tile(adoption: Adoption, board: Known, x: int, y: int, letters: str) -> Tile:
    standing, coverage = adoption.standings.of(board.pk), adoption.coverage(GROUPS["trust"], board.pk)
    return Tile(
        x=x,
        y=y,
        letters=letters,
        live_of_all=f"{coverage.live}/{coverage.all}",
        shade=_shade(standing, coverage),
        board=board,
        standing=standing,
        coverage=coverage,
    )


def _shade(standing: Standing, coverage: Coverage) -> str:
    if standing.says == Says.LIVE or (coverage.all and coverage.live == coverage.all):
        return "all"
    if 2 * coverage.live >= coverage.all > 0:
        return "half"
    return "some" if coverage.live or standing.says == Says.PERHAPS else "none"
