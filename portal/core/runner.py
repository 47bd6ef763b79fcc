"""Run a piece of work in a limited process of its own, watch it, and end it with all it started."""

import json
import os
import selectors
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any

from django.conf import settings

Message = dict[str, Any]

SECONDS_BETWEEN_LOOKS = 1.0
# Such a process reads nothing but its input, so it is not handed the keys either.
NOT_FOR_THE_CHILD = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL")


class ChildFailed(Exception):
    """The child did not bring its work to an end."""


class ChildTookTooLong(ChildFailed):
    pass


class ChildDied(ChildFailed):
    """The child ended by itself, without an answer."""


class ChildStopped(ChildFailed):
    """This worker is shutting down and ended the child."""


class ChildUnwanted(ChildFailed):
    """Whoever asked for the work doesn't want it any more."""


_children: set["subprocess.Popen[bytes]"] = set()
_lock = threading.Lock()
stopping = threading.Event()


def run_child(
    command: Sequence[str], data: Any, *, wall_seconds: float, watch: Callable[[Message | None], bool]
) -> None:
    """Give `data` to the command as JSON and hand each JSON line that it prints to `watch`.

    `watch` is also called with None about once a second, and answers whether to go on. The child
    and its descendants are dead when this returns or raises a ChildFailed.
    """
    deadline = time.monotonic() + wall_seconds
    with _started(command, data) as process:
        assert process.stdout is not None  # noqa: S101 (a pipe was asked for)
        for line in _lines(process.stdout, deadline):
            if not watch(json.loads(line) if line else None):
                raise ChildUnwanted
        _check_end(process, deadline)


def _check_end(process: "subprocess.Popen[bytes]", deadline: float) -> None:
    try:
        code = process.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise ChildTookTooLong from error
    if stopping.is_set() and code:
        raise ChildStopped
    if code == -signal.SIGXCPU:
        raise ChildTookTooLong
    if code:
        raise ChildDied(f"signal {-code}" if code < 0 else f"exit code {code}")


@contextmanager
def _started(command: Sequence[str], data: Any) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {name: value for name, value in os.environ.items() if name not in NOT_FOR_THE_CHILD}
    # A file, not a pipe: a large input can't block on a child that doesn't read.
    with tempfile.TemporaryFile() as given:
        given.write(json.dumps(data).encode())
        given.seek(0)
        process = subprocess.Popen(
            command,
            stdin=given,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env=environment,
            cwd=settings.BASE_DIR,
        )
    with _lock:
        _children.add(process)
    try:
        if stopping.is_set():
            raise ChildStopped
        yield process
    finally:
        _end(process)
        with _lock:
            _children.discard(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    _kill_group(process)
    process.wait()
    if process.stdout:
        process.stdout.close()


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    # The child leads its own session, so its process id is its group's.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _lines(stream: IO[bytes], deadline: float) -> Iterator[bytes]:
    """Yield each line as it comes, and empty bytes once a second while none does."""
    unread = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ChildTookTooLong
            if not selector.select(timeout=min(left, SECONDS_BETWEEN_LOOKS)):
                yield b""
                continue
            chunk = os.read(stream.fileno(), 65536)
            if not chunk:
                return
            *lines, unread = (unread + chunk).split(b"\n")
            yield from lines


def stop_children() -> None:
    """End every child and start no more: the worker is shutting down."""
    stopping.set()
    with _lock:
        for process in _children:
            _kill_group(process)
