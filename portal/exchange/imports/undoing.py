"""Take a whole batch back: all that nobody changed since, and a word about the rest."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.models import Revision

from casestudies.models import CaseStudy
from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import CatalogueVersion, Entry, EntryChange
from portal.core.prepared import updates
from portal.editing.workflow import with_workflow
from portal.evidence.models import Evidence
from portal.exchange.imports import work
from portal.exchange.imports.known import batched
from portal.exchange.imports.saving import CITING_SOURCES, point_at, revision_of, told_record, told_source, trail_row
from portal.exchange.models import ImportBatch, ImportedChange

What = ImportedChange.What
AT_ONCE = 200


class Kept(Exception):
    """Something is left as it is; the text says why, fit to show."""


def undo_batch(batch: ImportBatch) -> None:
    """Undo a claimed batch in one transaction. Raises TakenOver."""
    changes = list(batch.changes.all())
    work.record_progress(batch, done=0, total=len(changes), seconds=work.seconds_to_write(len(changes)))
    with CatalogueVersion.moves_once():
        undo = _Undoing(batch)
        # Records before their entries, entries before the sources they cite.
        for change in (row for row in changes if row.what == What.RECORD):
            undo.one(change)
        for some in batched((row for row in changes if row.what == What.ENTRY), AT_ONCE):
            undo.entries(some)
        for change in (row for row in changes if row.what == What.SOURCE):
            undo.one(change)
        if kept := [change for change in changes if change.kept_because]:
            with connection.cursor() as cursor:
                cursor.executemany(*updates(ImportedChange, kept, ["kept_because"]))
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
        take_back = self._record if change.what == What.RECORD else self._source
        try:
            with transaction.atomic():
                take_back(change)
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

    def entries(self, changes: Sequence[ImportedChange]) -> None:
        """Undo some changes of entries; new ones that nobody touched are removed together."""
        keys = [change.key for change in changes]
        rows = Entry.objects.with_specific().select_related("latest_revision").filter(pk__in=keys)
        found = {entry.pk: entry for entry in with_workflow(rows)}
        named = _named_since(keys)
        gone: list[Entry] = []
        for change in changes:
            if (entry := found.get(change.key)) is None:
                continue
            why = _touched(entry, change) or (named.get(entry.pk, "") if change.is_new else "")
            if why:
                change.kept_because = why
            elif change.is_new:
                gone.append(entry.specific)
            else:
                self._put_back(entry, change)
        for model in {type(entry) for entry in gone}:
            model._default_manager.filter(pk__in=[entry.pk for entry in gone if type(entry) is model]).delete()

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


def _touched(entry: Any, change: ImportedChange) -> str:
    """Say what somebody did to the draft since it was imported; empty if nothing."""
    if entry.latest_revision_id != change.after["revision"]:
        return "Its draft was changed since."
    if entry.live_revision_id == change.after["revision"]:
        return "It was published since."
    if entry.workflow_status:
        return "It was submitted since."
    return "Somebody has locked it." if entry.locked else ""


def _named_since(entries: Sequence[int]) -> dict[int, str]:
    """Say which entries something else has come to hang on. Two queries."""
    records = AdoptionRecord.objects.filter(entry__in=entries).values_list("entry", flat=True)
    told = dict.fromkeys(records, "Adoption is on record for it.")
    studies = CaseStudy.innovations_used.through._default_manager.filter(innovation__in=entries)
    for innovation, title in studies.exclude(casestudy__in=entries).values_list("innovation", "casestudy__title"):
        told[innovation] = f"The case study “{title}” names it since."
    return told


def _cited_since(since: datetime | None) -> Iterator[tuple[int, str]]:
    kinds = [ContentType.objects.get_for_model(model) for model in Entry.__subclasses__()]
    revisions = Revision.objects.filter(base_content_type__in=kinds, created_at__gte=since)
    for title, content in revisions.values_list("object_str", "content").iterator(chunk_size=100):
        yield from ((source, title) for source in sources_in(content))


def sources_in(content: dict[str, Any]) -> Iterable[int]:
    rows = [*content.get("figures", ()), *content.get("evidence_links", ())]
    return {row["evidence"] for row in rows if row.get("evidence")}
