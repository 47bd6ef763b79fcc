"""Coverage as an interval: what is known to be live, and what may be as well."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

from portal.adoption.calculations.standings import Says, Standings, Story
from portal.core.formatting import format_coverage
from portal.organisations.places import Place


class Coverage(NamedTuple):
    """How many of a group of organisations are live.

    `live` are known to be, of split adopters the fewest that must be. `perhaps` hold another part
    of such an adopter. `silent` have said nothing, or nothing within the period of confirmation.
    """

    all: int
    live: int
    silent: int
    perhaps: int = 0
    unconfirmed: int = 0
    stopped: int = 0
    ever: int = 0

    @property
    def last_heard_live(self) -> int:
        """Return how many were live by the last word on them, confirmed since or not."""
        return self.ever - self.stopped

    @property
    def unconfirmed_live(self) -> int:
        """Return how many were live by a word that nobody confirmed in time."""
        return self.last_heard_live - self.live - self.perhaps

    @property
    def most(self) -> int:
        return self.live + self.perhaps + self.silent

    @property
    def replied(self) -> int:
        return self.all - self.silent

    @property
    def was_heard(self) -> bool:
        """Say whether anything was ever said of one of the group."""
        return self.silent - self.unconfirmed < self.all

    @property
    def text(self) -> str:
        """Write it as every output does: "31% to 58%, 73% replied"."""
        return format_coverage(low=self.live, high=self.most, replied=self.replied, out_of=self.all)

    @property
    def working(self) -> str:
        """Write the counts behind it: "31 live and 27 silent, of 100"."""
        return f"{self.counts}, of {self.all}"

    @property
    def counts(self) -> str:
        """Write how many are live and silent, to stand after of how many."""
        more = f", {self.perhaps} perhaps (parts of organisations that were split)" if self.perhaps else ""
        old = f" ({self.unconfirmed} of them heard of, but not within the period)" if self.unconfirmed else ""
        return f"{self.live} live{more} and {self.silent} silent{old}"

    def as_json(self) -> dict[str, int | str]:
        return {
            "text": self.text,
            "all": self.all,
            "live": self.live,
            "perhaps": self.perhaps,
            "silent": self.silent,
            "unconfirmed": self.unconfirmed,
            "stopped": self.stopped,
        }


def coverage_of(standings: Standings, group: Collection[Place]) -> Coverage:
    """Count a group of organisations that are open on the standings' day."""
    found = standings.heard(group)
    by_says = Counter(standing.says for standing in found)
    undecided = {standing.body for standing in found if standing.says == Says.PERHAPS}
    fewest = _fewest(standings, undecided)
    stopped = sum(standing.event is not None and standing.event.stage == "stopped" for standing in found)
    return Coverage(
        all=len(group),
        live=by_says[Says.LIVE] + fewest,
        silent=by_says[Says.SILENT] + len(group) - len(found),
        perhaps=by_says[Says.PERHAPS] - fewest,
        unconfirmed=sum(standing.is_unconfirmed for standing in found),
        stopped=stopped,
        ever=stopped + sum(standing.was_live for standing in found),
    )


def _fewest(standings: Standings, undecided: set[Place]) -> int:
    """Return the fewest of the undecided that must be live, so that no adopter that was split is lost.

    An adopter is found again in a successor that is live by another word; one of whose successors
    some are outside the group may go on there.
    """
    adopters = {adopter for place in undecided for adopter in standings.of(place).taken_over_from}
    wanted = []
    for adopter in adopters:
        heirs = {heir: standings.of(heir) for heir in standings.heirs(adopter)}
        if any(heir.says == Says.LIVE for heir in heirs.values()):
            continue
        holders = {place for place, heir in heirs.items() if adopter in heir.taken_over_from}
        if holders <= undecided:
            wanted.append(holders)
    return sum(_smallest_hit(sets) for sets in _apart(wanted))


def _apart(sets: Iterable[set[Place]]) -> list[list[set[Place]]]:
    """Part the sets into lots that share nothing, so that each lot stays small."""
    lots: list[list[set[Place]]] = []
    for one in sets:
        touching = [lot for lot in lots if any(one & other for other in lot)]
        lots = [lot for lot in lots if lot not in touching] + [[one, *(other for lot in touching for other in lot)]]
    return lots


def _smallest_hit(sets: list[set[Place]]) -> int:
    """Return how few places hold one of each set; boards are split by twos and threes, so all are tried."""
    places = sorted(set().union(*sets))
    for size in range(1, len(sets)):
        if any(all(one & set(chosen) for one in sets) for chosen in combinations(places, size)):
            return size
    return len(sets)


class Stops(NamedTuple):
    """How many of those that ever used it have stopped, by reason, most frequent first."""

    ever: int
    stopped: int
    reasons: list[tuple[str, int]]


def stops_among(standings: Standings, group: Iterable[Place]) -> Stops:
    found = standings.heard(group)
    reasons = [one.event.stop_reason for one in found if one.event and one.event.stage == "stopped"]
    live = sum(standing.was_live for standing in found)
    counted = sorted(Counter(reasons).items(), key=lambda row: (-row[1], row[0]))
    return Stops(ever=live + len(reasons), stopped=len(reasons), reasons=counted)


class Point(NamedTuple):
    """One day of a spread curve: those confirmed live, and those whose last word it was, however old."""

    day: date
    live: int
    last_heard_live: int


def spread_over(
    story: Story, days: Sequence[date], kinds: Collection[str], *, within: Collection[Place] | None = None
) -> list[Point]:
    """Return a point for each day, of the organisations of these kinds that were open then."""
    points = []
    for day in days:
        standings = story.as_at(day)
        group = [place for kind in kinds for place in standings.open_bodies(kind) if within is None or place in within]
        heard = sum(one.was_live and one.says == Says.SILENT for one in standings.heard(group))
        live = coverage_of(standings, group).live
        points.append(Point(day, live, live + heard))
    return points
