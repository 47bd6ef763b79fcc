"""Run a piece of work in a limited process of its own, watch it, and end it with all it started."""

import json
import os
import re
import selectors
import signal
import subprocess  # nosec B404  # only lists of our own words are run
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any

from django.conf import settings

Message = dict[str, Any]
Process = subprocess.Popen[bytes]
Watch = Callable[[Message | None], bool]

SECONDS_BETWEEN_LOOKS = 1.0
# Where programs, libraries, fonts and room are. Such a process reads nothing but its input, so no setting of the site
# is handed to it, nor what else stands beside them: a database's password, the keys of a cloud.
FOR_THE_CHILD = re.compile(r"PATH|HOME|TMPDIR|TZ|LANG|(LC|LD|XDG|FONTCONFIG|MALLOC|COVERAGE)_\w+|PYTHON\w+")


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


_children: set[Process] = set()
_idle: dict[tuple[str, ...], list[Process]] = defaultdict(list)
_lock = threading.Lock()
_stays_warm = threading.Event()
stopping = threading.Event()


def stay_warm() -> None:
    """Keep a child that has made its document for the next one, as a worker does: it has its libraries loaded."""
    _stays_warm.set()


def run_child(
    command: Sequence[str], order: Mapping[str, Any], data: Any, *, wall_seconds: float, watch: Watch
) -> None:
    """Give the command an order, with `data` in a file, and hand each JSON line that it prints to `watch`.

    `watch` is also called with None about once a second, and answers whether to go on. Whatever worked
    on the order is dead when this returns or raises a ChildFailed.
    """
    deadline = time.monotonic() + wall_seconds
    with _given(data) as path, _running(tuple(command)) as process:
        _tell(process, {**order, "data": path})
        code = _watched(process, watch, deadline)
        if stopping.is_set() and code:
            raise ChildStopped
        if code == -signal.SIGXCPU:
            raise ChildTookTooLong
        if code:
            raise ChildDied(f"signal {-code}" if code < 0 else f"exit code {code}")


@contextmanager
def _given(data: Any) -> Iterator[str]:
    """Write data to a file that goes with this process, and return the path by which a child finds it.

    A file, not a pipe: a large input can't block on a child that doesn't read.
    """
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(data).encode())
        file.flush()
        yield f"/proc/{os.getpid()}/fd/{file.fileno()}"


def _tell(process: Process, order: Mapping[str, Any]) -> None:
    assert process.stdin is not None  # noqa: S101  # nosec B101  # a pipe was asked for
    with suppress(BrokenPipeError):  # it has ended: its exit code says how
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()


def _watched(process: Process, watch: Watch, deadline: float) -> int:
    """Hand on what the child says until it has ended its work; return the exit code."""
    assert process.stdout is not None  # noqa: S101  # nosec B101  # a pipe was asked for
    for line in _lines(process.stdout, deadline):
        message = json.loads(line) if line else None
        if isinstance(message, dict) and "ended" in message:
            return int(message["ended"])
        if not watch(message):
            raise ChildUnwanted
    try:
        return process.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise ChildTookTooLong from error


# --- processes ------------------------------------------------------------------------------


@contextmanager
def _running(command: tuple[str, ...]) -> Iterator[Process]:
    """Take an idle child of this command or start one; at a good end it is idle again, where children are kept."""
    process = _taken(command)
    is_kept = False
    try:
        if stopping.is_set():
            raise ChildStopped
        yield process
        is_kept = _stays_warm.is_set() and process.poll() is None
    finally:
        with _lock:
            if is_kept:
                _idle[command].append(process)
        if not is_kept:
            _end(process)


def _taken(command: tuple[str, ...]) -> Process:
    while True:
        with _lock:
            process = _idle[command].pop() if _idle[command] else None
        if process is None:
            return _started(command)
        if process.poll() is None:
            return process
        _end(process)


def _started(command: tuple[str, ...]) -> Process:
    environment = {name: value for name, value in os.environ.items() if FOR_THE_CHILD.fullmatch(name)}
    pipe = subprocess.PIPE
    process = subprocess.Popen(  # nosec B603  # a list of our own words
        command, stdin=pipe, stdout=pipe, start_new_session=True, env=environment, cwd=settings.BASE_DIR
    )
    with _lock:
        _children.add(process)
    return process


def _end(process: Process) -> None:
    _kill_group(process)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            with suppress(BrokenPipeError):
                stream.close()
    with _lock:
        _children.discard(process)


def _kill_group(process: Process) -> None:
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


def end_idle() -> None:
    """End the children that wait for a next document."""
    with _lock:
        waiting = [process for processes in _idle.values() for process in processes]
        _idle.clear()
    for process in waiting:
        _end(process)


def stop_children() -> None:
    """End every child and start no more: the worker is shutting down."""
    stopping.set()
    with _lock:
        for process in _children:
            _kill_group(process)
