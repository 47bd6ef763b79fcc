"""A fixture that starts real Celery workers on the test's own database."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

LEASE_SECONDS = 4
Start = Callable[..., psutil.Popen]


@pytest.fixture
def start_worker(child_environment: dict[str, str], checkout: Path) -> Iterator[Start]:
    """Start as many workers as the test calls for; all are gone when it ends."""
    command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "--pool=threads", "-c", "2"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    environment = {**child_environment, "RENDER_LEASE_SECONDS": str(LEASE_SECONDS), "KEEP_READY": "false"}
    workers: list[psutil.Popen] = []

    def start(**more: str) -> psutil.Popen:
        """Start one; `more` are variables of its environment."""
        output = subprocess.DEVNULL if not os.environ.get("SHOW_WORKER") else None
        worker = psutil.Popen(
            command, cwd=checkout, env={**environment, **more}, stdout=output, stderr=output, start_new_session=True
        )
        workers.append(worker)
        return worker

    yield start
    running = [worker for worker in workers if worker.is_running()]
    for worker in running:
        worker.terminate()
    for worker in running:
        worker.wait(timeout=30)
