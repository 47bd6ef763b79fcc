"""Make one pack: run the renderer on its frozen content and act on how that ends."""

import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.briefings import standing, storage, work
from portal.briefings.models import BriefingPack
from portal.briefings.renderer import renderer
from portal.core import runner
from portal.core.request_ids import done_for

logger = logging.getLogger(__name__)

CPU_SECONDS = 120
GIGABYTE = 10**9
MEMORY_SMALL, ENTRIES_SMALL = 1 * GIGABYTE, 20
MEMORY_LARGE, ENTRIES_LARGE = 3 * GIGABYTE, 100

TOO_LONG = "Laying out the pack took longer than {seconds} seconds."
DIED = "The program that lays out the pages stopped {times} times without an answer."
NOT_STORED = "The file could not be stored ({problem}). That is no fault of the pack: it is tried again by itself."

# A worker has one place more than packs may take, so that imports and mails don't wait for them.
_places = threading.BoundedSemaphore(settings.WORKER_SLOTS)
# Places for packs that take minutes: one fewer than the worker has, so that a small pack never waits for them.
_places_for_large = threading.BoundedSemaphore(max(1, settings.WORKER_SLOTS - 1))


def make_due_packs() -> int:
    """Make packs until none is due or the worker stops. Return how many were taken.

    Standing documents are seen to while nobody waits, one at a time, so that people's packs come first.
    """
    if not _places.acquire(blocking=False):
        return 0
    try:
        return _make_until_none_is_due()
    finally:
        _places.release()


def _make_until_none_is_due() -> int:
    work.fail_exhausted_packs()
    work.queue_what_may_work_now()
    taken = 0
    while not runner.stopping.is_set():
        if _make_next_pack():
            taken += 1
        elif not standing.refresh_one():
            break
    return taken


def _make_next_pack() -> bool:
    with _place_for_large() as has_place:
        pack = work.claim_due_pack(only_small=not has_place)
        if pack and pack.entry_count > settings.BRIEFINGS_SMALL_ENTRIES:
            make_pack(pack)
            return True
    if pack:
        make_pack(pack)
    return pack is not None


@contextmanager
def _place_for_large() -> Iterator[bool]:
    """Hold a place for a large pack, where one is free, while it is claimed and made."""
    has_place = _places_for_large.acquire(blocking=False)
    try:
        yield has_place
    finally:
        if has_place:
            _places_for_large.release()


def make_pack(pack: BriefingPack) -> None:
    """Make a pack that this worker has claimed, and record how that ended.

    The same content ends the same way, so what the renderer says is final; only a death without
    a word is tried again.
    """
    with done_for(pack.request_id):
        _make_pack(pack)


def _make_pack(pack: BriefingPack) -> None:
    making = _Making(pack)
    try:
        making.run()
    except runner.ChildStopped:
        work.give_back_pack(pack=pack)
    except runner.ChildUnwanted:
        logger.warning("Pack %s: stopped by its reader, or taken over by another worker", pack.pk)
    except runner.ChildTookTooLong:
        seconds = settings.BRIEFINGS_RENDER_WALL_SECONDS
        work.fail_pack(pack=pack, error=with_advice(TOO_LONG.format(seconds=seconds), pack.data))
    except runner.ChildDied as death:
        logger.warning("Pack %s: renderer died, %s", pack.pk, death)
        work.let_another_try(pack=pack, error=with_advice(DIED.format(times=pack.attempts), pack.data))
    except OSError as error:
        logger.exception("Pack %s: could not be stored", pack.pk)
        work.fail_for_now(pack=pack, error=NOT_STORED.format(problem=error.strerror or error))
    finally:
        making.tidy()


class _Making:
    """One attempt: what the renderer has said so far, and where it writes."""

    def __init__(self, pack: BriefingPack) -> None:
        self.pack = pack
        self.unfinished: Path | None = None
        self.stage: str = BriefingPack.Stage.COLLECT
        self.percent = 0
        self.answer: dict[str, Any] = {}

    def run(self) -> None:
        """Raises OSError where the storage is away or full, before anything is laid out if that can be told."""
        self.unfinished = storage.unfinished_path(self.pack)
        storage.check_room(self.unfinished.parent)
        runner.run_child(
            renderer(),
            self.order(self.unfinished),
            self.pack.document(),
            wall_seconds=settings.BRIEFINGS_RENDER_WALL_SECONDS,
            watch=self.watch,
        )
        if "not_stored" in self.answer:
            raise OSError(self.answer["not_stored"], os.strerror(self.answer["not_stored"]))
        if "error" in self.answer:
            heavy = self.answer.get("is_heavy", False)
            error = with_advice(self.answer["error"], self.pack.data) if heavy else self.answer["error"]
            work.fail_pack(pack=self.pack, error=error)
        elif "pages" in self.answer:
            work.finish_pack(pack=self.pack, unfinished=self.unfinished, pages=self.answer["pages"])
        else:
            raise runner.ChildDied("no answer")

    def tidy(self) -> None:
        if self.unfinished:
            with suppress(OSError):
                self.unfinished.unlink(missing_ok=True)

    def order(self, output: Path) -> dict[str, Any]:
        return {
            "module": "portal.briefings.laying_out",
            "memory_bytes": memory_limit(self.pack.entry_count),
            "cpu_seconds": CPU_SECONDS,
            "output": str(output),
        }

    def watch(self, message: dict[str, Any] | None) -> bool:
        """Take in a line of the renderer. A line in the same second changes only what is shown next."""
        if message and "stage" in message:
            self.stage, self.percent = message["stage"], message["percent"]
        elif message:
            self.answer = message
        return work.record_progress(pack=self.pack, stage=self.stage, percent=self.percent)


def with_advice(problem: str, data: Mapping[str, Any]) -> str:
    """Add what to do about a pack that is too heavy, naming the entry that holds most."""
    heaviest = max(data["entries"], key=lambda entry: len(json.dumps(entry)))
    if len(data["entries"]) == 1:
        return f"{problem} “{heaviest['title']}” holds more than can be laid out: tell the portal’s team."
    return f"{problem} Make it with fewer entries, first of all without the one that holds most, “{heaviest['title']}”."


def memory_limit(entries: int) -> int:
    """Return bytes for a pack of so many entries: 1 GB up to 20, 3 GB at 100, evenly between."""
    share = max(0, entries - ENTRIES_SMALL) / (ENTRIES_LARGE - ENTRIES_SMALL)
    return int(MEMORY_SMALL + share * (MEMORY_LARGE - MEMORY_SMALL))
