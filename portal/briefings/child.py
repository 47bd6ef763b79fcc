"""The renderer's own process: limits first, then one pack in, one PDF out.

    python -m portal.briefings.child PARENT MEMORY_BYTES CPU_SECONDS PROJECT OUTPUT < pack.json

It has no database, no settings of the site and no network. Each line it prints is JSON: how far
it is, and at last `pages`, `error` or, where the file can't be written, `not_stored`.
"""

import gc
import json
import logging
import re
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portal.core.children import die_with_parent

FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec")
TOO_MUCH_MEMORY = "Laying out the pack needed more memory than a pack of this size may use. Make it with fewer entries."
BROKEN = "The pack could not be laid out ({problem}). If it fails again, tell the portal’s team the pack’s number."
NOT_ACCESSIBLE = "The finished pack failed its accessibility check: {problems}. Tell the portal’s team."
PAGES_AN_ENTRY = 2.2


def limit_this_process(*, parent: int, memory_bytes: int, cpu_seconds: int) -> None:
    """Die with the parent, and stay within memory, time and reach."""
    die_with_parent(parent, with_signal=signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: Any) -> None:
    if event in FORBIDDEN:
        raise PermissionError(f"The renderer may not use {event}.")


def say(**message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class _PagesSoFar(logging.Handler):
    """Turn WeasyPrint's progress messages into ours, at most one a second.

    It lays the pages out more than once, until the contents' page numbers hold: the percentage
    stays where it was meanwhile.
    """

    def __init__(self, entries: int) -> None:
        super().__init__()
        self.expected = 4 + entries * PAGES_AN_ENTRY
        self.percent = 15
        self.said_at = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        page = re.search(r"Page (\d+)", record.getMessage())
        if page is None or time.monotonic() - self.said_at < 1:
            return
        self.said_at = time.monotonic()
        self.percent = max(self.percent, 15 + min(50, round(50 * int(page[1]) / self.expected)))
        say(stage="lay_out", percent=self.percent)


def _follow_progress(entries: int) -> None:
    logger = logging.getLogger("weasyprint.progress")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(_PagesSoFar(entries))


def make(data: dict[str, Any], output: Path) -> None:
    """Render, check and write one pack, saying how far it is."""
    say(stage="collect", percent=5)
    from portal.briefings.rendering import TooManyPages, render_pack

    _follow_progress(len(data["entries"]))
    say(stage="lay_out", percent=15)
    try:
        pdf = render_pack(data)
    except TooManyPages as too_long:
        say(error=str(too_long))
        return
    say(stage="check", percent=85)
    write_checked(pdf, output)


def write_checked(pdf: bytes, output: Path) -> None:
    """Write a document that passes the audit; of one that doesn't, say what is wrong."""
    from portal.briefings.audit import audit

    result = audit(pdf)
    if result.problems:
        say(error=NOT_ACCESSIBLE.format(problems="; ".join(result.problems)))
        return
    try:
        output.write_bytes(pdf)
    except OSError as error:  # the storage's fault, not the document's
        say(not_stored=error.errno)
        return
    say(pages=result.pages)


def main(
    parent: str,
    memory_bytes: str,
    cpu_seconds: str,
    project: str,
    output: str,
    *,
    make: Callable[[dict[str, Any], Path], None] = make,
) -> None:
    from django.conf import settings

    limit_this_process(parent=int(parent), memory_bytes=int(memory_bytes), cpu_seconds=int(cpu_seconds))
    settings.configure(BASE_DIR=Path(project), USE_I18N=False, USE_TZ=True)
    # One short-lived process: collecting garbage would only go over live objects again and again.
    gc.disable()
    try:
        make(json.load(sys.stdin), Path(output))
    except MemoryError:
        say(error=TOO_MUCH_MEMORY)
    except Exception as problem:
        traceback.print_exc()
        say(error=BROKEN.format(problem=type(problem).__name__))


if __name__ == "__main__":
    main(*sys.argv[1:])
