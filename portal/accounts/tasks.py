"""What the worker does for accounts."""

from threading import Lock

from celery import shared_task
from django.utils import timezone

from portal.accounts import mail, privacy, searches, trail
from portal.core.clock import shared_now

_sending = Lock()


@shared_task
def send_waiting_mail() -> None:
    """Send what waits; beat rings every few seconds, and whoever queues a mail rings at once over Redis.

    One place of a worker does so: a slow mail server must not hold the places where packs are made.
    """
    if _sending.acquire(blocking=False):
        try:
            mail.send_due(now=shared_now())
        finally:
            _sending.release()


@shared_task
def tell_of_searches() -> None:
    """Queue the day's and the week's mails about kept searches that were not queued yet; beat rings now and then."""
    searches.send_due(now=timezone.now())


@shared_task
def forget_old() -> None:
    """Delete sessions that have ended, and cut off the trail what is past its keeping; beat rings each hour."""
    now = timezone.now()
    privacy.forget_old_sessions(now=now)
    trail.cut_off(now=now)
