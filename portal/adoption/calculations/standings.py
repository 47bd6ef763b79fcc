"""Where each organisation stands with one entry on a day, from what was said of it and of its predecessors."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple

from portal.adoption.calculations.bodies import Bodies
from portal.adoption.calculations.values import BEFORE_LIVE, Event, Periods
from portal.organisations.places import Place, Succeeded


class Says(StrEnum):
    """What is known. `PERHAPS`: it took over a part of an adopter that was split; which part uses it nobody said."""

    LIVE = "live"
    PERHAPS = "perhaps"
    NOT_LIVE = "not_live"
    SILENT = "silent"


class Standing(NamedTuple):
    """One organisation on one day.

    `event` is the last word, which may be a predecessor's: then `taken_over_from` names it. A
    silent organisation with an event was heard of, but too long ago.
    """

    body: Place
    says: Says
    event: Event | None = None
    taken_over_from: tuple[Place, ...] = ()

    @property
    def is_unconfirmed(self) -> bool:
        return self.says == Says.SILENT and self.event is not None

    @property
    def was_live(self) -> bool:
        """Say whether the last word was that it is in use, confirmed since or not."""
        return self.event is not None and self.event.is_live


class Story:
    """What was said of one entry, by organisation, with those that became other organisations."""

    def __init__(self, bodies: Bodies, events: Iterable[Event], periods: Periods) -> None:
        self.bodies, self.periods, self.events = bodies, periods, sorted(events, key=attrgetter("order"))
        by_body: dict[Place, list[Event]] = defaultdict(list)
        for event in self.events:
            by_body[event.body].append(event)
        self._words = {place: _words(said) for place, said in by_body.items()}
        self._firsts = {place: [event.first for event in said] for place, said in by_body.items()}

    @cached_property
    def touched(self) -> frozenset[Place]:
        """The organisations of which anything can be known: of all others nothing was said."""
        return self.bodies.touched_by(self._words)

    def word_of(self, place: Place, day: date) -> Event | None:
        """Return the last that was said of the organisation itself up to a day."""
        so_far = bisect_right(self._firsts.get(place, ()), day)
        return self._words[place][so_far - 1] if so_far else None

    def as_at(self, day: date) -> "Standings":
        """Return where everyone stood on a day, by the period of confirmation that was in force then."""
        return _on_day(self, day)

    def says_the_same(self, other: "Story") -> bool:
        return (self.bodies, self.periods, self.events) == (other.bodies, other.periods, other.events)

    def spoken_of(self) -> list[Place]:
        """Return the organisations of which something was said."""
        return list(self._words)

    def first_days(self) -> list[date]:
        """Return the days from which something was said, earliest first."""
        return sorted({day for days in self._firsts.values() for day in days})


def _words(said: list[Event]) -> list[Event]:
    """Return the word that stands after each event: a pilot of something more doesn't end what is in use."""
    words: list[Event] = []
    for event in said:
        before = words[-1] if words else None
        words.append(before if before and _adds_only(event, before) else event)
    return words


def _adds_only(event: Event, before: Event) -> bool:
    if event.stage not in BEFORE_LIVE:
        return False
    return before.is_live or (before.stage in BEFORE_LIVE and before.order[1] > event.order[1])


