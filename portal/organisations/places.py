"""Which places lie in which on a day: plain values, no database.

Boards merge, split and close, so "inside" is asked as at a date. What closed lies, from then
on, in the one that took it over; a board that was split lies in none of its successors, but
shares ground with each.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import NamedTuple

Place = int


class Area(NamedTuple):
    """An organisation as a place; `kind` as in Organisation.Kind."""

    place: Place
    kind: str
    opened: date | None
    closed: date | None


class LiesIn(NamedTuple):
    """From `start` to `end`, the last day, `place` lay in `within`; None is open."""

    place: Place
    within: Place
    start: date | None
    end: date | None


class Succeeded(NamedTuple):
    predecessor: Place
    successor: Place
    on: date


class Places:
    """The places as they lay on `as_at`."""

    def __init__(
        self, areas: Iterable[Area], memberships: Iterable[LiesIn], successions: Iterable[Succeeded], *, as_at: date
    ) -> None:
        self.as_at = as_at
        self._areas = {area.place: area for area in areas}
        self._successors = _successors(successions, self._areas, as_at)
        self._parents = self._all_parents(memberships)
        self._above: dict[Place, frozenset[Place]] = {}
        self._touching: dict[Place, frozenset[Place]] = {}
        self._near: dict[Place, frozenset[Place]] = {}

    def is_open(self, place: Place) -> bool:
        area = self._areas[place]
        return (area.opened is None or area.opened <= self.as_at) and not self._is_closed(place)

    def successors(self, place: Place) -> tuple[Place, ...]:
        """Who had taken over from `place` by the day; empty while it is open."""
        return self._successors.get(place, ())

    def above(self, place: Place) -> frozenset[Place]:
        """Return every place that wholly holds `place`, itself included."""
        if place not in self._above:
            self._above[place] = self._climb(place)
        return self._above[place]

    def below(self, place: Place) -> frozenset[Place]:
        """Return every place that lies wholly in `place`, itself included."""
        return self._below.get(place, frozenset({place}))

    def touching(self, place: Place) -> frozenset[Place]:
        """Return the places that share ground with `place` although neither lies in the other."""
        if place not in self._touching:
            nested = self.above(place) | self.below(place)
            holders = (self._holders[ground] for ground in self._ground(place))
            self._touching[place] = frozenset().union(*holders) - nested
        return self._touching[place]

    def share_ground(self, place: Place | None, other: Place | None) -> bool:
        """Say whether one lies in or equals the other, or both hold a part of a board that was split."""
        if place is None or other is None:
            return False
        if place not in self._near:
            self._near[place] = self.above(place) | self.below(place) | self.touching(place)
        return other in self._near[place]

    def width(self, place: Place) -> int:
        """Return how many places lie in `place`: a wider place always has more than one inside it."""
        return len(self.below(place))

    def _is_closed(self, place: Place) -> bool:
        closed = self._areas[place].closed
        return closed is not None and closed < self.as_at

    def _all_parents(self, memberships: Iterable[LiesIn]) -> dict[Place, set[Place]]:
        by_place: dict[Place, list[LiesIn]] = defaultdict(list)
        for membership in memberships:
            by_place[membership.place].append(membership)
        parents: dict[Place, set[Place]] = {place: self._parents_of(rows) for place, rows in by_place.items()}
        for place, successors in self._successors.items():
            if len(successors) == 1:
                parents.setdefault(place, set()).add(successors[0])
        return parents

    def _parents_of(self, memberships: list[LiesIn]) -> set[Place]:
        """Return what a place lies in on the day, and the closed ones it lay in until they closed.

        The last membership stands for a place that has itself closed since, and the first for a
        day before our records start.
        """
        by_kind: dict[str, list[LiesIn]] = defaultdict(list)
        for membership in memberships:
            by_kind[self._areas[membership.within].kind].append(membership)
        found = {row.within for row in memberships if _ran_on(row, self.as_at)}
        found |= {row.within for row in memberships if self._lasted_until_it_closed(row)}
        for rows in by_kind.values():
            if not any(_ran_on(row, self.as_at) for row in rows):
                found |= {row.within for row in _nearest(rows, self.as_at)}
        return found

    def _lasted_until_it_closed(self, row: LiesIn) -> bool:
        closed = self._areas[row.within].closed
        return closed is not None and closed < self.as_at and row.end is not None and row.end >= closed

    def _climb(self, place: Place) -> frozenset[Place]:
        found, to_visit = {place}, [place]
        while to_visit:
            new = self._parents.get(to_visit.pop(), set()) - found
            found |= new
            to_visit.extend(new)
        return frozenset(found)

    @cached_property
    def _below(self) -> dict[Place, frozenset[Place]]:
        inside: dict[Place, set[Place]] = defaultdict(set)
        for place in self._areas:
            for holder in self.above(place):
                inside[holder].add(place)
        return {place: frozenset(rows) for place, rows in inside.items()}

    def _ground(self, place: Place) -> set[tuple[Place, Place]]:
        """Return the pieces of ground that `place` holds: each place below it, and its parts that were split off."""
        return {piece for inside in self.below(place) for piece in self._own_ground[inside]}

    @cached_property
    def _own_ground(self) -> dict[Place, set[tuple[Place, Place]]]:
        """A split board and each successor share the piece (board, successor)."""
        own: dict[Place, set[tuple[Place, Place]]] = {place: {(place, place)} for place in self._areas}
        for place, successors in self._successors.items():
            for successor in successors if len(successors) > 1 else ():
                own[place].add((place, successor))
                own[successor].add((place, successor))
        return own

    @cached_property
    def _holders(self) -> dict[tuple[Place, Place], set[Place]]:
        holders: dict[tuple[Place, Place], set[Place]] = defaultdict(set)
        for place in self._areas:
            for piece in self._own_ground[place]:
                holders[piece] |= self.above(place)
        return holders


def _successors(
    successions: Iterable[Succeeded], areas: dict[Place, Area], as_at: date
) -> dict[Place, tuple[Place, ...]]:
    found: dict[Place, set[Place]] = defaultdict(set)
    for row in successions:
        if row.on <= as_at and row.predecessor in areas and row.successor in areas:
            found[row.predecessor].add(row.successor)
    return {place: tuple(sorted(successors)) for place, successors in found.items()}


def _ran_on(row: LiesIn, day: date) -> bool:
    return (row.start is None or row.start <= day) and (row.end is None or row.end >= day)


def _ended_before(row: LiesIn, day: date) -> bool:
    return row.end is not None and row.end < day


def _nearest(rows: list[LiesIn], day: date) -> list[LiesIn]:
    """Return the memberships that ended last before the day; if none has, those that start first."""
    ended = [row.end for row in rows if row.end and _ended_before(row, day)]
    if ended:
        return [row for row in rows if row.end == max(ended)]
    first = min(row.start or date.min for row in rows)
    return [row for row in rows if (row.start or date.min) == first]
