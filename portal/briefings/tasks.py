"""What Celery calls. Every task only looks at the rows, so one call too many does nothing."""

from celery import shared_task
from django.utils import timezone

from portal.briefings import making, news, services
from portal.briefings.brief.making import remove_old_briefs


@shared_task(name="portal.briefings.tasks.render_due", ignore_result=True)
def render_due() -> None:
    making.make_due_packs()


@shared_task(name="portal.briefings.tasks.tell_of_moves", ignore_result=True)
def tell_of_moves() -> None:
    news.tell_due(now=timezone.now())


@shared_task(name="portal.briefings.tasks.remove_expired", ignore_result=True)
def remove_expired() -> None:
    services.remove_expired_packs()
    remove_old_briefs()
