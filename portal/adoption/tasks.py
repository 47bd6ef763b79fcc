"""What the worker does to keep adoption true."""

from celery import shared_task
from django.utils import timezone

from portal.adoption.asking import ask_due, forget_old_links, look_for_unconfirmed
from portal.adoption.contacts import forget_lapsed


@shared_task
def keep_adoption_true() -> None:
    """Find what went unconfirmed, ask and remind contacts, forget old links and addresses; beat rings each hour."""
    now = timezone.now()
    look_for_unconfirmed(now=now)
    ask_due(now=now)
    forget_old_links(now=now)
    forget_lapsed(now=now)
