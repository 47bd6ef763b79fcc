"""What Celery calls. It only looks at the rows, so one call too many does nothing."""

from celery import shared_task

from portal.catalogue import cards


@shared_task(name="portal.catalogue.tasks.store_cards", ignore_result=True)
def store_cards() -> None:
    cards.store_cards()
