"""The place hierarchy once more, as plainly as it can be said: follow the raw rows, each time anew."""

from collections.abc import Sequence
from datetime import date

from portal.organisations.places import LiesIn
from tests.organisations.maps import Map


class Ground:
    """Which places lie in which, and which share ground, on the map's day."""

    def __init__(self, map: Map) -> None:
        self._map = map
        self._closed = {area.place: area.closed for area in map.areas}
        self._kinds = {area.place: area.kind for area in map.areas}
        self._splits = self._find_splits()
        self.holders = {area.place: self._climb(area.place, frozenset()) for area in map.areas}

    def lies_in(self, place: int, other: int) -> bool:
        return other in self.holders[place]

    def width(self, place: int) -> int:
        return sum(self.lies_in(other, place) for other in self.holders)

    def share(self, place: int, other: int) -> bool:
        """One place lies in both, or of a split board and a successor each holds the one or the other."""
        if any(self.lies_in(inside, place) and self.lies_in(inside, other) for inside in self.holders):
            return True
        return any(
            any(self.lies_in(part, place) for part in pair) and any(self.lies_in(part, other) for part in pair)
            for pair in self._splits
        )

    def _heirs(self, place: int) -> set[int]:
        rows = self._map.successions
        return {row.successor for row in rows if row.predecessor == place and row.on <= self._map.as_at}

    def _find_splits(self) -> list[tuple[int, int]]:
        splits = [(area.place, self._heirs(area.place)) for area in self._map.areas]
        return [(place, heir) for place, heirs in splits if len(heirs) > 1 for heir in heirs]

    def _climb(self, place: int, met: frozenset[int]) -> frozenset[int]:
        if place in met:
            return frozenset()
        return frozenset({place}).union(*(self._climb(parent, met | {place}) for parent in self._parents(place)))

    def _parents(self, place: int) -> set[int]:
        heirs = self._heirs(place)
        found = set(heirs) if len(heirs) == 1 else set()
        rows = [row for row in self._map.memberships if row.place == place]
        for kind in {self._kinds[row.within] for row in rows}:
            found |= self._held_by([row for row in rows if self._kinds[row.within] == kind])
        return found

    def _held_by(self, rows: Sequence[LiesIn]) -> set[int]:
        """Where memberships of one kind put their place: now, until that closed, or nearest in time."""
        day = self._map.as_at
        running = [row for row in rows if (row.start or date.min) <= day <= (row.end or date.max)]
        found = {row.within for row in [*running, *(row for row in rows if self._lasted_until_closing(row))]}
        if running:
            return found
        if ended := [row.end for row in rows if row.end and row.end < day]:
            return found | {row.within for row in rows if row.end == max(ended)}
        first = min(row.start or date.min for row in rows)
        return found | {row.within for row in rows if (row.start or date.min) == first}

    def _lasted_until_closing(self, row: LiesIn) -> bool:
        closed = self._closed[row.within]
        return closed is not None and closed < self._map.as_at and row.end is not None and row.end >= closed
