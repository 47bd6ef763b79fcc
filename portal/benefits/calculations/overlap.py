"""Choosing figures so that no hour is counted twice.

Two figures of one measure overlap when they share a key (entry, innovation family or overlap
group), share ground, and their periods intersect. Figures are taken in a fixed order, and one
that overlaps a counted figure is left out. Only counted figures displace others, so a figure
that is left out never changes what is counted, and the order of the rows never matters.

Few figures of a key are compared one by one. Of many, the counted ones are kept on timelines by
place: a figure looks at the timelines of the places around its own, which are few.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from sortedcontainers import SortedList

from portal.benefits.calculations.eligibility import RUNNING, span
from portal.benefits.calculations.values import Candidate, Reason
from portal.organisations.places import Place, Places

FEW = 8
Key = tuple[str, str, Any]


class Answer(NamedTuple):
    """Whether a figure is counted; if not, why, and the counted figure in its stead."""

    candidate: Candidate
    reason: Reason | None = None
    displaced_by: Candidate | None = None


def keys_of(candidate: Candidate) -> list[Key]:
    """Return what two figures of a measure may share that makes them hold the same benefit."""
    keys: list[Key] = [(candidate.measure, "entry", candidate.entry)]
    if candidate.family:
        keys.append((candidate.measure, "family", candidate.family))
    if candidate.overlap_group:
        keys.append((candidate.measure, "group", candidate.overlap_group))
    return keys


def part_alone(eligible: Iterable[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Part the figures that share no key and name no other, and so can't overlap, from the rest."""
    eligible = list(eligible)
    uses = Counter(chain.from_iterable(map(keys_of, eligible)))
    named = {name for row in eligible for name in (row.restates, row.supersedes) if name}
    alone: list[Candidate] = []
    related: list[Candidate] = []
    for row in eligible:
        is_named = row.figure in named or row.restates or row.supersedes
        is_related = is_named or any(uses[key] > 1 for key in keys_of(row))
        (related if is_related else alone).append(row)
    return alone, related


def take_in_order(related: Iterable[Candidate], places: Places) -> Iterator[Answer]:
    """Decide each figure in turn, beside those counted before it."""
    rows = sorted(related, key=lambda candidate: rank(candidate, places))
    taken = Taken(rows, places)
    return (taken.take(row) for row in rows)


def rank(candidate: Candidate, places: Places) -> tuple[Any, ...]:
    """Return what figures are sorted by: the first of two that overlap is kept.

    What says another figure again comes last of all. Then net before gross, wider place before
    narrower, later running total before earlier, stronger evidence, newer source; a longer period
    and at last the lower id decide what is still equal.
    """
    _, last = span(candidate)
    is_running = candidate.period_kind in RUNNING
    return (
        candidate.restates is not None,
        candidate.gross_or_net != "net",
        -places.width(candidate.place or 0),
        -last.toordinal() if is_running else 0,
        -candidate.strength,
        -int(candidate.source_date.replace("-", "").ljust(8, "0") or 0),
        -_days(candidate),
        candidate.figure,
    )


def _days(candidate: Candidate) -> int:
    """Return how long the stated period is; a level on a day is shorter than any running total."""
    first, last = span(candidate)
    return 0 if candidate.period_kind == "as_at" else (last - first).days


