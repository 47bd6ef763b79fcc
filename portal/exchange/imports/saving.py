"""Save what was planned: drafts with their revisions, sources and adoption records, some hundred at a time.

An entry saved by itself costs some forty statements. Here a new one costs its own rows and no more,
and all of it is what the screens would have saved: the entry's row, not live, its children, one
revision that is its latest, and one row of the trail.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models.sql import InsertQuery
from django.utils import timezone
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import Revision

from portal.adoption.models import AdoptionRecord
from portal.catalogue.models import Entry, EntryChange
from portal.core.people import name_of
from portal.evidence.models import Evidence
from portal.exchange.imports.entry_rows import Plan
from portal.exchange.imports.known import batched
from portal.exchange.models import ImportBatch, ImportedChange

What = ImportedChange.What
AT_ONCE = 500
CITING_SOURCES = ("entry_links", "figures", "network_claims", "adoption_records", "coverage_claims", "reports")
"""What of other tables may cite a source."""

RECORD_FIELDS = ("stop_reason", "extent", "note", "said_by", "evidence_id", "reported_by_id")


def save_sources(batch: ImportBatch, sources: Iterable[Evidence]) -> None:
    """Save new sources; from then on each has its own key."""
    sources = list(sources)
    for source in sources:
        source.pk, source._state.adding = None, True
    Evidence.objects.bulk_create(sources, batch_size=AT_ONCE)
    _note(
        ImportedChange(
            batch=batch, what=What.SOURCE, key=source.pk, title=source.title, is_new=True, after=told_source(source)
        )
        for source in sources
    )


def save_plans(batch: ImportBatch, plans: Sequence[Plan]) -> None:
    """Save the drafts and records of some entries."""
    _save_new([plan.draft for plan in plans if plan.is_changed and plan.is_new])
    changed = [plan for plan in plans if plan.is_changed]
    _save_revisions(batch, changed)
    _save_records(batch, plans)


# --- drafts -------------------------------------------------------------------------------------


def _save_new(drafts: Sequence[Any]) -> None:
    """Insert new entries of either kind, with their children: none of them is live."""
    bases = [_base_of(draft) for draft in drafts]
    Entry.objects.bulk_create(bases, batch_size=AT_ONCE)
    for draft, base in zip(drafts, bases, strict=True):
        draft.pk = draft.entry_ptr_id = base.pk
        draft._state.adding = False
    for model in {type(draft) for draft in drafts}:
        of_kind = [draft for draft in drafts if type(draft) is model]
        _insert_own_rows(model, of_kind)
        _save_children(model, of_kind)


def _insert_own_rows(model: type[Any], drafts: Sequence[Any]) -> None:
    """Insert the kind's own rows beside their Entry rows: Django's bulk_create refuses models with a parent row.

    No signal is sent, and none is wanted: a draft changes nothing that readers see.
    """
    fields = model._meta.local_concrete_fields
    at_once = connection.ops.bulk_batch_size(fields, drafts)
    for some in batched(drafts, min(at_once, AT_ONCE)):
        query = InsertQuery(model)
        query.insert_values(fields, some, raw=True)
        query.get_compiler(connection=connection).execute_sql()


def _base_of(draft: Any) -> Entry:
    fields = [field.attname for field in Entry._meta.concrete_fields if not field.primary_key]
    return Entry(**{name: getattr(draft, name) for name in fields})


def _save_children(model: type[Any], drafts: Sequence[Any]) -> None:
    for relation in get_all_child_relations(model):
        rows = []
        for draft in drafts:
            for row in getattr(draft, relation.get_accessor_name()).all():
                setattr(row, relation.field.attname, draft.pk)
                rows.append(row)
        relation.related_model._default_manager.bulk_create(rows, batch_size=AT_ONCE)
    for field in get_all_child_m2m_relations(model):
        through = field.remote_field.through
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        through._default_manager.bulk_create(
            [
                through(**{f"{own}_id": draft.pk, f"{other}_id": row.pk})
                for draft in drafts
                for row in getattr(draft, field.name).all()
            ],
            batch_size=AT_ONCE,
        )


def _save_revisions(batch: ImportBatch, plans: Sequence[Plan]) -> None:
    """Make each draft the latest revision of its entry, with a row of the trail that says it was imported."""
    before = _state_before(plan.draft.pk for plan in plans if not plan.is_new)
    now = timezone.now()
    revisions = [revision_of(plan.draft, by=batch.by, at=now) for plan in plans]
    Revision.objects.bulk_create(revisions, batch_size=AT_ONCE)
    point_at(plan.draft.pk for plan in plans)
    EntryChange.objects.bulk_create(
        [trail_row(plan.draft, "created" if plan.is_new else "edited", batch, by=batch.by, at=now) for plan in plans],
        batch_size=AT_ONCE,
    )
    _note(
        ImportedChange(
            batch=batch,
            what=What.ENTRY,
            key=plan.draft.pk,
            title=plan.draft.title,
            is_new=plan.is_new,
            before=before.get(plan.draft.pk, {}),
            after={"revision": revision.pk},
        )
        for plan, revision in zip(plans, revisions, strict=True)
    )


def _state_before(entries: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Entry.objects.filter(pk__in=list(entries)).values_list("pk", "latest_revision", "has_unpublished_changes")
    return {pk: {"revision": revision, "has_unpublished_changes": has} for pk, revision, has in rows}


def revision_of(draft: Any, *, by: Any, at: Any) -> Revision:
    """Return a draft as a revision, to be saved."""
    kind = ContentType.objects.get_for_model(type(draft))
    return Revision(
        content_type=kind,
        base_content_type=kind,
        object_id=str(draft.pk),
        created_at=at,
        user=by,
        object_str=str(draft),
        content=draft.serializable_data(),
    )


def point_at(entries: Iterable[int]) -> None:
    """Make the newest revision of each entry its latest; it is a draft that differs from what readers see."""
    newest = Revision.objects.filter(
        base_content_type__in=[ContentType.objects.get_for_model(model) for model in Entry.__subclasses__()],
        object_id=models.functions.Cast(models.OuterRef("pk"), models.CharField()),
    ).order_by("-pk")
    Entry.objects.filter(pk__in=list(entries)).update(
        latest_revision=models.Subquery(newest.values("pk")[:1]), has_unpublished_changes=True
    )


def trail_row(draft: Any, action: str, batch: ImportBatch, *, by: Any, at: Any, undo: bool = False) -> EntryChange:
    what = f"Import {batch.pk} undone" if undo else f"Import {batch.pk}, {batch.file_name}"
    return EntryChange(
        entry_id=draft.pk,
        at=at,
        by_id=by.pk if by else None,
        by_name=name_of(by),
        network=batch.network.name,
        action=action,
        origin=EntryChange.Origin.IMPORT,
        reason=f"{what}.",
        title=draft.title,
    )


# --- adoption -----------------------------------------------------------------------------------


def _save_records(batch: ImportBatch, plans: Sequence[Plan]) -> None:
    new: list[AdoptionRecord] = []
    changed: list[AdoptionRecord] = []
    notes = []
    for plan in plans:
        for record in plan.records:
            record.entry_id, record.reported_by_id = plan.draft.pk, batch.by_id
            (new if record.pk is None else changed).append(record)
            before = plan.records_before.get(record.pk) if record.pk else None
            notes.append((record, plan.draft.title, told_record(before) if before else {}))
    AdoptionRecord.objects.bulk_create(new, batch_size=AT_ONCE)
    AdoptionRecord.objects.bulk_update(
        changed, [name.removesuffix("_id") for name in RECORD_FIELDS], batch_size=AT_ONCE
    )
    _note(
        ImportedChange(
            batch=batch,
            what=What.RECORD,
            key=record.pk,
            title=f"{title}: {record}"[:400],
            is_new=not before,
            before=before,
            after=told_record(record),
        )
        for record, title, before in notes
    )


def told_record(record: AdoptionRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in RECORD_FIELDS}


# --- notes --------------------------------------------------------------------------------------


def told_source(source: Evidence) -> dict[str, Any]:
    """Return a source's own fields, to tell later whether somebody changed them."""
    return {field.attname: str(getattr(source, field.attname)) for field in Evidence._meta.concrete_fields}


def _note(changes: Iterable[ImportedChange]) -> None:
    ImportedChange.objects.bulk_create(changes, batch_size=AT_ONCE)
