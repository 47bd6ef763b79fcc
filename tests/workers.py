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
    arguments = ["-A", "portal.celery", "worker", "--pool=threads", "-c", "2"]
    arguments += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    environment = {**child_environment, "RENDER_LEASE_SECONDS": str(LEASE_SECONDS), "KEEP_READY": "false"}
    workers: list[psutil.Popen] = []

    def start(*, dies_after: str = "", **more: str) -> psutil.Popen:
        """Start one, which may kill itself after a step of tests.briefings.dying; `more` is for its environment."""
        program = ["tests.briefings.dying", dies_after] if dies_after else ["celery"]
        command = [sys.executable, "-m", *program, *arguments]
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
