"""What the worker does for the editing site: publish and withdraw on the day."""

from celery import shared_task
from django.utils import timezone

from portal.core.clock import shared_now
from portal.editing.digests import send_due
from portal.editing.schedule import publish_due, withdraw_due


@shared_task
def keep_to_schedule() -> None:
    """Publish and withdraw what is due; beat rings each minute."""
    now = shared_now()
    publish_due(now=now)
    withdraw_due(now=now)


@shared_task
def send_digests() -> None:
    """Send the week's digests that were not sent yet; beat rings each hour."""
    send_due(now=timezone.now())
