"""What Celery calls. The task only looks at the rows, so one call too many does nothing."""

from celery import shared_task

from portal.exchange.imports import making, services


@shared_task(name="portal.exchange.tasks.do_due_imports", ignore_result=True)
def do_due_imports() -> None:
    making.do_due_imports()


@shared_task(name="portal.exchange.tasks.remove_old_imports", ignore_result=True)
def remove_old_imports() -> None:
    services.remove_old_imports()
