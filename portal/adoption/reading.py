"""What is known of who uses what, read in a few queries for any number of entries, organisations and days.

Pages, cards, files and packs all ask here, so that a coverage has one value and one text wherever it is read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.utils import timezone

from portal.adoption.calculations import Coverage, Standing, Standings, Story, coverage_of
from portal.adoption.kept import (
    MOST_KEPT,
    Kept,
    Known,
    Organisations,
    kept_at_hand,
    kept_but_stories,
    kept_organisations,
    kept_stories,
    read_stories,
    walk_stories,
)
from portal.adoption.models import AdoptionRecord, CoverageClaim
from portal.core.formatting import format_date
from portal.core.partial_dates import first_day
from portal.organisations.hierarchy import places_as_at
from portal.organisations.models import Organisation
from portal.organisations.places import Place, Places

Kind, TrustType = Organisation.Kind, Organisation.TrustType
ENGLAND = "England"


class Group(NamedTuple):
    """Organisations that are counted together: all of a kind, or the trusts of one type."""

    key: str
    kind: str
    trust_type: str
    one: str
    many: str

    def counted(self, how_many: int) -> str:
        """Write so many of them: "1 NHS trust", "199 NHS trusts"."""
        return f"{how_many} {self.one if how_many == 1 else self.many}"

    def told(self, coverage: Coverage) -> str:
        """Write the counts behind a coverage: "of 100 NHS trusts: 31 live and 27 silent"."""
        return f"of {self.counted(coverage.all)}: {coverage.counts}"

    def holds(self, organisation: Known) -> bool:
        return organisation.kind == self.kind and self.trust_type in ("", organisation.trust_type)


def _trusts_of(trust_type: str, name: str) -> Group:
    return Group(trust_type, Kind.TRUST, trust_type, f"{name} trust", f"{name} trusts")


GROUPS = {
    group.key: group
    for group in (
        Group("trust", Kind.TRUST, "", "NHS trust", "NHS trusts"),
        *(_trusts_of(value, str(label).lower()) for value, label in TrustType.choices),
        Group("icb", Kind.ICB, "", "integrated care board", "integrated care boards"),
    )
}


@dataclass(frozen=True)
class Adoption:
    """One entry's story as at a day."""

    entry: int
    story: Story
    reading: "Reading"

    @property
    def day(self) -> date:
        return self.reading.day

    @property
    def months(self) -> int:
        return self.reading.months

    @property
    def organisations(self) -> Organisations:
        return self.reading.organisations

    @property
    def places(self) -> Places:
        return self.reading.places

    @cached_property
    def standings(self) -> Standings:
        return self.story.as_at(self.day)

    def members(self, group: Group, place: Place | None = None) -> Sequence[Place]:
        return self.reading.members(group, place)

    def coverage(self, group: Group, place: Place | None = None) -> Coverage:
        return coverage_of(self.standings, self.members(group, place))

    def was_heard(self, group: Group, place: Place | None = None) -> bool:
        """Say whether anything was ever said of one of a group, as its coverage does, without working that out."""
        known = (body for body in self.members(group, place) if body in self.story.touched)
        return any(self.standings.of(body).event for body in known)

    def standings_in(self, group: Group, place: Place | None = None) -> list[Standing]:
        return [self.standings.of(body) for body in self.members(group, place)]

    def open_standings(self) -> Iterator[Standing]:
        """Yield the standing of each organisation that is open on the day and of which anything can be known."""
        for place in self.story.touched:
            if self.story.bodies.by_place[place].is_open(self.day):
                yield self.standings.of(place)

    @property
    def has_events(self) -> bool:
        return bool(self.story.spoken_of())

    @cached_property
    def main_group(self) -> Group:
        """Return the kind of organisation that is spoken of most: trusts, unless more boards are."""
        spoken = [self.organisations.by_pk[place].kind for place in self.story.spoken_of()]
        return GROUPS["icb" if spoken.count(Kind.ICB) > spoken.count(Kind.TRUST) else "trust"]

    @cached_property
    def main_coverage(self) -> Coverage:
        return self.coverage(self.main_group)

    @property
    def about(self) -> str:
        """Say what the main coverage is of: "of 199 NHS trusts in England"."""
        return f"of {self.main_group.counted(self.main_coverage.all)} in {ENGLAND}"


