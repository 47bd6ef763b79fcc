"""Make briefs while somebody waits: in a limited child, few at once, each content once (ADR 0012).

A brief is worked out from what is published, so its file is all there is of it: one that is lost is
made again. Locks of the kernel go with the process that holds them.
"""

import fcntl
import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.briefings import storage
from portal.briefings.brief.content import hash_of
from portal.briefings.renderer import renderer
from portal.core import runner

logger = logging.getLogger(__name__)

FOLDER = "briefs"
SLOTS = 2
"""Made at once on one host."""
WAITING = 2
"""Requests of one process that make a brief or wait for their turn; the other threads go on serving pages."""
SECONDS_FOR_A_TURN = 10
CPU_SECONDS = 15
MEMORY_BYTES = 10**9
FAILED_FOR_SECONDS = 600


class BriefNotMade(Exception):
    """There is no brief to hand out now; the text says what to do."""


class BriefBusy(BriefNotMade):
    """Others are being made. It comes if asked for again."""

    def __init__(self) -> None:
        super().__init__("Other briefs are being made just now. Ask for it again in half a minute.")


class BriefFailed(BriefNotMade):
    def __init__(self) -> None:
        super().__init__(
            "The brief could not be laid out, and that has been noted. Everything it would say is on the entry’s page. "
            "Try again in ten minutes; if it fails again, tell the portal’s team."
        )


_threads = threading.BoundedSemaphore(WAITING)


def kept_brief(data: dict[str, Any], *, entry: int) -> Path:
    """Return the file of a published entry's brief, made if this content has none. Raises BriefNotMade."""
    folder, stem = storage.folder_for(FOLDER), f"{entry}-{hash_of(data)}"
    final, failed = folder / f"{stem}.pdf", folder / f"{stem}.failed"
    if final.exists():
        return final
    if _is_recent(failed):
        raise BriefFailed
    with _turn(stem):
        if not final.exists():  # whoever had the turn before may have made it
            try:
                _make_and_keep(data, final)
            except BriefFailed:
                failed.touch()
                raise
            _remove(path for path in folder.glob(f"{entry}-*") if path != final)
    return final


def brief_once(data: dict[str, Any]) -> bytes:
    """Return a brief that is kept nowhere: a draft's. Raises BriefNotMade."""
    with _turn(hash_of(data)), _storing("a draft"), tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "brief.pdf"
        _make(data, output)
        return output.read_bytes()


def _make_and_keep(data: dict[str, Any], final: Path) -> None:
    unfinished = final.with_suffix(f".{os.getpid()}-{threading.get_ident()}{storage.UNFINISHED}")
    try:
        with _storing(final.name):
            _make(data, unfinished)
            storage.put_in_place(unfinished, final)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


@contextmanager
def _storing(name: str) -> Iterator[None]:
    """Say of a full or absent disk what a reader can do: that is no fault of the document."""
    try:
        yield
    except OSError as error:
        logger.exception("Brief of %s: could not be stored", name)
        raise BriefNotMade("The brief could not be stored just now. Try again later.") from error


def _make(data: dict[str, Any], output: Path) -> None:
    answer: dict[str, Any] = {}

    def watch(message: dict[str, Any] | None) -> bool:
        answer.update(message or {})
        return True

    order = {
        "module": "portal.briefings.brief.laying_out",
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": CPU_SECONDS,
        "output": str(output),
    }
    try:
        runner.run_child(renderer(), order, data, wall_seconds=settings.BRIEFINGS_BRIEF_WALL_SECONDS, watch=watch)
    except runner.ChildFailed as failure:
        answer["error"] = f"{type(failure).__name__} {failure}"
    if "not_stored" in answer:
        raise OSError(answer["not_stored"], os.strerror(answer["not_stored"]))
    if "pages" not in answer:
        logger.error("Brief of “%s”: %s", data["title"], answer.get("error", "no answer"))
        raise BriefFailed


@contextmanager
def _turn(key: str) -> Iterator[None]:
    """Hold one of the host's places for making briefs. The same content always has the same place, so it is made once.

    Raises BriefBusy where that takes too long.
    """
    if not _threads.acquire(blocking=False):
        raise BriefBusy
    try:
        number = sum(key.encode()) % SLOTS
        with (storage.folder_for(FOLDER) / f"place-{number}.lock").open("w") as place:
            _lock(place.fileno())
            yield
    finally:
        _threads.release()


def _lock(place: int) -> None:
    until = time.monotonic() + SECONDS_FOR_A_TURN
    while True:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise BriefBusy from None
            time.sleep(0.05)
        else:
            return


def _is_recent(mark: Path) -> bool:
    with suppress(FileNotFoundError):
        return time.time() - mark.stat().st_mtime < FAILED_FOR_SECONDS
    return False


def _remove(paths: Iterable[Path]) -> int:
    paths = list(paths)
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def remove_old_briefs() -> int:
    """Remove files that were made longer ago than packs are kept: of entries gone, or made again when asked for."""
    before = time.time() - settings.BRIEFINGS_KEEP_DAYS * 24 * 3600
    files = (path for path in storage.folder_for(FOLDER).iterdir() if path.suffix != ".lock")
    return _remove(path for path in files if path.stat().st_mtime < before)
