"""How long work has waited that is due: of each kind the row that waits longest, by the database's clock."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from wagtail.models import Revision

from portal.accounts.models import WaitingMail
from portal.briefings.models import BriefingPack
from portal.core.clock import shared_now
from portal.exchange.models import DataRelease, ImportBatch
from portal.exchange.querysets import DataReleaseQuerySet
from portal.operations.models import WorkerHeartbeat
from portal.webhooks.models import Delivery, Webhook

Since = datetime | None


def queue_ages() -> dict[str, float]:
    """Return for each kind of work for how many seconds one has waited that is due; 0 where none is."""
    now = shared_now()
    return {kind: _seconds(since(now), now) for kind, since in _KINDS.items()}


def _seconds(since: Since, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _oldest(rows: QuerySet[Any], field: str) -> Since:
    oldest: Since = rows.order_by(field).values_list(field, flat=True).first()
    return oldest


def _webhooks(now: datetime) -> Since:
    on = Webhook.objects.filter(is_on=True)
    due = Delivery.objects.filter(state=Delivery.State.QUEUED, next_at__lte=now, webhook__in=on)
    return _oldest(due, "next_at") if settings.OUTGOING else None


def _data_files(now: datetime) -> Since:
    """Since the hour of the night, or since a worker began that could have made them."""
    began = _oldest(WorkerHeartbeat.objects.all(), "began_at")
    if not settings.DATA_FILES_KEEP_READY or began is None or not DataRelease.objects.is_due(now):
        return None
    return max(began, DataReleaseQuerySet.last_night(now))


_KINDS: dict[str, Callable[[datetime], Since]] = {
    "packs": lambda now: _oldest(BriefingPack.objects.due(), "queued_at"),
    "imports": lambda now: _oldest(ImportBatch.objects.due(), "waits_since"),
    "mail": lambda now: _oldest(WaitingMail.objects.filter(due_at__lte=now), "due_at"),
    "webhooks": _webhooks,
    "publications": lambda now: _oldest(Revision.objects.filter(approved_go_live_at__lte=now), "approved_go_live_at"),
    "data files": _data_files,
}
