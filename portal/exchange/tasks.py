"""What Celery calls. It only looks at the rows, so one call too many does nothing."""

import subprocess  # nosec B404  # only lists of our own words are run
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from portal.core.children import start_child
from portal.exchange.imports import making, services
from portal.exchange.models import DataRelease

COMMAND = ("manage.py", "make_data_files", "--if-due")
_started: list["subprocess.Popen[bytes]"] = []


@shared_task(name="portal.exchange.tasks.do_due_imports", ignore_result=True)
def do_due_imports() -> None:
    making.do_due_imports()


@shared_task(name="portal.exchange.tasks.remove_old_imports", ignore_result=True)
def remove_old_imports() -> None:
    services.remove_old_imports()


@shared_task(name="portal.exchange.tasks.keep_data_files", ignore_result=True)
def keep_data_files() -> None:
    """Begin this night's data files if they are due, in a process of its own: a worker has others to serve.

    It ends with the worker, which need not wait for it.
    """
    if settings.DATA_FILES_KEEP_READY and DataRelease.objects.is_due(timezone.now()):
        _started[:] = [child for child in _started if child.poll() is None]
        _started.append(start_child(COMMAND, folder=Path(settings.BASE_DIR)))