class Taken:
    """What has been counted so far, found again by key, place and period."""

    def __init__(self, related: Iterable[Candidate], places: Places) -> None:
        uses = Counter(chain.from_iterable(map(keys_of, related)))
        self._counts = {
            key: FewCounts(places) if times <= FEW else ManyCounts(places) for key, times in uses.items() if times > 1
        }
        self._benefits: dict[str, Candidate] = {}
        self._by_figure: dict[tuple[str, str], Candidate] = {}
        self._superseded: dict[tuple[str, str], Candidate] = {}

    def take(self, candidate: Candidate) -> Answer:
        """Count the candidate, or say why it can't be."""
        if declared := self._declared_conflict(candidate):
            return declared
        shared = [self._counts[key] for key in keys_of(candidate) if key in self._counts]
        for counts in shared:
            if met := counts.meeting(candidate):
                return Answer(candidate, Reason.SUPERSEDED if _is_later_total(met, candidate) else Reason.OVERLAPS, met)
        for counts in shared:
            counts.add(candidate)
        self._note(candidate)
        return Answer(candidate)

    def _declared_conflict(self, candidate: Candidate) -> Answer | None:
        """Look for a counted figure of which one of the two says that they hold the same benefit."""
        if candidate.restates:
            told = self._benefits.get(candidate.restates) or self._benefits.get(candidate.figure)
            if told:
                return Answer(candidate, Reason.RESTATES, told)
        if later := self._superseded.get((candidate.measure, candidate.figure)):
            return Answer(candidate, Reason.SUPERSEDED, later)
        if candidate.supersedes and (earlier := self._by_figure.get((candidate.measure, candidate.supersedes))):
            return Answer(candidate, Reason.OVERLAPS, earlier)
        return None

    def _note(self, candidate: Candidate) -> None:
        for benefit in filter(None, (candidate.figure, candidate.restates)):
            self._benefits.setdefault(benefit, candidate)
        self._by_figure[candidate.measure, candidate.figure] = candidate
        if candidate.supersedes:
            self._superseded.setdefault((candidate.measure, candidate.supersedes), candidate)


def _is_later_total(counted: Candidate, left_out: Candidate) -> bool:
    running = counted.period_kind in RUNNING and left_out.period_kind in RUNNING
    return running and (counted.end or date.max) > (left_out.end or date.max)


class FewCounts:
    """The counted figures of one key, in order, while they are few enough to look at each."""

    __slots__ = ("_counted", "_places")

    def __init__(self, places: Places) -> None:
        self._places = places
        self._counted: list[Candidate] = []

    def meeting(self, candidate: Candidate) -> Candidate | None:
        """Return the first counted figure that shares ground and time with the candidate."""
        first, last = span(candidate)
        for other in self._counted:
            other_first, other_last = span(other)
            if other_first <= last and first <= other_last and self._places.share_ground(candidate.place, other.place):
                return other
        return None

    def add(self, candidate: Candidate) -> None:
        self._counted.append(candidate)


class ManyCounts:
    """The counted figures of one key, on a timeline for each place at which, or inside which, they stand."""

    __slots__ = ("_at", "_inside", "_places")

    def __init__(self, places: Places) -> None:
        self._places = places
        self._at: dict[Place, Timeline] = {}
        self._inside: dict[Place, Timeline] = {}

    def meeting(self, candidate: Candidate) -> Candidate | None:
        """Return a counted figure that shares ground and time with the candidate."""
        first, last = span(candidate)
        place = candidate.place or 0
        around = sorted(self._places.above(place) | self._places.touching(place))
        nearby = [self._inside.get(place), *(self._at.get(other) for other in around)]
        met = (timeline.meeting(first, last) for timeline in nearby if timeline)
        return next((figure for figure in met if figure), None)

    def add(self, candidate: Candidate) -> None:
        first, last = span(candidate)
        place = candidate.place or 0
        self._at.setdefault(place, Timeline()).add(first, last, candidate)
        for holder in self._places.above(place):
            self._inside.setdefault(holder, Timeline()).add(first, last, candidate)


class Timeline:
    """Periods of counted figures, without those that lie within another of them.

    Then the later one starts the later it ends, so that of all that start by a day the last one
    ends last: if that one is over before a period begins, all are.
    """

    __slots__ = ("_firsts", "_periods")

    def __init__(self) -> None:
        self._firsts = SortedList()  # cheaper to make than a sorted dictionary: most timelines hold one period
        self._periods: dict[date, tuple[date, Candidate]] = {}  # by first day: last day and figure

    def meeting(self, first: date, last: date) -> Candidate | None:
        """Return a figure whose period has a day in common with first to last: the one that ends last."""
        started = self._firsts.bisect_right(last)
        if not started:
            return None
        end, figure = self._periods[self._firsts[started - 1]]
        return figure if end >= first else None

    def add(self, first: date, last: date, figure: Candidate) -> None:
        started = self._firsts.bisect_right(first)
        if started and self._periods[self._firsts[started - 1]][0] >= last:
            return
        following = self._firsts.bisect_left(first)
        while following < len(self._firsts) and self._periods[self._firsts[following]][0] <= last:
            del self._periods[self._firsts.pop(following)]
        self._firsts.add(first)
        self._periods[first] = (last, figure)
