"""What the renderer's process does for a pack (portal/briefings/child.py), saying how far it is."""

import logging
import re
import time
from pathlib import Path
from typing import Any

from portal.briefings.child import say, write_checked
from portal.briefings.rendering import TooManyPages, render_pack

PAGES_AN_ENTRY = 2.2


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
    _follow_progress(len(data["entries"]))
    say(stage="lay_out", percent=15)
    try:
        pdf = render_pack(data)
    except TooManyPages as too_long:
        say(error=str(too_long))
        return
    say(stage="check", percent=85)
    write_checked(pdf, output)
