"""What a batch leaves in the history of entries: a revision that is the latest of its entry, and a row of the trail."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Revision

from portal.catalogue.models import EntryChange
from portal.core.people import name_of
from portal.core.prepared import PreparedWrites
from portal.exchange.imports.known import batched
from portal.exchange.models import ImportBatch

AT_ONCE = 500


class History:
    """The revisions of a batch, made ready to be written, and its rows of the trail: of the moment they are written."""

    def __init__(self, batch: ImportBatch, prepared: PreparedWrites, *, reason: str) -> None:
        self.batch, self.prepared, self.reason = batch, prepared, reason
        self.trail: list[EntryChange] = []
        self.revisions: list[int] = []

    def add(self, drafts: Iterable[tuple[Any, int, str]]) -> None:
        """Take drafts, each with the key of its revision to be and with what was done to it."""
        revisions, now = [], timezone.now()
        for draft, key, action in drafts:
            revisions.append(self._revision_of(draft, key, now))
            self.trail.append(self._trail_row(draft, action, now))
            draft.latest_revision_id = key
            self.revisions.append(key)
        self.prepared.insert(Revision, revisions)

    def date(self) -> None:
        """Say of all that is written that it was now; in the transaction that wrote the rest."""
        now = timezone.now()
        for some in batched(self.revisions, AT_ONCE):
            Revision.objects.filter(pk__in=some).update(created_at=now)
        for row in self.trail:
            row.at = now
        EntryChange.objects.bulk_create(self.trail, batch_size=AT_ONCE)

    def _revision_of(self, draft: Any, key: int, at: Any) -> Revision:
        kind = ContentType.objects.get_for_model(type(draft))
        return Revision(
            pk=key,
            content_type=kind,
            base_content_type=kind,
            object_id=str(draft.pk),
            created_at=at,
            user=self.batch.by,
            object_str=str(draft),
            content=draft.serializable_data(),
        )

    def _trail_row(self, draft: Any, action: str, at: Any) -> EntryChange:
        return EntryChange(
            entry_id=draft.pk,
            at=at,
            by_id=self.batch.by_id,
            by_name=name_of(self.batch.by),
            network=self.batch.network.name,
            action=action,
            origin=EntryChange.Origin.IMPORT,
            reason=self.reason,
            title=draft.title,
        )
