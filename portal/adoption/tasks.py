"""What the worker does to keep adoption true."""

from celery import shared_task
from django.utils import timezone

from portal.adoption.asking import ask_due, forget_old_links, look_for_unconfirmed


@shared_task
def keep_adoption_true() -> None:
    """Find what went unconfirmed, ask and remind contacts, forget old links; beat rings each hour."""
    now = timezone.now()
    look_for_unconfirmed(now=now)
    ask_due(now=now)
    forget_old_links(now=now)
