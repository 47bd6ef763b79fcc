"""Make ready what was planned: drafts with their revisions, sources and adoption records; then write all at once.

An entry saved by itself costs some forty statements. Here a new one costs its own rows and no more,
and all of it is what the screens would have saved: the entry's row, not live, its children, one
revision that is its latest, and one row of the trail.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import Revision

from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import Entry
from portal.core.prepared import PreparedWrites, reserve_keys
from portal.evidence.models import Evidence
from portal.exchange.imports.history import History
from portal.exchange.imports.plans import Plan
from portal.exchange.models import ImportBatch, ImportedChange

What = ImportedChange.What
RECORD_FIELDS = ("stop_reason", "extent", "note", "said_by", "evidence_id", "reported_by_id")
ANSWERS = ("unanswered_on", "doi_unanswered_on")
Children = dict[type[models.Model], list[Any]]


class Saving:
    """What a batch will write. `write` alone keeps other writers waiting: before it, keys are reserved and no more."""

    def __init__(self, batch: ImportBatch, prepared: PreparedWrites) -> None:
        self.batch, self.prepared = batch, prepared
        self.history = History(batch, prepared, reason=f"Import {batch.pk}, {batch.file_name}.")
        self.touched: set[int] = set()
        """The entries with adoption records, which readers see at once."""

    def add_sources(self, sources: Iterable[Evidence]) -> None:
        """Take new sources; from then on each has its own key."""
        sources = list(sources)
        _give_keys(Evidence, sources)
        self.prepared.insert(Evidence, sources)
        self._note(
            ImportedChange(what=What.SOURCE, key=source.pk, title=source.title, is_new=True, after=told_source(source))
            for source in sources
        )

    def add_plans(self, plans: Sequence[Plan]) -> None:
        """Take the drafts and records of some entries; from then on each has its own key."""
        changed = [plan for plan in plans if plan.is_changed]
        new = [plan.draft for plan in changed if plan.is_new]
        known = [plan.draft for plan in changed if not plan.is_new]
        records = [record for plan in plans for record in plan.records if record.pk is None]
        before = _state_before(draft.pk for draft in known)
        with transaction.atomic():  # once, not a wait for the disk for each model
            _give_keys(Entry, new)
            children = _children_of(new)
            for model, rows in children.items():
                _give_keys(model, rows)
            _give_keys(AdoptionRecord, records)
            keys = list(reserve_keys(Revision, len(changed)))
        self._add_revisions(changed, keys, before)
        for plan in changed:
            plan.draft.has_unpublished_changes = True
        self._add_new(new, children)
        self.prepared.update(Entry, known, ["latest_revision", "has_unpublished_changes"])
        self._add_records(plans, records)

    def write(self) -> None:
        """Write everything, in the transaction of whoever calls."""
        self.prepared.run()
        self.history.date()

    # --- drafts ---------------------------------------------------------------------------

    def _add_new(self, drafts: Sequence[Any], children: Children) -> None:
        """Insert new entries of either kind, with their children: none of them is live."""
        self.prepared.insert(Entry, drafts)
        for model in {type(draft) for draft in drafts}:
            of_kind = [draft for draft in drafts if type(draft) is model]
            self.prepared.insert(model, of_kind)
            for field in get_all_child_m2m_relations(model):
                self.prepared.insert(field.remote_field.through, list(_joined(field, of_kind)))
        for model, rows in children.items():
            self.prepared.insert(model, rows)

    def _add_revisions(self, plans: Sequence[Plan], keys: Sequence[int], before: Mapping[int, dict[str, Any]]) -> None:
        """Make each draft the latest revision of its entry."""
        self.history.add(
            (plan.draft, key, "created" if plan.is_new else "edited") for plan, key in zip(plans, keys, strict=True)
        )
        self._note(
            ImportedChange(
                what=What.ENTRY,
                key=plan.draft.pk,
                title=plan.draft.title,
                is_new=plan.is_new,
                before=before.get(plan.draft.pk, {}),
                after={"revision": key},
            )
            for plan, key in zip(plans, keys, strict=True)
        )

    # --- adoption -------------------------------------------------------------------------

    def _add_records(self, plans: Sequence[Plan], new: Sequence[AdoptionRecord]) -> None:
        notes, changed, fresh = [], [], {record.pk for record in new}
        for plan in plans:
            for record in plan.records:
                record.entry_id, record.reported_by_id = plan.draft.pk, self.batch.by_id
                self.touched.add(plan.draft.pk)
                before = None if record.pk in fresh else plan.records_before.get(record.pk)
                changed += [record] if before else []
                notes.append(
                    ImportedChange(
                        what=What.RECORD,
                        key=record.pk,
                        title=f"{plan.draft.title}: {record}"[:400],
                        is_new=before is None,
                        before=told_record(before) if before else {},
                        after=told_record(record),
                    )
                )
        self.prepared.insert(AdoptionRecord, new)
        self.prepared.update(AdoptionRecord, changed, [name.removesuffix("_id") for name in RECORD_FIELDS])
        self._note(notes)

    def _note(self, changes: Iterable[ImportedChange]) -> None:
        rows = list(changes)
        for row in rows:
            row.batch = self.batch
        self.prepared.insert(ImportedChange, rows)


def _give_keys(model: type[models.Model], rows: Sequence[Any]) -> None:
    for row, key in zip(rows, reserve_keys(model, len(rows)), strict=True):
        row.pk = key
        if model is Entry:  # `row` is of a kind, whose own key points at this one
            row.id = key


def _children_of(drafts: Sequence[Any]) -> Children:
    """Return what hangs on drafts, by its model, each row with its draft's key."""
    found: Children = {}
    for model in {type(draft) for draft in drafts}:
        for relation in get_all_child_relations(model):
            rows = found.setdefault(relation.related_model, [])
            for draft in drafts:
                if type(draft) is model:
                    for row in getattr(draft, relation.get_accessor_name()).all():
                        setattr(row, relation.field.attname, draft.pk)
                        rows.append(row)
    return found


def _joined(field: Any, drafts: Iterable[Any]) -> Iterator[Any]:
    """Yield the rows that join drafts with what they name by a field."""
    through = field.remote_field.through
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    for draft in drafts:
        for row in getattr(draft, field.name).all():
            yield through(**{f"{own}_id": draft.pk, f"{other}_id": row.pk})


def _state_before(entries: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Entry.objects.filter(pk__in=list(entries)).values_list("pk", "latest_revision", "has_unpublished_changes")
    return {pk: {"revision": revision, "has_unpublished_changes": has} for pk, revision, has in rows}


def told_record(record: AdoptionRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in RECORD_FIELDS}


def told_source(source: Evidence) -> dict[str, Any]:
    """Return a source's own fields, to tell later whether somebody changed them; whether it answers is the beat's."""
    fields = (field.attname for field in Evidence._meta.concrete_fields if field.name not in ANSWERS)
    return {name: str(getattr(source, name)) for name in fields}
