"""Child processes that never outlive their parent, however it ends.

Run as a program it is the starter: it ties the process to its parent, then becomes the
command. A starter, because `preexec_fn` is not safe beside threads. Standard library only.
"""

import contextlib
import ctypes
import os
import signal
import subprocess  # nosec B404  # only lists of our own words are run
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(parent_pid: int, *, with_signal: int = signal.SIGTERM) -> None:
    """Have the kernel signal this process when its parent ends; end now if it has already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(with_signal))
    if os.getppid() != parent_pid:
        sys.exit("The process that started this one has ended.")


def start_child(arguments: Sequence[str], *, folder: Path) -> subprocess.Popen[bytes]:
    """Start Python with these arguments (`["-m", "gunicorn", ...]`) in a session of its own.

    Its own session, so that Ctrl-C reaches only the parent, which then stops it in order.
    """
    starter = [sys.executable, "-m", "portal.core.children", str(os.getpid()), sys.executable, *arguments]
    return subprocess.Popen(starter, cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True)  # nosec B603  # a list of our own words


def stop_children(children: Iterable[subprocess.Popen[bytes]], *, grace_seconds: float) -> None:
    """Ask all to end, wait so long for them together, then kill what is left of their groups."""
    children = list(children)
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + grace_seconds
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.0, deadline - time.monotonic()))
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # nosec B606  # a list of our own words
