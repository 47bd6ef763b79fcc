"""Take a whole batch back: all that nobody changed since, and a word about the rest."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.models import Revision

from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import CatalogueVersion, Entry, EntryChange
from portal.evidence.models import Evidence
from portal.exchange.imports import work
from portal.exchange.imports.saving import CITING_SOURCES, point_at, revision_of, told_record, told_source, trail_row
from portal.exchange.models import ImportBatch, ImportedChange

What = ImportedChange.What


class Kept(Exception):
    """Something is left as it is; the text says why, fit to show."""


def undo_batch(batch: ImportBatch) -> None:
    """Undo a claimed batch in one transaction. Raises TakenOver."""
    changes = list(batch.changes.all())
    work.record_progress(batch, done=0, total=len(changes), seconds=work.WRITING_SECONDS)
    with CatalogueVersion.moves_once():
        undo = _Undoing(batch)
        # Records before their entries, entries before the sources they cite.
        for what in (What.RECORD, What.ENTRY, What.SOURCE):
            for change in (row for row in changes if row.what == what):
                undo.one(change)
        ImportedChange.objects.bulk_update(changes, ["kept_because"], batch_size=200)
        if undo.touched:
            CatalogueVersion.move(undo.touched)
        work.finish_step(batch, ImportBatch.State.UNDONE, undone_at=timezone.now())


class _Undoing:
    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.by = batch.by
        self.touched: set[int] = set()
        self._cited: dict[int, str] | None = None

    def one(self, change: ImportedChange) -> None:
        """Undo one change, or write down why it stays."""
        take_back = {What.RECORD: self._record, What.ENTRY: self._entry, What.SOURCE: self._source}
        try:
            with transaction.atomic():
                take_back[What(change.what)](change)
        except Kept as kept:
            change.kept_because = str(kept)
        except ProtectedError:
            change.kept_because = "Something else names it since."

    # --- adoption records -------------------------------------------------------------------

    def _record(self, change: ImportedChange) -> None:
        record = AdoptionRecord.objects.filter(pk=change.key).first()
        if record is None:
            return
        if record.verified_at:
            raise Kept("It was verified since.")
        if told_record(record) != change.after:
            raise Kept("It was changed since.")
        self.touched.add(record.entry_id)
        if change.is_new:
            record.delete()
        else:
            AdoptionRecord.objects.filter(pk=record.pk).update(**change.before)

    # --- entries ----------------------------------------------------------------------------

    def _entry(self, change: ImportedChange) -> None:
        entry = Entry.objects.with_specific().select_related("latest_revision").filter(pk=change.key).first()
        if entry is None:
            return
        _check_untouched(entry, change)
        if change.is_new:
            self._remove(entry)
        else:
            self._put_back(entry, change)

    def _remove(self, entry: Entry) -> None:
        if entry.adoption_records.exists():
            raise Kept("Adoption is on record for it.")
        used_in = getattr(entry.specific, "case_studies", None)
        if used_in is not None and used_in.exists():
            raise Kept(f"The case study “{used_in.first()}” names it since.")
        entry.specific.delete()

    def _put_back(self, entry: Entry, change: ImportedChange) -> None:
        """Begin a draft from what stood before, so that history tells both."""
        before = Revision.objects.filter(pk=change.before["revision"]).first()
        draft = before.as_object() if before else type(entry.specific)._default_manager.get(pk=entry.pk)
        now = timezone.now()
        revision_of(draft, by=self.by, at=now).save()
        point_at([entry.pk])
        Entry.objects.filter(pk=entry.pk).update(has_unpublished_changes=change.before["has_unpublished_changes"])
        row: EntryChange = trail_row(draft, "discarded", self.batch, by=self.by, at=now, undo=True)
        row.save(force_insert=True)

    # --- sources ----------------------------------------------------------------------------

    def _source(self, change: ImportedChange) -> None:
        source = Evidence.objects.filter(pk=change.key).first()
        if source is None:
            return
        if told_source(source) != change.after:
            raise Kept("It was changed since.")
        if any(getattr(source, name).exists() for name in CITING_SOURCES):
            raise Kept("Something else cites it since.")
        if cited_by := self._drafts_citing().get(source.pk):
            raise Kept(f"A draft of “{cited_by}”, or its history, cites it.")
        source.delete()

    def _drafts_citing(self) -> dict[int, str]:
        """Return which sources the drafts made since cite, and in which entry; read once."""
        if self._cited is None:
            self._cited = dict(_cited_since(self.batch.applied_at))
        return self._cited


def _check_untouched(entry: Entry, change: ImportedChange) -> None:
    """Raise Kept where somebody did anything to the draft since it was imported."""
    if entry.latest_revision_id != change.after["revision"]:
        raise Kept("Its draft was changed since.")
    if entry.live_revision_id == change.after["revision"]:
        raise Kept("It was published since.")
    if entry.current_workflow_state:
        raise Kept("It was submitted since.")
    if entry.locked:
        raise Kept("Somebody has locked it.")


def _cited_since(since: datetime | None) -> Iterator[tuple[int, str]]:
    kinds = [ContentType.objects.get_for_model(model) for model in Entry.__subclasses__()]
    revisions = Revision.objects.filter(base_content_type__in=kinds, created_at__gte=since)
    for title, content in revisions.values_list("object_str", "content").iterator(chunk_size=100):
        yield from ((source, title) for source in sources_in(content))


def sources_in(content: dict[str, Any]) -> Iterable[int]:
    rows = [*content.get("figures", ()), *content.get("evidence_links", ())]
    return {row["evidence"] for row in rows if row.get("evidence")}
