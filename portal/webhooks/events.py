"""What other systems are told: written into the outbox in the transaction of the publication itself."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models.signals import post_save

from portal.catalogue.models import Entry, EntryChange, PublishedVersion
from portal.webhooks.models import Delivery, Event, Webhook

Action = EntryChange.Action
NOT_COMPARED = frozenset({"pk", "entry", "sort_order"})


def listen() -> None:
    post_save.connect(_hear_version, sender=PublishedVersion, dispatch_uid="webhooks-published")
    post_save.connect(_hear_change, sender=EntryChange, dispatch_uid="webhooks-withdrawn")


def _hear_version(instance: PublishedVersion, created: bool, **signal: Any) -> None:
    """Tell of a publication; the version before says whether it is one more, and which figures moved."""
    if not created or not Webhook.objects.filter(is_on=True).exists():
        return
    change = instance.change
    earlier = EntryChange.objects.public().filter(entry=change.entry_id, pk__lt=change.pk).order_by("-pk").first()
    is_new = earlier is None or earlier.action == Action.WITHDRAWN
    tell_of(change, Event.PUBLISHED if is_new else Event.CHANGED)
    corrected = _corrected(instance) if not is_new else []
    if corrected:
        tell_of(change, Event.CORRECTED, figures=corrected)


def _hear_change(instance: EntryChange, created: bool, **signal: Any) -> None:
    if created and instance.action == Action.WITHDRAWN:
        tell_of(instance, Event.WITHDRAWN)


def _corrected(now: PublishedVersion) -> list[str]:
    """Return the ids of published figures that were changed or taken out by this version."""
    before = PublishedVersion.objects.filter(
        change__entry=now.change.entry_id, change__version__lt=now.change.version or 0
    )
    last = before.order_by("-change__version").first()
    was, is_now = (_figures(version.content) for version in (last, now)) if last else ({}, {})
    return sorted(key for key, figure in was.items() if is_now.get(key) != figure)


def _figures(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = json.loads(json.dumps(content.get("figures", []), default=str))
    return {
        str(row["public_id"]): {name: value for name, value in row.items() if name not in NOT_COMPARED} for row in rows
    }


def tell_of(change: EntryChange, event: Event, *, figures: Iterable[str] = ()) -> None:
    """Queue one message for each address that wants this event."""
    wanting = [webhook for webhook in Webhook.objects.filter(is_on=True) if event in webhook.events]
    if not wanting:
        return
    entry = Entry.objects.with_specific().get(pk=change.entry_id).specific
    data = {
        "id": entry.pk,
        "kind": entry.kind_of_entry,
        "slug": entry.slug,
        "title": change.title,
        "address": settings.SITE_URL + entry.get_absolute_url(),
        "version": change.version,
        "sentences": change.sentences,
    }
    if figures:
        # Values stay where unit, basis, qualifier, period and place stand with them.
        data["figures"] = list(figures)
    body = json.dumps({"type": str(event), "timestamp": change.at.isoformat(), "data": data})
    Delivery.objects.bulk_create(
        Delivery(webhook=webhook, event=event, about=change.title, body=body) for webhook in wanting
    )
