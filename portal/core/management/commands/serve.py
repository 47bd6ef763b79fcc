"""Run the web server and the worker as one: what stops one stops the other."""

import http.client
import signal
import subprocess  # nosec B404  # only lists of our own words are run
import threading
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.children import start_child, stop_children
from portal.core.ports import LOOPBACK, PortNotUsable, check_port

GRACE_SECONDS = 10
STARTUP_SECONDS = 120
THREADS_PER_WEB_PROCESS = 4
LONGEST_REQUEST_LINE = 8190
"""Gunicorn's most. Beyond it a visitor gets its own few words instead of a page that says what was ignored."""
Children = dict[str, subprocess.Popen[bytes]]


def web_command() -> list[str]:
    return [
        "-m",
        "gunicorn",
        "portal.wsgi:application",
        f"--bind={settings.WEB_HOST}:{settings.PORT}",
        f"--workers={settings.WEB_PROCESSES}",
        "--worker-class=gthread",
        f"--threads={THREADS_PER_WEB_PROCESS}",
        "--preload",  # the editing apps are 150 MB a process unless shared
        f"--limit-request-line={LONGEST_REQUEST_LINE}",
        f"--graceful-timeout={GRACE_SECONDS - 2}",
        "--no-control-socket",
        "--log-level=warning",
    ]


def worker_command() -> list[str]:
    return [
        # In a container one is often root; the pool never unpickles, so the long warning tells nothing.
        "-Wignore:You're running the worker with superuser privileges",
        "-m",
        "celery",
        "--app=portal.celery",
        "--quiet",
        "worker",
        "--pool=threads",
        f"--concurrency={settings.WORKER_SLOTS + 1}",  # one that packs leave to imports and mails
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
        "--loglevel=WARNING",
    ]


PARTS = {"web": ("the web server", web_command), "worker": ("the worker", worker_command)}


def ask_front_page() -> int:
    """Return the status of the front page, asked as a visitor's browser would."""
    host = LOOPBACK if settings.WEB_HOST in ("0.0.0.0", "::") else settings.WEB_HOST  # noqa: S104  # nosec B104  # compared, not bound
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=STARTUP_SECONDS)
    name = next(iter(settings.ALLOWED_HOSTS), host).lstrip(".")
    try:
        connection.request("GET", "/", headers={"Host": name, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status
    finally:
        connection.close()


class Command(BaseCommand):
    help = "Run the web server and the worker; Ctrl-C stops both."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=sorted(PARTS), help="Run just one of the two, on a host of its own.")

    def handle(self, *args: Any, only: str | None, **options: Any) -> None:
        self.stop_asked = False
        self._listen_for_signals()
        wanted = [only] if only else list(PARTS)
        if "web" in wanted:
            self._check_port()
            self._forget_metrics()
        children: Children = {}
        try:
            for part in wanted:
                words, command = PARTS[part]
                children[words] = start_child(command(), folder=settings.BASE_DIR)
            if "web" in wanted:
                threading.Thread(target=self._announce, daemon=True).start()
            ended = self._wait(children)
        finally:
            stop_children(children.values(), grace_seconds=GRACE_SECONDS)
        if ended:
            raise CommandError(ended)
        self._say("Stopped.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _check_port(self) -> None:
        try:
            check_port(str(settings.PORT), host=settings.WEB_HOST)
        except PortNotUsable as problem:
            raise CommandError(str(problem)) from problem

    def _forget_metrics(self) -> None:
        """Remove what the web processes of an earlier start counted: their files would grow in number for ever."""
        if settings.METRICS_FOLDER:
            for path in settings.METRICS_FOLDER.glob("*.db"):
                path.unlink(missing_ok=True)

    def _listen_for_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop_asked = True

    def _wait(self, children: Children) -> str:
        """Wait until asked to stop (answer: nothing) or a child ends (answer: which, for the log)."""
        while not self.stop_asked:
            for words, child in children.items():
                if child.poll() is not None:
                    return f"Stopped, because {words} ended (exit {child.returncode}); the lines above say why."
            time.sleep(0.2)
        return ""

    def _announce(self) -> None:
        """Say the address once the site answers there."""
        deadline = time.monotonic() + STARTUP_SECONDS
        while time.monotonic() < deadline and not self.stop_asked:
            try:
                status = ask_front_page()
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)
                continue
            if status < 500:
                self._say(f"The portal is at {settings.SITE_URL}   (Ctrl-C stops it)")
            else:
                self.stderr.write(f"The front page answers with an error ({status}); the lines above say why.")
            return
