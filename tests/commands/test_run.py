"""bin/run and bin/install, started as a person would on a machine that lacks this or that."""

import fcntl
import os
import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import FirstRun, base_environment
from tests.commands.processes import Running

pytestmark = [pytest.mark.commands, pytest.mark.slow]
Start = Callable[..., Running]


@pytest.fixture
def scratch_checkout(checkout: Path, tmp_path: Path) -> Path:
    """What bin/run reads before it installs, in a folder with a space in its name; nothing installed."""
    copy = tmp_path / "a checkout"
    for name in ("bin", "requirements", "portal/core/ports.py", "portal/__init__.py", "portal/core/__init__.py"):
        source, target = checkout / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
    return copy


@pytest.fixture
def fake_programs(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Put programs of our own before the real ones: name -> the shell lines each runs."""

    def make(**programs: str) -> dict[str, str]:
        folder = tmp_path / "programs"
        folder.mkdir()
        for name, lines in programs.items():
            program = folder / name.replace("_", "-").replace("python3-11", "python3.11")
            program.write_text(f"#!/bin/sh\n{lines}\n")
            program.chmod(0o755)
        return base_environment(PATH=f"{folder}:{os.environ['PATH']}")

    return make


def test_the_first_run_ends_with_the_address_of_a_site_that_answers(first_run: FirstRun) -> None:
    assert f"http://localhost:{first_run.port}" in first_run.said
    assert first_run.status == 200
    assert "<h1" in first_run.page
    assert "Content-Security-Policy" in first_run.headers
    assert "Traceback" not in first_run.said
    assert "Warning" not in first_run.said


def test_sigterm_to_bin_run_alone_leaves_no_process(first_run: FirstRun) -> None:
    assert first_run.exit_status == 0
    assert first_run.survivors == []


def test_a_taken_port_is_said_before_anything_is_installed(start: Start, scratch_checkout: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        environment = base_environment(PORT=str(port))

        running = start(str(scratch_checkout / "bin" / "run"), environment=environment, folder=Path("/"))

        assert running.wait() == 1
    assert running.said.startswith(f"Port {port} is taken")
    assert "PORT=" in running.said
    assert not (scratch_checkout / ".venv").exists()


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_port_that_is_none_is_said_at_once(start: Start, scratch_checkout: Path, port: str) -> None:
    running = start(str(scratch_checkout / "bin" / "run"), environment=base_environment(PORT=port), folder=Path("/"))

    assert running.wait() == 1
    assert f"PORT is '{port}'" in running.said


def test_another_python_is_refused_with_its_version(
    start: Start, scratch_checkout: Path, fake_programs: Callable[..., dict[str, str]]
) -> None:
    environment = fake_programs(python3="echo 3.9.2", python3_11="exit 127")

    running = start(str(scratch_checkout / "bin" / "run"), environment=environment, folder=Path("/"))

    assert running.wait() == 1
    assert "needs Python 3.11" in running.said
    assert "only Python 3.9.2" in running.said


def test_the_environment_of_another_checkout_is_left_alone(
    start: Start, scratch_checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "others" / "bin").mkdir(parents=True)
    (scratch_checkout / ".venv").symlink_to(tmp_path / "others")

    running = start(str(scratch_checkout / "bin" / "install"), environment=base_environment(), folder=Path("/"))

    assert running.wait() == 1
    assert "remove it, and this checkout gets its own" in running.said
    assert (tmp_path / "others" / "bin").is_dir()


def test_without_root_a_missing_package_is_named_with_the_command(
    start: Start, scratch_checkout: Path, fake_programs: Callable[..., dict[str, str]]
) -> None:
    environment = fake_programs(id="echo 1000", dpkg_query='case "$*" in *pango*) exit 1;; *) echo ok installed;; esac')

    running = start(str(scratch_checkout / "bin" / "install"), environment=environment, folder=Path("/"))

    assert running.wait() == 1
    assert "missing: libpango-1.0-0 libpangoft2-1.0-0." in running.said
    assert "sudo apt-get update && sudo apt-get install -y" in running.said
    assert not (scratch_checkout / ".venv").exists()


def test_stopped_while_installing_it_leaves_no_process(
    start: Start, scratch_checkout: Path, fake_programs: Callable[..., dict[str, str]]
) -> None:
    environment = fake_programs(id="echo 0", dpkg_query="exit 1", apt_get="sleep 300")
    running = start(str(scratch_checkout / "bin" / "install"), environment=environment, folder=Path("/"))
    running.wait_for("Installing Debian packages")

    running.signal(signal.SIGTERM)

    assert running.wait() == 143
    assert running.survivors() == []


def test_two_at_once_in_one_checkout_take_turns(
    start: Start, scratch_checkout: Path, fake_programs: Callable[..., dict[str, str]]
) -> None:
    environment = fake_programs(id="echo 1000", dpkg_query="exit 1")
    (scratch_checkout / "var").mkdir()
    with (scratch_checkout / "var" / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = start(str(scratch_checkout / "bin" / "install"), environment=environment, folder=Path("/"))
        second.wait_for("Waiting for another bin/run")
        assert second.process.poll() is None

    assert second.wait() == 1
    assert "missing:" in second.said


def test_nothing_is_done_twice_when_all_is_installed(start: Start, first_run: FirstRun, checkout: Path) -> None:
    running = start(str(checkout / "bin" / "install"), environment=base_environment(), folder=Path("/"))

    assert running.wait() == 0
    assert running.said == ""