@dataclass(frozen=True)
class Reading:
    """The stories of some entries as at a day."""

    day: date
    organisations: Organisations
    stories: Mapping[int, Story]
    _members: dict[str, Sequence[Place]] = field(default_factory=dict)
    _inside: dict[str, Mapping[Place, Sequence[Place]]] = field(default_factory=dict)

    @property
    def months(self) -> int:
        return self.organisations.periods.months_on(self.day)

    @property
    def places(self) -> Places:
        """Return which places lay in which on the day: three queries when nobody has asked yet."""
        return places_as_at(self.day, self.organisations.mark)

    def of(self, entry: int) -> Adoption:
        story = self.stories.get(entry) or Story(self.organisations.bodies, [], self.organisations.periods)
        return Adoption(entry, story, self)

    def members(self, group: Group, place: Place | None = None) -> Sequence[Place]:
        """Return a group's organisations that are open on the day, in a place or everywhere, by name."""
        if place is not None:
            return self.members_by_place(group).get(place, ())
        if group.key not in self._members:
            everyone = self.organisations.bodies.as_at(self.day).open.get(group.kind, ())
            self._members[group.key] = [body for body in everyone if group.holds(self.organisations.by_pk[body])]
        return self._members[group.key]

    def members_by_place(self, group: Group) -> Mapping[Place, Sequence[Place]]:
        """Return a group's organisations that are open on the day, for each place that holds one of them."""
        if group.key not in self._inside:
            inside: dict[Place, list[Place]] = defaultdict(list)
            for body in self.members(group):
                for holder in self.places.above(body):
                    inside[holder].append(body)
            self._inside[group.key] = dict(inside)
        return self._inside[group.key]

    @property
    def as_at_text(self) -> str:
        return f"As at {format_date(self.day)}"

    def on(self, day: date) -> "Reading":
        """Return the same stories as at another day, by the period that was in force then."""
        return replace(self, day=day, _members={}, _inside={})


def read_adoption(
    *, day: date | None = None, entries: Collection[int] | None = None, kept: Kept | None = None
) -> Reading:
    """Read the stories of some entries, or of all that are public: two queries, or one of what is kept in memory.

    `kept` is what the caller has looked up already.
    """
    day = day or timezone.localdate()
    if entries is None:
        kept = kept_stories()
        return Reading(day, kept.organisations, kept.stories or {})
    kept = kept or kept_organisations()
    at_hand = kept.stories or {}
    stories = {entry: at_hand[entry] for entry in entries if entry in at_hand}
    if others := [entry for entry in entries if entry not in at_hand]:
        stories |= read_stories(AdoptionRecord.objects.filter(entry__in=others), kept.organisations)
    return Reading(day, kept.organisations, stories)


def walk_adoption(entries: Any) -> Iterator[Adoption]:
    """Yield today's adoption of each public entry of a queryset; one of which nothing is recorded is left out.

    A large catalogue's stories are read one after another, and none is kept.
    """
    day, wanted = timezone.localdate(), list(entries.order_by().values_list("pk", flat=True))
    if len(wanted) <= MOST_KEPT:
        reading = read_adoption(day=day, entries=wanted, kept=kept_at_hand())
        yield from (reading.of(entry) for entry in wanted if entry in reading.stories)
        return
    organisations = kept_but_stories().organisations
    reading = Reading(day, organisations, {})
    for entry, story in walk_stories(AdoptionRecord.objects.public(), organisations):
        yield Adoption(entry, story, reading)


def claims_of(entry: int, day: date) -> list[CoverageClaim]:
    """Return what sources claim of groups up to a day, and what they claim without one."""
    claims = CoverageClaim.objects.filter(entry=entry).select_related("place", "evidence")
    return [claim for claim in claims if not claim.as_at or first_day(claim.as_at) <= day]
