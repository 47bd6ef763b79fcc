"""A worker's sign of life: a row moved by a thread of its own, so that a worker full of packs gives it too."""

import logging
import os
import socket
import threading
from typing import Any

from celery import bootsteps
from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

SECONDS_BETWEEN = 10


def worker_name() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"[:255]


class HeartbeatThread(bootsteps.StartStopStep):
    """Beats from the moment the worker has its places until it stops.

    It says that the process lives and reaches the database. Whether work is taken is told by the age
    of the queue: a worker may live and be deaf to its broker.
    """

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self, worker: Any) -> None:
        self._thread.start()

    def stop(self, worker: Any) -> None:
        self._stop.set()

    terminate = stop

    def _run(self) -> None:
        from portal.operations.models import WorkerHeartbeat

        while True:
            try:
                WorkerHeartbeat.objects.beat(worker_name())
            except DatabaseError as error:
                logger.warning("The heartbeat could not be written: %s", error)
                connection.close()
            if self._stop.wait(SECONDS_BETWEEN):
                connection.close()
                return
