"""What is spreading, entry by entry: no league table, so by title."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.adoption.calculations import Coverage
from portal.adoption.choices import Select, choose_kind, choose_place
from portal.adoption.models import CoverageClaim
from portal.adoption.questions import Asked, read_question
from portal.adoption.reading import Adoption, Group, Kind, Reading, read_adoption
from portal.adoption.telling import stops_of
from portal.catalogue.models import Entry


@dataclass(frozen=True)
class Spreading:
    """One entry on the page of what is spreading."""

    entry: Entry
    adoption: Adoption
    group: Group
    coverage: Coverage
    stops: str
    a_year_ago: Coverage
    claims: int

    @property
    def moved(self) -> str:
        """Say how the number known to be live has moved within a year; nothing when it has not."""
        change = self.coverage.live - self.a_year_ago.live
        return f"{abs(change)} {'more' if change > 0 else 'fewer'} than a year before" if change else ""


@dataclass(frozen=True)
class SpreadingPage:
    asked: Asked
    reading: Reading
    rows: list[Spreading]
    only_claims: list[tuple[Entry, int]]
    selects: list[Select]


def spreading_page(query: Mapping[str, str]) -> SpreadingPage:
    """Gather what is spreading: by title, because it is no league table."""
    reading = read_adoption()
    asked = read_question({**query, "stage": ""}, reading.organisations)
    reading = reading.on(asked.day)
    before = reading.on(_a_year_before(asked.day))
    entries = {entry.pk: entry for entry in Entry.objects.public().order_by("title").with_specific()}
    claims: dict[int, int] = defaultdict(int)
    for entry in CoverageClaim.objects.public().order_by().values_list("entry", flat=True):
        claims[entry] += 1
    rows = [
        _spreading(entry, reading.of(pk), before.of(pk), asked, claims[pk])
        for pk, entry in entries.items()
        if pk in reading.stories
    ]
    some = [
        row for row in rows if row.coverage.all and row.coverage.silent - row.coverage.unconfirmed < row.coverage.all
    ]
    only_claims = [(entry, claims[pk]) for pk, entry in entries.items() if claims.get(pk) and pk not in reading.stories]
    selects = [choose_kind(asked), choose_place(asked, reading, [Kind.REGION])]
    return SpreadingPage(asked, reading, some, only_claims, selects)


def _spreading(entry: Entry, adoption: Adoption, before: Adoption, asked: Asked, claims: int) -> Spreading:
    group, place = asked.group or adoption.main_group, asked.place.pk if asked.place else None
    coverage = adoption.coverage(group, place)
    return Spreading(entry, adoption, group, coverage, stops_of(adoption, group), before.coverage(group, place), claims)


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
