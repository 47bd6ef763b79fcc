"""Drafts approved for a later day, and entries to be withdrawn on one."""

from datetime import datetime

from django.db import transaction
from wagtail.models import Revision

from portal.catalogue.models import Entry, EntryChange
from portal.catalogue.services import publish_revision, withdraw_entry

DUE = "Its day had come, as planned."


def publish_due(*, now: datetime) -> int:
    """Publish each approved draft whose day has come; return how many. Each is a transaction of its own."""
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")
    return sum(_publish(pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _publish(pk: int) -> bool:
    """Publish the draft unless another worker has done so already; whoever approved it for this day answers for it."""
    revision = Revision.objects.select_for_update().filter(pk=pk, approved_go_live_at__isnull=False).first()
    if revision is None or not isinstance(revision.content_object, Entry):
        return False
    approval = EntryChange.objects.filter(entry=revision.object_id, action=EntryChange.Action.SCHEDULED).first()
    by, reason = (approval.by, approval.reason) if approval else (None, "")
    publish_revision(revision=revision, by=by, reason=reason or DUE, origin="screen")
    return True


def withdraw_due(*, now: datetime) -> int:
    """Withdraw each published entry whose last day is over; return how many."""
    due = Entry.objects.filter(live=True, expire_at__lte=now).with_specific()
    for entry in due:
        withdraw_entry(entry=entry.specific, by=None, reason=DUE)
    return len(due)
