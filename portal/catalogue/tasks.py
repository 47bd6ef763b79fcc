"""What Celery calls. It only looks at the rows, so one call too many does nothing."""

from celery import shared_task

from portal.catalogue import stored


@shared_task(name="portal.catalogue.tasks.store_answers", ignore_result=True)
def store_answers() -> None:
    stored.store_answers()