class Standings:
    """Every organisation's standing on one day."""

    def __init__(self, story: Story, day: date) -> None:
        self.story, self.day, self.months = story, day, story.periods.months_on(day)
        self._bodies = story.bodies.as_at(day)
        self._known: dict[Place, Standing] = {}

    def of(self, place: Place) -> Standing:
        if place not in self._known:
            self._known[place] = self._work_out(place, frozenset({place}))
        return self._known[place]

    def heard(self, places: Iterable[Place]) -> list[Standing]:
        """Return the standings of those of which anything can be known; all others are silent."""
        return [self.of(place) for place in places if place in self.story.touched]

    def open_bodies(self, kind: str) -> list[Place]:
        """Return the organisations of a kind that are open on the day."""
        return list(self._bodies.open.get(kind, ()))

    def heirs(self, place: Place) -> set[Place]:
        """Return those who hold a part of what was this organisation's: those at the end of each succession."""
        found, to_visit, met = set(), [place], {place}
        while to_visit:
            here = to_visit.pop()
            after = set(self._bodies.successors.get(here, ())) - met
            # One that gave away a part and stays open holds the rest.
            if here != place and self.story.bodies.by_place[here].is_open(self.day):
                found.add(here)
            met |= after
            to_visit.extend(after)
        return found

    def adopters_without_heirs(self) -> list[Standing]:
        """Return the closed organisations last heard of as live that nobody is known to have taken over from."""
        bodies = (self.story.bodies.by_place[place] for place in sorted(self.story.touched))
        ended = [body.place for body in bodies if body.closed and body.closed < self.day]
        alone = (place for place in ended if place not in self._bodies.successors)
        return [standing for place in alone if (standing := self.of(place)).was_live]

    def _work_out(self, place: Place, met: frozenset[Place]) -> Standing:
        own, before_it = self._own(place), self._bodies.predecessors.get(place)
        if own.says == Says.LIVE or not before_it:
            return own
        told = [
            (row, self._work_out(row.predecessor, met | {row.predecessor}))
            for row in before_it
            if row.predecessor not in met
        ]
        told = [(row, before) for row, before in told if not _overrides(own.event, row, before.event)]
        return self._with_predecessors(own, told)

    def _own(self, place: Place) -> Standing:
        word = self.story.word_of(place, self.day)
        if word is None:
            return Standing(place, Says.SILENT)
        if not word.is_confirmed(self.day, months=self.months):
            return Standing(place, Says.SILENT, word)
        return Standing(place, Says.LIVE if word.is_live else Says.NOT_LIVE, word)

    def _with_predecessors(self, own: Standing, told: list[tuple[Succeeded, Standing]]) -> Standing:
        """Take over what is known of predecessors: live if one was, in part if one that was split was."""
        whole = [before for row, before in told if len(self._bodies.successors[row.predecessor]) == 1]
        if live := [before for before in whole if before.says == Says.LIVE]:
            return _taken_over(own.body, Says.LIVE, live)
        parts = [before for _, before in told if before.says in (Says.LIVE, Says.PERHAPS)]
        if parts:
            roots = {root for before in parts for root in _split_adopters(before)}
            return Standing(own.body, Says.PERHAPS, _latest(parts), tuple(sorted(roots)))
        if own.event or not told:
            return own
        if silent := [before for _, before in told if before.says == Says.SILENT]:
            heard = [before for before in silent if before.event]
            return _taken_over(own.body, Says.SILENT, heard) if heard else own
        return _taken_over(own.body, Says.NOT_LIVE, [before for _, before in told])


@lru_cache(maxsize=2048)
def _on_day(story: Story, day: date) -> Standings:
    return Standings(story, day)


def _overrides(own: Event | None, row: Succeeded, before: Event | None) -> bool:
    """Say whether a successor has spoken for itself since it took over, and later than its predecessor."""
    return own is not None and own.first >= row.on and (before is None or own.first >= before.first)


def _split_adopters(before: Standing) -> tuple[Place, ...]:
    """Return the adopters that were split: this one, or those that it holds a part of itself."""
    return before.taken_over_from if before.says == Says.PERHAPS else (before.body,)


def _taken_over(place: Place, says: Says, from_: list[Standing]) -> Standing:
    word = _latest(from_)
    if says != Says.LIVE:
        from_ = [before for before in from_ if before.event == word]
    return Standing(place, says, word, tuple(sorted(before.body for before in from_)))


def _latest(standings: list[Standing]) -> Event | None:
    events = [standing.event for standing in standings if standing.event]
    return max(events, key=attrgetter("order"), default=None)
