"""A prepared folder of data, made once by bin/run itself, and commands that are surely ended."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands.processes import ADDRESS_LINE, Running, ask, free_port

# A shell set up for another project: bin/run must not notice.
HOSTILE = {"VIRTUAL_ENV": "/nowhere", "PYTHONPATH": "/nowhere", "DJANGO_SETTINGS_MODULE": "nowhere.settings"}
Start = Callable[..., Running]


def base_environment(**values: str) -> dict[str, str]:
    kept = ("HOME", "LANG", "PATH")
    return {**{name: os.environ[name] for name in kept if name in os.environ}, **values}


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a command; whatever of it still lives after the test is killed."""
    running: list[Running] = []

    def start_one(*command: str, environment: dict[str, str], folder: Path) -> Running:
        running.append(Running(list(command), environment=environment, folder=folder))
        return running[-1]

    yield start_one
    for one in running:
        one.end()


class FirstRun:
    """What came of running bin/run once: its folder of data, what it said, how the site answered."""

    def __init__(self, checkout: Path, var_dir: Path, elsewhere: Path) -> None:
        self.var_dir = var_dir
        self.port = free_port()
        running = Running(
            [str(checkout / "bin" / "run")],
            environment=base_environment(**HOSTILE, VAR_DIR=str(var_dir), PORT=str(self.port)),
            folder=elsewhere,
        )
        try:
            running.wait_for(ADDRESS_LINE, seconds=240)
            self.status, self.headers, self.page = ask(f"http://localhost:{self.port}/")
            running.signal(signal.SIGTERM)
            self.exit_status = running.wait()
            self.survivors = running.survivors()
            self.said = running.said
        finally:
            running.end()


@pytest.fixture(scope="session")
def first_run(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    """bin/run in this checkout, from another folder, with its data in a folder of its own."""
    if not (checkout / ".venv" / "installed").exists():
        pytest.skip("bin/install test has not run here, and a test should not install into the checkout")
    return FirstRun(checkout, tmp_path_factory.mktemp("a var"), tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture
def start_serving(start: Start, first_run: FirstRun, checkout: Path) -> Start:
    """Start `manage.py serve` on a free port over the prepared data; answers when the site does."""

    def serve(*arguments: str, port: int | None = None, wait_for: str = ADDRESS_LINE) -> Running:
        environment = base_environment(VAR_DIR=str(first_run.var_dir), PORT=str(port or free_port()), WEB_PROCESSES="1")
        running = start(sys.executable, "manage.py", "serve", *arguments, environment=environment, folder=checkout)
        if wait_for:
            running.wait_for(wait_for)
        return running

    return serve
