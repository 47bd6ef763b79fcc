"""What the rows of a file would do to the entries they belong to: read into drafts in memory, nothing saved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from portal.adoption.models import AdoptionRecord
from portal.benefits.models import BenefitFigure
from portal.catalogue.models import Entry, EntryEvidence
from portal.editing.workflow import with_workflow
from portal.exchange.imports.entry_rows import CITING, Reading
from portal.exchange.imports.known import Known
from portal.exchange.imports.lines import OF_SOURCE, Line, key_of_source, names_of_source, part
from portal.exchange.imports.lookalikes import Lookalikes
from portal.exchange.imports.plans import Plan
from portal.exchange.imports.tables import ADOPTION, SOURCES
from portal.organisations.models import Organisation


class Planner:
    """Reads rows into drafts for one person and network, some entries at a time."""

    def __init__(self, *, person: Any, network: Organisation) -> None:
        self.person, self.network = person, network
        self.known = Known(person)
        self.lookalikes = Lookalikes(person)

    def plan(self, lines: Mapping[str, Sequence[Line]]) -> Iterator[Plan]:
        """Read the lines of some entries, by address, tell each row's state, and yield what is to be saved."""
        existing = self._existing(lines)
        records = self._records(existing.values(), lines)
        self._fetch_sources(lines, existing.values(), records.values())
        for slug, own in lines.items():
            yield Reading(self, slug, own, existing.get(slug), records).read()

    def begin_sources(self, lines: Iterable[Line]) -> None:
        """Look through the sources' sheet first: every other sheet may name what stands there."""
        self.known.new_sources.clear()
        lines = list(lines)
        self.known.fetch_sources({text for line in lines for text in names_of_source(line)}, ())
        for line in lines:
            key = key_of_source(line)
            if key and self.source_of(line, key) is None:
                source = self.known.begin_source(key)
                SOURCES.read(EntryEvidence(evidence=source), part(line.cells, OF_SOURCE), self.known)
                self.known.lists["sources"].add(source, key, [source.doi, source.url])

    def source_of(self, line: Line, key: str) -> Any:
        listed = self.known.lists["sources"]
        names = (key, line.cells.get("doi", ""), line.cells.get("url", ""))
        return next((found for name in names if name and (found := listed.find(name))), None)

    def _existing(self, slugs: Iterable[str]) -> dict[str, Entry]:
        rows = Entry.objects.with_specific().filter(slug__in=list(slugs))
        rows = with_workflow(rows).select_related("owner_network", "latest_revision", "locked_by")
        return {row.slug: row for row in rows}

    def _fetch_sources(
        self, lines: Mapping[str, Sequence[Line]], entries: Iterable[Entry], records: Iterable[AdoptionRecord]
    ) -> None:
        texts = {text for own in lines.values() for line in own for text in names_of_source(line)}
        keys = {row.evidence_id for row in records if row.evidence_id}
        unwritten = [entry.pk for entry in entries if not entry.latest_revision]
        for model in (EntryEvidence, BenefitFigure) if unwritten else ():
            keys |= set(model.objects.filter(entry__in=unwritten).values_list("evidence", flat=True))
        for entry in entries:
            content = entry.latest_revision.content if entry.latest_revision else {}
            keys |= {row["evidence"] for name in CITING for row in content.get(name, ()) if row.get("evidence")}
        self.known.fetch_sources(texts, keys)

    def _records(
        self, entries: Iterable[Entry], lines: Mapping[str, Sequence[Line]]
    ) -> dict[tuple[Any, ...], AdoptionRecord]:
        asked = [entry.pk for entry in entries if any(line.table is ADOPTION for line in lines[entry.slug])]
        rows = AdoptionRecord.objects.filter(entry__in=asked) if asked else ()
        return {(row.entry_id, row.organisation_id, row.stage, row.on): row for row in rows}
