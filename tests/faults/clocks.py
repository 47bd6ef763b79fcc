"""A host whose clock a test sets, in a process of its own; no other process notices.

python -m tests.faults.clocks does what each line of its input says, and answers with one line. It never sleeps: the
library that stands between a process and its clock has no sleep by the monotonic one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

A_LITTLE = 5
"""Seconds by which a moment is over when somebody looks: clocks are set to whole ones."""


class Host:
    def __init__(self, process: "subprocess.Popen[str]", clock: Path) -> None:
        self._process, self._clock = process, clock

    def set_clock(self, *, seconds: float = 0, to: datetime | None = None) -> None:
        """Move the clock by so many seconds from what it is, or to a moment, from which it goes on."""
        ahead = (to - datetime.now(UTC)).total_seconds() + A_LITTLE if to else seconds
        self._clock.write_text(f"{ahead:+.0f}")

    def do(self, action: str, **given: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([action, given]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def host(folder: Path, *, environment: dict[str, str], checkout: Path) -> Iterator[Host]:
    [library] = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    clock = folder / "clock"
    clock.write_text("+0")
    fake = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
    fake |= {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command, pipes = (
        [sys.executable, "-m", "tests.faults.clocks"],
        {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE},
    )
    with subprocess.Popen(command, cwd=checkout, env={**environment, **fake}, text=True, **pipes) as process:  # type: ignore[call-overload]
        yield Host(process, clock)
        process.stdin.close()


def ask(method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Answer a request as a web process of this host; told are its status and its ETag."""
    from django.test import Client

    given = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = json.dumps(body).encode() if body is not None else b""
    answer = Client(SERVER_NAME="localhost").generic(method, path, sent, "application/json", headers=given)
    return answer.status_code, answer.headers.get("ETag", "")


def publish() -> Any:
    """Publish what is due, as the worker does; told are how many, and the hour it is."""
    from django.utils import timezone

    from portal.core.clock import shared_now
    from portal.editing.schedule import publish_due

    return publish_due(now=shared_now()), f"{timezone.localtime():%H:%M}"


def claim() -> Any:
    """Take a pack that is due, as the worker does."""
    from portal.briefings.work import claim_due_pack

    pack = claim_due_pack()
    return pack.pk if pack else None


def main() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        action, given = json.loads(line)
        print(json.dumps({"ask": ask, "publish": publish, "claim": claim}[action](**given)), flush=True)  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    main()
