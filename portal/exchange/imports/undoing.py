"""Take a whole batch back: all that nobody changed since, and a word about the rest."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError
from django.utils import timezone
from wagtail.models import Revision

from casestudies.models import CaseStudy
from portal.accounts.models import User
from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import CatalogueVersion, Entry, EntryChange
from portal.core.prepared import PreparedWrites, reserve_keys
from portal.editing.workflow import with_workflow
from portal.evidence.models import Evidence
from portal.exchange.imports import work
from portal.exchange.imports.history import AT_ONCE, History
from portal.exchange.imports.known import batched
from portal.exchange.imports.saving import RECORD_FIELDS, told_record, told_source
from portal.exchange.imports.unmoved import MovedOn, Seen
from portal.exchange.models import ImportBatch, ImportedChange

logger = logging.getLogger(__name__)
What = ImportedChange.What
MOST_TIMES = 3
CITING = {
    "entry_links": ("entry", What.ENTRY),
    "figures": ("entry", What.ENTRY),
    "coverage_claims": ("entry", What.ENTRY),
    "adoption_records": ("pk", What.RECORD),
    "network_claims": ("pk", ""),
    "reports": ("pk", ""),
}
"""What of other tables may cite a source, and whose it is."""


class StillMoving(Exception):
    """What a batch brought was changed each time just before it was taken back; the text is fit to show."""


def undo_batch(batch: ImportBatch) -> None:
    """Undo a claimed batch. Raises TakenOver or StillMoving.

    As in applying, everything is worked out first and then written in one transaction. What somebody changed in
    between is looked at again: it stays, and the rest is undone.
    """
    for _ in range(MOST_TIMES):
        with PreparedWrites() as prepared:
            undoing = Undoing(batch, prepared)
            undoing.make_ready()
            try:
                with CatalogueVersion.moves_once():
                    undoing.check_unmoved()
                    undoing.write()
                    if undoing.touched:
                        CatalogueVersion.move(undoing.touched)
                    work.finish_step(batch, ImportBatch.State.UNDONE, undone_at=timezone.now())
                return
            except (MovedOn, IntegrityError) as why:  # the latter: something has come to name what was to go
                logger.warning("Import %s: undoing begins again: %s", batch.pk, why)
    raise StillMoving(
        "Others were changing what this import brought all the while, so nothing was undone. Undo it again when they "
        "are done."
    )


class Undoing:
    """What undoing a batch will write. `write` alone keeps other writers waiting: before it, keys are reserved."""

    def __init__(self, batch: ImportBatch, prepared: PreparedWrites) -> None:
        self.batch, self.prepared = batch, prepared
        self.seen = Seen(batch.by)
        self.history = History(batch, prepared, reason=f"Import {batch.pk} undone.")
        self.touched: set[int] = set()
        """The entries with adoption records, which readers see at once."""
        self.settled: dict[str, set[int]] = {What.ENTRY: set(), What.RECORD: set(), "": set()}
        """Entries that go, records that go or are put back: what they name now is no longer named by them."""
        self.sources: dict[int, Any] = {}
        self.scanned: set[int] = set()
        self.done, self.total = 0, batch.changes.count()

    def make_ready(self) -> None:
        """Find what can be undone, and have it ready to be written: records, the entries they are of, their sources."""
        for some in self._changes(What.RECORD):
            self._records(some)
        for some in self._changes(What.ENTRY):
            self._entries(some)
        self._remove_entries()
        self._remove_sources()
        work.record_progress(self.batch, done=self.total, total=self.total, seconds=work.seconds_to_write(self.total))

    def check_unmoved(self) -> None:
        """Raise MovedOn for the first thing that is not as it was; what is, stays so until the transaction ends."""
        self.seen.check_unmoved()
        if self._named():
            raise MovedOn("What hangs on the entries")
        for some in batched(self.sources, AT_ONCE):
            now = {pk: told_source(source) for pk, source in Evidence.objects.in_bulk(some).items()}
            if any(now.get(pk) != self.sources[pk] for pk in some) or self._citing(some):
                raise MovedOn("A source")
        if self.sources and any(source in self.sources for source in self._cited_in_drafts()):
            raise MovedOn("A draft")

    def write(self) -> None:
        """Write everything, in the transaction of whoever calls."""
        self.prepared.run()
        self.history.date()

    def _changes(self, what: str) -> Iterator[list[ImportedChange]]:
        for some in batched(list(self.batch.changes.filter(what=what)), AT_ONCE):
            work.record_progress(self.batch, done=self.done, total=self.total)
            yield some
            self.done += len(some)

    def _keep(self, kept: dict[ImportedChange, str]) -> None:
        """Write down of some changes why they stay."""
        for change, why in kept.items():
            change.kept_because = why
        self.prepared.update(ImportedChange, list(kept), ["kept_because"])

    # --- adoption records -------------------------------------------------------------------

    def _records(self, changes: Sequence[ImportedChange]) -> None:
        found = AdoptionRecord.objects.in_bulk([change.key for change in changes])
        people = _there(User, (change.before.get("reported_by_id") for change in changes))
        sources = _there(Evidence, (change.before.get("evidence_id") for change in changes))
        kept, new, old = {}, [], []
        for change in changes:
            record = found.get(change.key)
            if record is None:
                continue
            if record.verified_at:
                kept[change] = "It was verified since."
            elif told_record(record) != change.after:
                kept[change] = "It was changed since."
            elif change.before.get("evidence_id") not in sources:
                kept[change] = "The source that it cited before is gone."
            else:
                self.seen.note_records([record])
                self.touched.add(record.entry_id)
                self.settled[What.RECORD].add(record.pk)
                if change.is_new:
                    new.append(record.pk)
                else:
                    for name, value in change.before.items():
                        setattr(record, name, value)
                    record.reported_by_id = record.reported_by_id if record.reported_by_id in people else None
                    old.append(record)
        self.prepared.update(AdoptionRecord, old, [name.removesuffix("_id") for name in RECORD_FIELDS])
        self.prepared.delete(AdoptionRecord, new)
        self._keep(kept)

    # --- entries ----------------------------------------------------------------------------

    def _entries(self, changes: Sequence[ImportedChange]) -> None:
        keys = [change.key for change in changes]
        found = {entry.pk: entry for entry in with_workflow(Entry.objects.with_specific().filter(pk__in=keys))}
        published = EntryChange.objects.filter(
            entry__in=keys, action=EntryChange.Action.PUBLISHED, at__gte=self.batch.applied_at
        )
        read = set(published.values_list("entry", flat=True))
        kept, old = {}, []
        for change in changes:
            entry = found.get(change.key)
            if entry is None:
                continue
            if why := "It was published since." if entry.pk in read else self._touched(entry, change):
                kept[change] = why
                continue
            self.seen.note_entry(entry.slug, entry)
            if change.is_new:
                self.settled[What.ENTRY].add(entry.pk)
            else:
                old.append((entry.specific, change.before))
        self._put_back(old)
        self._keep(kept)

    def _touched(self, entry: Any, change: ImportedChange) -> str:
        """Say what somebody did to the draft since it was imported; empty if nothing."""
        if entry.latest_revision_id != change.after["revision"]:
            return "Its draft was changed since."
        if entry.owner_network_id != self.batch.network_id:
            return "It was given to another network since."
        if entry.workflow_status:
            return "It was submitted since."
        if entry.scheduled_for:
            return "It is approved and waits for its day."
        return "Somebody has locked it." if entry.locked else ""

    def _put_back(self, entries: Sequence[tuple[Any, dict[str, Any]]]) -> None:
        """Begin drafts from what stood before, so that history tells both."""
        revisions = Revision.objects.in_bulk([before["revision"] for _, before in entries if before["revision"]])
        drafts = []
        for entry, before in entries:
            revision = revisions.get(before["revision"])
            drafts.append(revision.as_object() if revision else type(entry)._default_manager.get(pk=entry.pk))
        keys = reserve_keys(Revision, len(drafts))
        self.history.add((draft, key, "discarded") for draft, key in zip(drafts, keys, strict=True))
        for draft, (_, before) in zip(drafts, entries, strict=True):
            draft.has_unpublished_changes = before["has_unpublished_changes"]
        self.prepared.update(Entry, drafts, ["latest_revision", "has_unpublished_changes"])

    def _remove_entries(self) -> None:
        """Let new entries go that nothing else names; one that stays may itself name another."""
        while named := self._named():
            self.settled[What.ENTRY] -= set(named)
            changes = self.batch.changes.filter(what=What.ENTRY)
            for some in batched(named, AT_ONCE):
                self._keep({change: named[change.key] for change in changes.filter(key__in=some)})
        for some in batched(self.settled[What.ENTRY], AT_ONCE):
            self.prepared.delete(Entry, some)

    def _named(self) -> dict[int, str]:
        """Say on which of the entries that go something hangs that stays."""
        told, gone = {}, self.settled[What.ENTRY]
        for some in batched(gone, AT_ONCE):
            studies = CaseStudy.innovations_used.through._default_manager.filter(innovation__in=some)
            for innovation, study, title in studies.values_list("innovation", "casestudy", "casestudy__title"):
                if study not in gone:
                    told[innovation] = f"The case study “{title}” names it since."
            for record, entry in AdoptionRecord.objects.filter(entry__in=some).values_list("pk", "entry"):
                if record not in self.settled[What.RECORD]:
                    told[entry] = "Adoption is on record for it."
        return told

    # --- sources ----------------------------------------------------------------------------

    def _remove_sources(self) -> None:
        cited: dict[int, str] = {}
        for some in self._changes(What.SOURCE):
            cited |= self._cited_in_drafts()
            found = Evidence.objects.in_bulk([change.key for change in some])
            citing, kept, gone = self._citing(found), {}, []
            for change in some:
                source = found.get(change.key)
                if source is None:
                    continue
                told = told_source(source)
                if told != {name: change.after.get(name) for name in told}:
                    kept[change] = "It was changed since."
                elif source.pk in citing:
                    kept[change] = "Something else cites it since."
                elif source.pk in cited:
                    kept[change] = f"A draft of “{cited[source.pk]}”, or its history, cites it."
                else:
                    self.sources[source.pk] = told
                    gone.append(source.pk)
            self.prepared.delete(Evidence, gone)
            self._keep(kept)

    def _citing(self, sources: Iterable[int]) -> set[int]:
        """Return which sources something cites that stays. A few queries."""
        cited = set()
        for name, (owner, what) in CITING.items():
            rows = Evidence.objects.filter(pk__in=list(sources), **{f"{name}__isnull": False}).order_by()
            cited |= {pk for pk, by in rows.values_list("pk", f"{name}__{owner}") if by not in self.settled[what]}
        return cited

    def _cited_in_drafts(self) -> dict[int, str]:
        """Return which sources the drafts made since cite, and in which entry; each draft is read once."""
        since = Revision.objects.filter(base_content_type__in=_kinds(), created_at__gte=self.batch.applied_at)
        new = set(since.values_list("pk", flat=True)) - self.scanned
        self.scanned |= new
        cited: dict[int, str] = {}
        for some in batched(new, AT_ONCE):
            rows = Revision.objects.filter(pk__in=some).values_list("object_id", "object_str", "content")
            for key, title, content in rows.iterator(chunk_size=100):
                if int(key) not in self.settled[What.ENTRY]:
                    cited |= dict.fromkeys(sources_in(content), title)
        return cited


def _there(model: Any, keys: Iterable[Any]) -> set[Any]:
    """Return which of the keys there are; None always is."""
    return {None, *model._default_manager.filter(pk__in=set(keys) - {None}).values_list("pk", flat=True)}


def _kinds() -> list[ContentType]:
    return [ContentType.objects.get_for_model(model) for model in Entry.__subclasses__()]


def sources_in(content: dict[str, Any]) -> Iterable[int]:
    rows = [*content.get("figures", ()), *content.get("evidence_links", ())]
    return {row["evidence"] for row in rows if row.get("evidence")}
