"""What the worker does for accounts."""

from celery import shared_task
from django.utils import timezone

from portal.accounts import mail


@shared_task
def send_waiting_mail() -> None:
    """Send what waits; beat rings every few seconds, and whoever queues a mail rings at once over Redis."""
    mail.send_due(now=timezone.now())
