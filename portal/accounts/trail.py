"""The trail of accounts: written, read, cut off when old, and checked link by link.

Each row carries a seal, made with the portal's secret key over the row and the seal before it. Who
changes the database without that key breaks the chain at the row they touched.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts.models import AccountEvent, Trail, User
from portal.core.client_address import client_address
from portal.core.signatures import is_signature, signature_of

Kind = AccountEvent.Kind
logger = logging.getLogger("portal.accounts.trail")
USE = "accounts.trail"
LONGEST_NOTE = 200


def record(
    kind: AccountEvent.Kind, *, person: Any = None, by: Any = None, request: HttpRequest | None = None, note: str = ""
) -> AccountEvent:
    """Add one event. `person` is whom it happened with, `by` who did it, if somebody else."""
    with transaction.atomic():
        Trail.objects.get_or_create(pk=1)
        trail = Trail.objects.select_for_update().get(pk=1)
        event = AccountEvent(
            at=timezone.now(),
            kind=str(kind),
            person=_number(person),
            by=None if _number(by) == _number(person) else _number(by),
            address=client_address(request) if request else "",
            note=note[:LONGEST_NOTE],
            before=trail.ends_with,
        )
        event.seal = signature_of(_sealed_text(event), use=USE)
        event.save(force_insert=True)
        trail.ends_with = event.seal
        trail.save(update_fields=["ends_with"])
    # A copy that leaves the machine with the logs: who cuts the end off the table can't cut it off there.
    logger.info("%s person=%s by=%s event=%s seal=%s", kind, event.person, event.by, event.pk, event.seal)
    return event


def _number(person: Any) -> int | None:
    return person.pk if isinstance(person, User) else person


def _sealed_text(event: AccountEvent) -> str:
    return repr((event.before, event.at.isoformat(), event.kind, event.person, event.by, event.address, event.note))


def events_of(person: User) -> QuerySet[AccountEvent]:
    """Return what happened with a person's account, newest first."""
    return AccountEvent.objects.filter(person=person.pk)


# --- checking -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Broken:
    """The first link that doesn't hold; `event` is None where rows are missing at the end."""

    event: int | None
    why: str


def first_broken_link() -> Broken | None:
    """Walk the trail from its beginning; return the first link that doesn't hold."""
    trail, _ = Trail.objects.get_or_create(pk=1)
    before = trail.begins_after
    for event in AccountEvent.objects.order_by("pk").iterator():
        if event.before != before:
            return Broken(event.pk, "The row before it is missing or was changed.")
        if not is_signature(event.seal, _sealed_text(event), use=USE):
            return Broken(event.pk, "What it says is not what was sealed.")
        before = event.seal
    return None if before == trail.ends_with else Broken(None, "Rows are missing at the end.")


# --- keeping ------------------------------------------------------------------------------------


def cut_off(*, now: datetime) -> int:
    """Delete the events older than TRAIL_DAYS, from the beginning; return how many. The rest stays a chain."""
    until = now - timedelta(days=settings.TRAIL_DAYS)
    with transaction.atomic():
        Trail.objects.get_or_create(pk=1)
        trail = Trail.objects.select_for_update().get(pk=1)
        first_kept = AccountEvent.objects.filter(at__gte=until).order_by("pk").first()
        old = AccountEvent.objects.filter(pk__lt=first_kept.pk) if first_kept else AccountEvent.objects.all()
        last = old.order_by("pk").last()
        if last is None:
            return 0
        trail.begins_after, trail.cut_before = last.seal, last.pk + 1
        trail.save(update_fields=["begins_after", "cut_before"])
        return old.delete()[0]
