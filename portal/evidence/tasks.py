"""What Celery calls. It only looks at the rows, so one call too many does nothing."""

from celery import shared_task

from portal.evidence.checks import check_some


@shared_task
def check_addresses() -> None:
    """Ask some addresses of evidence that are due; beat rings each minute."""
    check_some()
