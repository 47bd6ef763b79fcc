"""Tell the workers that there is something to do. A lost message costs seconds, never the work."""

import logging
from functools import cache
from typing import Any

from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

WAIT = 0.25


@cache
def _sender() -> Any:
    """A Celery that only sends: the roof's app is not imported from down here."""
    sender = Celery("portal", set_as_current=False)
    sender.config_from_object("django.conf:settings", namespace="CELERY")
    # A person waits for the answer, and a ring that is lost costs little: a server that is slow is not waited for.
    at_once = {"interval_start": 0, "interval_step": 0, "socket_connect_timeout": WAIT, "socket_timeout": WAIT}
    sender.conf.broker_transport_options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **at_once}
    return sender


def ring(task: str) -> None:
    """Ring for a task over Redis; without Redis the workers' own sweep finds what is due.

    In the embedded shape the worker rings itself each second: a message sent from the web process
    would stay in that process's own memory.
    """
    if settings.CELERY_BROKER_URL.startswith("memory://"):
        return
    try:
        _sender().send_task(task)
    except (OperationalError, OSError) as error:
        logger.warning("No worker could be told that something is due, the next sweep will find it: %s", error)
