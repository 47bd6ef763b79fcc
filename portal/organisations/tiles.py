"""Tile maps of boards: where each stands, for whatever a floor above says of it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.organisations.models import MapTile
from portal.organisations.places import Place

SIDE, GAP = 56, 4
LETTERS = 4

Spot = tuple[Place, int, int]
"""A board with the pixels of its tile's corner."""


@dataclass(frozen=True)
class TileMap:
    """Tiles with `x`, `y` and the `name` of their board."""

    key: str
    title: str
    tiles: Sequence[Any]
    legend: Sequence[tuple[str, str]]
    """The fill and meaning of each shade."""

    @property
    def width(self) -> int:
        return max(tile.x for tile in self.tiles) + SIDE

    @property
    def height(self) -> int:
        return max(tile.y for tile in self.tiles) + SIDE

    @property
    def by_name(self) -> list[Any]:
        return sorted(self.tiles, key=lambda tile: tile.name)


def spots_by_start() -> dict[date, list[Spot]]:
    """Return the boards of each map by the day they opened, the earliest first; one query."""
    sets: dict[date, list[Spot]] = {}
    rows = MapTile.objects.order_by("boards_from", "row", "column")
    for boards_from, board, column, row in rows.values_list("boards_from", "organisation", "column", "row"):
        sets.setdefault(boards_from, []).append((board, column * (SIDE + GAP), row * (SIDE + GAP)))
    return sets


def spots_on(day: date) -> list[Spot]:
    """Return the boards that stand on a day's map; one query."""
    sets = spots_by_start()
    starts = [start for start in sets if start <= day]
    return sets[max(starts)] if starts else []


def letters_for(names: Iterable[str]) -> dict[str, str]:
    """Shorten boards' names for the tiles of one map; where two would read alike, both get more of their first word."""
    letters = {name: _letters(name, 1) for name in names}
    for of_first in range(2, LETTERS):
        counted = Counter(letters.values())
        letters = {name: _letters(name, of_first) if counted[short] > 1 else short for name, short in letters.items()}
    return letters


def _letters(name: str, of_first: int) -> str:
    """Return a name's initials, with more than one of its first word; or the beginning of a single word."""
    words = re.findall(r"[A-Z][\w’'-]*", name)
    if len(words) < 2:
        return name[: LETTERS + of_first - 1]
    return (words[0][:of_first] + "".join(word[0] for word in words[1:]))[:LETTERS]
