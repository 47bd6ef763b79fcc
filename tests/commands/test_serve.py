"""The supervisor: one command for web server and worker, and nothing left behind."""

import json
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import requests

from tests.accounts.conftest import PASSWORD
from tests.commands.conftest import FirstRun, base_environment
from tests.commands.processes import ADDRESS_LINE, Running, ask, free_port

pytestmark = [pytest.mark.commands, pytest.mark.slow]
Serve = Callable[..., Running]


def child_named(running: Running, word: str) -> psutil.Process:
    return next(one for one in psutil.Process(running.process.pid).children() if word in one.cmdline())


def test_sigterm_stops_everything(start_serving: Serve) -> None:
    running = start_serving()

    running.signal(signal.SIGTERM)

    assert running.wait() == 0
    assert running.survivors() == []
    assert "Traceback" not in running.said


def test_ctrl_c_stops_everything(start_serving: Serve) -> None:
    running = start_serving()

    running.signal_group(signal.SIGINT)

    assert running.wait() == 0
    assert running.survivors() == []
    assert "Traceback" not in running.said


def test_a_killed_supervisor_leaves_no_orphan(start_serving: Serve) -> None:
    running = start_serving()

    running.signal(signal.SIGKILL)

    assert running.survivors() == []


@pytest.mark.parametrize(("module", "words"), [("gunicorn", "the web server"), ("celery", "the worker")])
def test_the_end_of_either_part_stops_the_other_and_says_which(start_serving: Serve, module: str, words: str) -> None:
    running = start_serving()

    child_named(running, module).kill()

    assert running.wait() == 1
    assert running.survivors() == []
    assert f"{words} ended" in running.said


@pytest.mark.parametrize(("part", "other"), [("web", "celery"), ("worker", "gunicorn")])
def test_one_part_can_run_alone_on_its_host(start_serving: Serve, part: str, other: str) -> None:
    running = start_serving("--only", part, wait_for="The portal is at" if part == "web" else "")

    children = psutil.Process(running.process.pid).children(recursive=True)

    assert not any(other in one.cmdline() for one in children)


def test_a_taken_port_is_named_with_the_fix(start_serving: Serve) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        running = start_serving(port=port, wait_for="")

        assert running.wait() == 1
        assert f"Port {port} is taken" in running.said
        assert "PORT=" in running.said


@pytest.fixture(scope="module")
def running_site(first_run: FirstRun, checkout: Path) -> Iterator[tuple[Running, str]]:
    """One site for all that only ask it something; its address beside it."""
    address = f"http://localhost:{(port := free_port())}"
    environment = base_environment(VAR_DIR=str(first_run.var_dir), PORT=str(port), WEB_PROCESSES="1")
    running = Running([sys.executable, "manage.py", "serve"], environment=environment, folder=checkout)
    try:
        running.wait_for(ADDRESS_LINE)
        yield running, address
    finally:
        running.end()


def test_a_static_file_has_a_long_lived_name(running_site: tuple[Running, str], first_run: FirstRun) -> None:
    manifest = json.loads((first_run.var_dir / "static" / "staticfiles.json").read_text())

    name = manifest["paths"]["nhsuk/nhsuk-frontend.min.css"]
    status, headers, _ = ask(f"{running_site[1]}/assets/{name}")

    assert status == 200
    assert "immutable" in headers["Cache-Control"]


def test_an_address_with_five_hundred_values_gets_a_page(running_site: tuple[Running, str]) -> None:
    status, _, page = ask(f"{running_site[1]}/catalogue/?" + "&".join(f"theme=none-{n}" for n in range(500)))

    assert status == 200
    assert "only the first 50 values of Theme" in page


def test_a_mail_to_the_console_is_read_there_as_it_is(running_site: tuple[Running, str]) -> None:
    running, address = running_site

    form = {"email": "nia@example.nhs.uk", "password1": PASSWORD, "first_name": "Nia"}
    told = {"Sec-Fetch-Site": "same-origin"}
    asked = requests.post(f"{address}/account/signup/", data=form, headers=told, timeout=30)

    assert asked.status_code == 200
    running.wait_for("\nTo: nia@example.nhs.uk\n")
    running.wait_for("/account/confirm-email/")
    (link,) = (line for line in running.lines if "/account/confirm-email/" in line)
    assert link.strip() == link[:-1]
