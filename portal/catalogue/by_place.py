"""The catalogue by board: as a map of tiles, as the table that says the same, and on each board’s own page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils import timezone
from pyroaring import BitMap

from portal.catalogue.finding.index import Index, current_index
from portal.catalogue.finding.own_facets import places_today
from portal.core.panels import Panel
from portal.organisations.models import Organisation
from portal.organisations.places import Place, Places
from portal.organisations.tiles import Spot, TileMap, letters_for, spots_on

SHADES = (("#ffffff", "#212b32"), ("#c5dcf2", "#212b32"), ("#5797d3", "#212b32"), ("#003087", "#ffffff"))
"""Fill and ink of no entry, and of the lower, middle and upper third of the most that a board has."""


@dataclass(frozen=True)
class Board:
    """One board: how many entries concern it, are reported in use in it, and are confirmed so; and its neighbours."""

    code: str
    name: str
    region: str
    entries: int
    used: int
    confirmed: int
    neighbours: list[str]
    used_by_neighbours: int

    @property
    def neighbours_query(self) -> str:
        return f"?{urlencode([('used', code) for code in self.neighbours])}"


class Tile(NamedTuple):
    x: int
    y: int
    letters: str
    fill: str
    ink: str
    board: Board

    @property
    def name(self) -> str:
        return self.board.name


def boards() -> dict[Place, Board]:
    """Return every open board by its row; two queries when nobody has asked since the catalogue moved."""
    index = current_index()
    return index.kept("boards", lambda: _boards(index))


def _boards(index: Index) -> dict[Place, Board]:
    places = places_today()
    rows = list(Organisation.objects.icbs().filter(closed_on=None).order_by("name"))
    regions = {row.pk: row.display_name for row in Organisation.objects.regions()}
    region_of = {row.pk: _region_of(row, places, regions) for row in rows}
    return {row.pk: _board(row, region_of, rows, regions, index) for row in rows}


def _region_of(board: Organisation, places: Places, regions: dict[Place, str]) -> Place | None:
    return next((place for place in places.above(board.pk) if place in regions), board.region_id)


def _board(
    row: Organisation,
    region_of: dict[Place, Place | None],
    rows: Iterable[Organisation],
    regions: dict[Place, str],
    index: Index,
) -> Board:
    region = region_of[row.pk]
    neighbours = [other.code for other in rows if region and region_of[other.pk] == region and other.pk != row.pk]
    return Board(
        code=row.code,
        name=row.display_name,
        region=regions[region] if region else "",
        entries=len(index.holding("icb", row.code)),
        used=len(index.holding("used", row.code)),
        confirmed=len(index.holding("confirmed", row.code)),
        neighbours=neighbours,
        used_by_neighbours=len(BitMap.union(BitMap(), *(index.holding("used", code) for code in neighbours))),
    )


def map_of_boards(found: dict[Place, Board]) -> TileMap | None:
    """Return the map of the boards open today; None where nobody has laid one out. One query."""
    spots = [spot for spot in spots_on(timezone.localdate()) if spot[0] in found]
    if not spots:
        return None
    steps = _steps(max(found[place].entries for place, _, _ in spots))
    letters = letters_for(found[place].name for place, _, _ in spots)
    tiles = [_tile(spot, found[spot[0]], letters, steps) for spot in spots]
    return TileMap("places", "Entries by integrated care board", tiles, _legend(steps))


def _steps(most: int) -> tuple[int, int]:
    """Return up to how many entries a board's tile is light, and up to how many it is middling."""
    low = max(1, ceil(most / 3))
    return low, max(low + 1, ceil(2 * most / 3))


def _tile(spot: Spot, board: Board, letters: Mapping[str, str], steps: tuple[int, int]) -> Tile:
    fill, ink = SHADES[0 if not board.entries else 1 + sum(board.entries > step for step in steps)]
    return Tile(spot[1], spot[2], letters[board.name], fill, ink, board)


def _legend(steps: tuple[int, int]) -> list[tuple[str, str]]:
    low, middle = steps
    texts = ["no entry", _range(1, low), _range(low + 1, middle), f"{middle + 1} or more"]
    return [(fill, text) for (fill, _), text in zip(SHADES, texts, strict=True)]


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def catalogue_of_board(organisation: Organisation) -> Panel | None:
    """Lead from an open board's page to what the catalogue has of it and of its neighbours."""
    if organisation.kind != Organisation.Kind.ICB or organisation.closed_on:
        return None
    return Panel("catalogue/board_panel.html", {"board": boards()[organisation.pk]})
