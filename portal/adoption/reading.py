"""What is known of who uses what, read in a few queries for any number of entries, organisations and days.

Pages, cards, files and packs all ask here, so that a coverage has one value and one text wherever it is read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.utils import timezone

from portal.adoption.calculations import Body, Coverage, Event, Standing, Standings, Story, coverage_of
from portal.adoption.models import AdoptionRecord, ConfirmationPeriod, CoverageClaim
from portal.catalogue.models import CatalogueVersion
from portal.core.formatting import format_date
from portal.organisations.hierarchy import places_as_at
from portal.organisations.models import Organisation, Succession
from portal.organisations.places import Place, Places, Succeeded

Kind, TrustType = Organisation.Kind, Organisation.TrustType
ENGLAND = "England"


class Group(NamedTuple):
    """Organisations that are counted together: all of a kind, or the trusts of one type."""

    key: str
    kind: str
    trust_type: str
    many: str

    def holds(self, organisation: "Known") -> bool:
        return organisation.kind == self.kind and self.trust_type in ("", organisation.trust_type)


GROUPS = {
    group.key: group
    for group in (
        Group("trust", Kind.TRUST, "", "NHS trusts"),
        *(Group(value, Kind.TRUST, value, f"{str(label).lower()} trusts") for value, label in TrustType.choices),
        Group("icb", Kind.ICB, "", "integrated care boards"),
    )
}


class Known(NamedTuple):
    """An organisation as pages name it."""

    pk: Place
    code: str
    kind: str
    trust_type: str
    name: str
    short_name: str
    opened: date | None
    closed: date | None

    @property
    def display_name(self) -> str:
        return self.short_name or self.name


class Organisations(NamedTuple):
    """Every organisation, and what became of them."""

    by_pk: dict[Place, Known]
    bodies: list[Body]
    successions: list[Succeeded]

    def of_kind(self, kind: str) -> list[Known]:
        return [row for row in self.by_pk.values() if row.kind == kind]


@lru_cache(maxsize=4)
def organisations_of(version: str) -> Organisations:
    """Return every organisation by name: two queries, or none while `version` is the same."""
    columns = ("pk", "code", "kind", "trust_type", "name", "short_name", "opened_on", "closed_on")
    rows = [Known(*row) for row in Organisation.objects.order_by("name", "code").values_list(*columns)]
    successions = Succession.objects.order_by().values_list("predecessor", "successor", "on")
    return Organisations(
        by_pk={row.pk: row for row in rows},
        bodies=[Body(row.pk, row.kind, row.opened, row.closed) for row in rows],
        successions=[Succeeded(*row) for row in successions],
    )


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
    def organisations(self) -> Organisations:
        return self.reading.organisations

    @property
    def places(self) -> Places:
        return self.reading.places

    @cached_property
    def standings(self) -> Standings:
        return self.story.as_at(self.day)

    def members(self, group: Group, place: Place | None = None) -> list[Place]:
        """Return a group's organisations that are open on the day, in a place or everywhere, by name."""
        known = self.organisations.by_pk
        found = [body for body in self.standings.open_bodies(group.kind) if group.holds(known[body])]
        return found if place is None else [body for body in found if place in self.places.above(body)]

    def coverage(self, group: Group, place: Place | None = None) -> Coverage:
        return coverage_of(self.standings, self.members(group, place))

    def standings_in(self, group: Group, place: Place | None = None) -> list[Standing]:
        return [self.standings.of(body) for body in self.members(group, place)]

    @property
    def has_events(self) -> bool:
        return bool(self.story.first_days())

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
        return f"of {self.main_coverage.all} {self.main_group.many} in {ENGLAND}"


@dataclass(frozen=True)
class Reading:
    """The stories of some entries as at a day."""

    day: date
    months: int
    version: str
    organisations: Organisations
    stories: dict[int, Story]

    @property
    def places(self) -> Places:
        """Return which places lay in which on the day: three queries when nobody has asked yet."""
        return places_as_at(self.day, self.version)

    def of(self, entry: int) -> Adoption:
        story = self.stories.get(entry) or self._story([])
        return Adoption(entry, story, self)

    def _story(self, events: Iterable[Event]) -> Story:
        return Story(self.organisations.bodies, self.organisations.successions, events, months=self.months)

    @property
    def as_at_text(self) -> str:
        return f"As at {format_date(self.day)}"

    def on(self, day: date) -> "Reading":
        """Return the same stories as at another day, by the period that was in force then."""
        other = replace(
            self,
            day=day,
            months=ConfirmationPeriod.objects.months_on(day),
            stories={},
        )
        other.stories.update({entry: other._story(story.events) for entry, story in self.stories.items()})
        return other


def read_adoption(*, day: date | None = None, entries: Collection[int] | None = None) -> Reading:
    """Read the stories of some entries, or of all that are public: three queries, and two of organisations."""
    day, version = day or timezone.localdate(), CatalogueVersion.now()
    records = AdoptionRecord.objects.all()
    records = records.public() if entries is None else records.filter(entry__in=entries)
    events: dict[int, list[Event]] = defaultdict(list)
    for entry, event in records.events():
        events[entry].append(event)
    months = ConfirmationPeriod.objects.months_on(day)
    reading = Reading(day, months, version, organisations_of(version), {})
    reading.stories.update({entry: reading._story(said) for entry, said in events.items()})
    return reading


def claims_of(entry: int) -> list[CoverageClaim]:
    return list(CoverageClaim.objects.filter(entry=entry).select_related("place", "evidence"))
