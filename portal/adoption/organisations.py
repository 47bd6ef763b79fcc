"""What one organisation uses, pilots and stopped, and what those like it use."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from portal.adoption.calculations import Coverage, Says, Standing
from portal.adoption.kept import Known
from portal.adoption.models import AdoptionRecord
from portal.adoption.reading import GROUPS, Adoption, Kind, Reading
from portal.adoption.telling import Row, rows_of
from portal.catalogue.models import Entry
from portal.core.formatting import format_number
from portal.organisations.models import Organisation

SAME_KIND, SAME_TYPE, SAME_REGION = 1, 2, 1
"""What makes another organisation like this one, by weight. No source we hold gives sizes, so size has none."""
LIKE_SHOWN = 10
ENTRIES_SHOWN = 10


@dataclass(frozen=True)
class Use:
    """One entry at an organisation: its line, and the record behind it."""

    entry: Entry
    row: Row
    says: str
    record: AdoptionRecord | None


class Like(NamedTuple):
    """Another organisation with how much it is like this one, and why."""

    organisation: Known
    weight: int
    why: str


@dataclass(frozen=True)
class UsedByLike:
    """An entry that organisations like this one are known to use. `share` is of their weights."""

    entry: Entry
    live: int
    of: int
    share: str
    here: str


class Within(NamedTuple):
    """An entry's coverage among the organisations inside a place; `told` are the counts behind it."""

    entry: Entry
    coverage: Coverage
    told: str


@dataclass(frozen=True)
class OrganisationUses:
    reading: Reading
    in_use: list[Use]
    pilots: list[Use]
    ended: list[Use]
    unconfirmed: list[Use]
    others: list[Use]
    like: list[Like]
    used_by_like: list[UsedByLike]
    within: list[Within]

    @property
    def has_records(self) -> bool:
        return bool(self.in_use or self.pilots or self.ended or self.unconfirmed or self.others)

    @property
    def parts(self) -> list[tuple[str, list[Use]]]:
        named = [
            ("In use", self.in_use),
            ("Piloting or exploring", self.pilots),
            ("Stopped or paused", self.ended),
            ("Not confirmed in time, so counted as silent", self.unconfirmed),
            ("Other", self.others),
        ]
        return [(title, uses) for title, uses in named if uses]


def organisation_uses(organisation: Organisation, reading: Reading) -> OrganisationUses:
    """Gather an organisation's page: what it uses today, or used on the last day of one that has closed.

    `reading` holds the stories of all that are public, as of today.
    """
    reading = reading.on(min(organisation.closed_on or reading.day, reading.day))
    named = Entry.objects.public().filter(pk__in=list(reading.stories)).order_by("title").to_link_to()
    entries = {entry.pk: entry for entry in named}
    stories = {pk: reading.of(pk) for pk in entries}
    uses = _uses(organisation, stories, entries)
    here = {use.entry.pk: use.row.stage_text for use in uses}
    like = _like(organisation, reading)
    parted: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        parted[_part_of(use)].append(use)
    return OrganisationUses(
        reading=reading,
        in_use=parted["in_use"],
        pilots=parted["pilots"],
        ended=parted["ended"],
        unconfirmed=parted["unconfirmed"],
        others=parted["others"],
        like=sorted(like, key=lambda one: (-one.weight, one.organisation.name))[:LIKE_SHOWN],
        used_by_like=_used_by(like, stories, entries, here),
        within=_within(organisation, stories, entries),
    )


def _uses(organisation: Organisation, stories: dict[int, Adoption], entries: dict[int, Entry]) -> list[Use]:
    found: list[tuple[Entry, Row, str]] = []
    for pk, adoption in stories.items():
        standing = adoption.standings.of(organisation.pk)
        found += [(entries[pk], row, _said(standing)) for row in rows_of(adoption, [standing])]
    records = AdoptionRecord.objects.for_rows().in_bulk([row.event for _, row, _ in found])
    return [Use(entry, row, says, records.get(row.event)) for entry, row, says in found]


def _said(standing: Standing) -> str:
    return "unconfirmed" if standing.is_unconfirmed else str(standing.says)


def _part_of(use: Use) -> str:
    if use.says == "unconfirmed":
        return "unconfirmed"
    if use.says in (Says.LIVE, Says.PERHAPS):
        return "in_use"
    parts = {"piloting": "pilots", "exploring": "pilots", "stopped": "ended", "paused": "ended"}
    return parts.get(use.row.stage, "others")


def _like(organisation: Organisation, reading: Reading) -> list[Like]:
    """Weigh every other open organisation of the same kind: its kind, then its type and its region."""
    if not organisation.can_adopt:
        return []
    regions = _regions_of(organisation.pk, reading)
    found = []
    for other in reading.organisations.of_kind(organisation.kind):
        if other.pk == organisation.pk or not reading.places.is_open(other.pk):
            continue
        same_type = bool(organisation.trust_type) and other.trust_type == organisation.trust_type
        same_region = bool(regions & _regions_of(other.pk, reading))
        if not (same_type or same_region):
            continue
        why = [text for text, is_so in (("same type", same_type), ("same region", same_region)) if is_so]
        weight = SAME_KIND + SAME_TYPE * same_type + SAME_REGION * same_region
        found.append(Like(other, weight, ", ".join(["same kind", *why])))
    return found


def _regions_of(place: int, reading: Reading) -> set[int]:
    return {above for above in reading.places.above(place) if reading.organisations.by_pk[above].kind == Kind.REGION}


def _used_by(
    like: list[Like], stories: dict[int, Adoption], entries: dict[int, Entry], here: dict[int, str]
) -> list[UsedByLike]:
    """Return what those like this one are known to use, by the share of their weights."""
    whole = sum(one.weight for one in like)
    found: list[tuple[int, UsedByLike]] = []
    for pk, adoption in stories.items():
        live = [one for one in like if adoption.standings.of(one.organisation.pk).says == Says.LIVE]
        if live:
            weight = sum(one.weight for one in live)
            share = f"{format_number(round(100 * weight / whole))}%" if 200 * weight >= whole else "under 1%"
            found.append((weight, UsedByLike(entries[pk], len(live), len(like), share, here.get(pk, ""))))
    found.sort(key=lambda row: (-row[0], row[1].entry.title))
    return [row for _, row in found[:ENTRIES_SHOWN]]


def _within(organisation: Organisation, stories: dict[int, Adoption], entries: dict[int, Entry]) -> list[Within]:
    """Return each entry's coverage among the organisations inside a board, a region, a network or England."""
    if organisation.kind == Kind.TRUST:
        return []
    found = []
    for pk, adoption in stories.items():
        group = GROUPS["trust"] if organisation.kind == Kind.ICB else adoption.main_group
        coverage = adoption.coverage(group, organisation.pk)
        if coverage.all and coverage.was_heard:
            found.append(Within(entries[pk], coverage, group.told(coverage)))
    return found
