"""Sending what is in the outbox: one claim, one POST, a bounded number of attempts over a day."""

import time
from datetime import datetime, timedelta
from http import HTTPStatus
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F

from portal.core.clock import shared_now
from portal.core.outgoing import NoAnswer, NotAsked, ask
from portal.core.request_ids import done_for
from portal.webhooks.models import Attempt, Delivery, Webhook
from portal.webhooks.services import switch_off
from portal.webhooks.signing import sign

State = Delivery.State
BITE = 20
SECONDS = 8
LEASE = timedelta(minutes=2)
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 480, 540)]
"""After each failed attempt but the last: eight attempts in a day and half an hour."""
GIVEN_UP_BEFORE_OFF = 10


def send_due() -> int:
    """Send what is due, for some seconds; return how many were tried."""
    if not settings.OUTGOING:
        return 0
    tried, ends_at = 0, monotonic() + SECONDS
    while tried < BITE and monotonic() < ends_at and (delivery := claim_due(shared_now())):
        with done_for(delivery.request_id):
            send(delivery)
        tried += 1
    return tried


def claim_due(now: datetime) -> Delivery | None:
    """Take a message that is due; of two workers the UPDATE lets one have it."""
    due = Delivery.objects.filter(state=State.QUEUED, next_at__lte=now, webhook__is_on=True)
    for delivery in due.select_related("webhook").order_by("next_at", "pk")[:BITE]:
        mine = Delivery.objects.filter(pk=delivery.pk, state=State.QUEUED, next_at=delivery.next_at)
        delivery.next_at = now + LEASE
        if mine.update(next_at=delivery.next_at, attempts=F("attempts") + 1):
            delivery.attempts += 1
            return delivery
    return None


def send(delivery: Delivery) -> None:
    """Make one attempt and write down how it went."""
    began = monotonic()
    status, said = _post(delivery)
    spent = int((monotonic() - began) * 1000)
    with transaction.atomic():
        Attempt.objects.create(delivery=delivery, milliseconds=spent, status=status, said=said[:200])
        _conclude(delivery, status, shared_now())


def _post(delivery: Delivery) -> tuple[int | None, str]:
    webhook = delivery.webhook
    now = int(time.time())
    if not webhook.secret:
        return None, "Its secret can’t be read any more, as the site’s own key was changed. Give it a new one."
    old = webhook.old_secret if webhook.old_secret_until and webhook.old_secret_until.timestamp() > now else ""
    signed = sign(
        message_id=f"msg_{delivery.message_id.hex}",
        timestamp=now,
        body=delivery.body,
        secrets=[secret for secret in (webhook.secret, old) if secret],
    )
    headers = {"Content-Type": "application/json", **signed}
    try:
        answer = ask("POST", webhook.address, body=delivery.body.encode(), headers=headers, most_bytes=0, redirects=0)
    except (NotAsked, NoAnswer) as problem:
        return None, str(problem)
    return answer.status, f"Answered {answer.status}."


def _conclude(delivery: Delivery, status: int | None, now: datetime) -> None:
    """Take the message for delivered, let it wait, or give it up; only for who holds it."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.QUEUED, next_at=delivery.next_at)
    webhook = delivery.webhook
    if status is not None and 200 <= status < 300:
        mine.update(state=State.TAKEN, ended_at=now)
        Webhook.objects.filter(pk=webhook.pk, given_up__gt=0).update(given_up=0)
        return
    if delivery.attempts <= len(WAITS) and status != HTTPStatus.GONE:
        mine.update(next_at=now + WAITS[delivery.attempts - 1])
        return
    if mine.update(state=State.GIVEN_UP, ended_at=now):
        Webhook.objects.filter(pk=webhook.pk).update(given_up=F("given_up") + 1)
    if status == HTTPStatus.GONE:
        switch_off(webhook, because="The address answered 410 (Gone): it wants nothing more.")
    elif Webhook.objects.filter(pk=webhook.pk, given_up__gte=GIVEN_UP_BEFORE_OFF).exists():
        because = f"{GIVEN_UP_BEFORE_OFF} messages in turn were given up, each after a day of trying."
        switch_off(webhook, because=because)


def forget_old(now: datetime) -> int:
    """Delete messages past their keeping, with the log of their attempts; return how many."""
    old = Delivery.objects.filter(made_at__lt=now - timedelta(days=settings.WEBHOOKS_KEEP_DAYS))
    count = old.count()
    old.delete()
    return count
