"""What documents say of adoption: briefs and packs, in the words and numbers of the entries' pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.adoption.models import AdoptionRecord, CoverageClaim
from portal.adoption.reading import Adoption, read_adoption
from portal.adoption.telling import Line, Row, rows_of, stops_of


@dataclass(frozen=True)
class AdoptionFacts:
    """Who uses one entry, as at a day.

    `lines` are organisations, live first, each with its last word: of `reported` there may be more.
    Claims about groups stand apart.
    """

    adoption: Adoption
    reported: int
    lines: Sequence[Line]
    claims: Sequence[CoverageClaim]

    @property
    def coverage(self) -> str:
        """Return the interval, as in "31% to 58%, 73% replied"; empty when no organisation was reported."""
        return self.adoption.main_coverage.text if self.adoption.has_events else ""

    @property
    def about(self) -> str:
        """Say whom the coverage is of."""
        return self.adoption.about if self.adoption.has_events else ""

    @property
    def working(self) -> str:
        """Return the counts behind the coverage."""
        return self.adoption.main_coverage.working if self.adoption.has_events else ""

    @property
    def stops(self) -> str:
        return stops_of(self.adoption, self.adoption.main_group)


def adoption_facts(entries: Collection[int], *, day: date, rows: int) -> Mapping[int, AdoptionFacts]:
    """Return what is known of each of these entries, with at most `rows` organisations each.

    As many queries for any number of entries. Of others nothing is read, and of these only the
    records that are shown.
    """
    reading = read_adoption(day=day, entries=entries)
    adoptions = {entry: reading.of(entry) for entry in entries}
    found = {entry: rows_of(adoption, adoption.open_standings()) for entry, adoption in adoptions.items()}
    shown = [row.event for of_entry in found.values() for row in of_entry[:rows]]
    records = AdoptionRecord.objects.for_documents().in_bulk(shown) if shown else {}
    claims = _claims(entries)
    return {
        entry: AdoptionFacts(adoption, len(found[entry]), _lines(found[entry][:rows], records), claims.get(entry, []))
        for entry, adoption in adoptions.items()
    }


def _lines(rows: list[Row], records: Mapping[int, AdoptionRecord]) -> list[Line]:
    return [Line(row, records[row.event]) for row in rows if row.event in records]


def _claims(entries: Collection[int]) -> dict[int, list[CoverageClaim]]:
    claims: dict[int, list[CoverageClaim]] = {}
    for claim in CoverageClaim.objects.filter(entry__in=entries).for_documents():
        claims.setdefault(claim.entry_id, []).append(claim)
    return claims
