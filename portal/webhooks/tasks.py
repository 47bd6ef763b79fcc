"""What Celery calls. It only looks at the rows, so one call too many does nothing."""

from celery import shared_task
from django.utils import timezone

from portal.webhooks.sending import forget_old, send_due
from portal.webhooks.services import seal_anew


@shared_task
def send_webhooks() -> None:
    """Send messages that are due; beat rings every ten seconds."""
    send_due()


@shared_task
def forget_old_webhooks() -> None:
    """Delete the log past its keeping, and follow a change of SECRET_KEY; beat rings each hour."""
    forget_old(timezone.now())
    seal_anew()
