"""Tile maps of boards, before and after they were redrawn: one tile each, and the table that says the same."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Max

from portal.adoption.calculations import Coverage, Says, Standing
from portal.adoption.kept import Known
from portal.adoption.reading import GROUPS, Adoption, Reading
from portal.core.formatting import format_date
from portal.organisations.models import MapTile
from portal.organisations.places import Place

SIDE, GAP = 56, 4
LETTERS = 4
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


@dataclass(frozen=True)
class TileMap:
    key: str
    title: str
    tiles: list[Tile]

    @property
    def width(self) -> int:
        return max(tile.x for tile in self.tiles) + SIDE

    @property
    def height(self) -> int:
        return max(tile.y for tile in self.tiles) + SIDE

    @property
    def by_name(self) -> list[Tile]:
        return sorted(self.tiles, key=lambda tile: tile.board.display_name)

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Return the fill and meaning of each shade."""
        return [(fill, meaning) for fill, _, meaning in SHADES.values()]


def tile_maps(reading: Reading, entry: int) -> list[TileMap]:
    """Return the map of the reading's day, and before it those of earlier boards on their last day; one query."""
    sets: dict[date, list[tuple[Place, int, int]]] = defaultdict(list)
    for boards_from, board, column, row in MapTile.objects.values_list("boards_from", "organisation", "column", "row"):
        sets[boards_from].append((board, column, row))
    if not sets:
        return []
    starts = sorted(day for day in sets if day <= reading.day) or sorted(sets)[:1]
    ends = [start - timedelta(days=1) for start in starts[1:]] + [reading.day]
    return [
        tile_map((reading if day == reading.day else reading.on(day)).of(entry), sets[start])
        for start, day in reversed(list(zip(starts, ends, strict=True)))
    ]


def tiles_on(day: date) -> list[tuple[Place, int, int]]:
    """Return the boards that stand on a day's map, each with its column and row; two queries for any number of maps."""
    start = MapTile.objects.filter(boards_from__lte=day).aggregate(Max("boards_from"))["boards_from__max"]
    return list(MapTile.objects.filter(boards_from=start).values_list("organisation", "column", "row"))


def tile_map(adoption: Adoption, places: Iterable[tuple[Place, int, int]]) -> TileMap:
    tiles = [_tile(adoption, *place) for place in places if place[0] in adoption.organisations.by_pk]
    return TileMap(f"boards-{adoption.day}", f"Integrated care boards on {format_date(adoption.day)}", tiles)


def _tile(adoption: Adoption, place: Place, column: int, row: int) -> Tile:
    board = adoption.organisations.by_pk[place]
    standing, coverage = adoption.standings.of(place), adoption.coverage(GROUPS["trust"], place)
    return Tile(
        x=column * (SIDE + GAP),
        y=row * (SIDE + GAP),
        letters=letters_of(board.display_name),
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


def letters_of(name: str) -> str:
    """Shorten a board's name for its tile: initials, or the beginning of a single word."""
    words = re.findall(r"[A-Z][\w’'-]*", name)
    return "".join(word[0] for word in words)[:LETTERS] if len(words) > 1 else name[:LETTERS]
