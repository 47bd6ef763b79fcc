"""Mail as rows: written in the transaction that has something to say, sent by a worker, tried again later."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from time import monotonic

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from portal.accounts.models import WaitingMail
from portal.core.bell import ring
from portal.core.clock import shared_now

logger = logging.getLogger("portal.accounts")
SEND = "portal.accounts.tasks.send_waiting_mail"
LEASE = timedelta(minutes=5)
"""Whoever takes a mail has so long to send it; then another may."""
SECONDS = 60
"""So long one round sends; what then still waits is the next one's."""
AT_ONCE = 500
OF_THIS_MAIL = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)
"""What a server says of one mail; all else says something of the server."""
TRY_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""The last of them is past the life of every link that a mail holds."""


def queue_mail(*, to: str, subject: str, text: str, headers: Mapping[str, str] | None = None) -> None:
    """Write down a mail to be sent as soon as what is being done is done."""
    one_line = " ".join(subject.split())
    WaitingMail.objects.create(
        to=to, subject=one_line[:200], text=text, headers=dict(headers or {}), due_at=shared_now()
    )
    transaction.on_commit(lambda: ring(SEND))


def send_due(*, now: datetime) -> int:
    """Send the mails that are due; return how many. Two workers never send the same one at once.

    A server that is away or slow is left alone after the first mail: the others would wait as long, one after another.
    """
    due = WaitingMail.objects.filter(due_at__lte=now).order_by("due_at", "pk").values_list("pk", "due_at")
    sent, ends_at = 0, monotonic() + SECONDS
    for pk, due_at in list(due[:AT_ONCE]):
        try:
            sent += _send(pk, due_at, now)
        except _ServerAway:
            break
        if monotonic() > ends_at:
            break
    return sent


class _ServerAway(Exception):
    """The mail server can't be reached, or does not answer."""


def _send(pk: int, due_at: datetime, now: datetime) -> bool:
    mine = WaitingMail.objects.filter(pk=pk, due_at=due_at)
    if not mine.update(due_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    waiting = WaitingMail.objects.get(pk=pk)
    try:
        EmailMessage(waiting.subject, waiting.text, to=[waiting.to], headers=waiting.headers).send()
    except (SMTPException, OSError) as error:
        _put_off(waiting, now, error)
        if not isinstance(error, OF_THIS_MAIL):
            raise _ServerAway from error
        return False
    waiting.delete()
    return True


def _put_off(waiting: WaitingMail, now: datetime, error: Exception) -> None:
    tries = waiting.attempts
    if tries > len(TRY_AGAIN):
        logger.error("A mail (%s) was given up after %d tries: %s", waiting.pk, tries, type(error).__name__)
        waiting.delete()
        return
    logger.warning("A mail (%s) could not be sent and is tried again: %s", waiting.pk, type(error).__name__)
    WaitingMail.objects.filter(pk=waiting.pk).update(due_at=now + TRY_AGAIN[tries - 1])
