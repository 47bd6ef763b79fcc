"""Make one pack: run the renderer on its frozen content and act on how that ends."""

import logging
import os
import sys
from typing import Any

from django.conf import settings

from portal.briefings import runner, services, storage
from portal.briefings.models import BriefingPack

logger = logging.getLogger(__name__)

CPU_SECONDS = 120
GIGABYTE = 10**9
MEMORY_SMALL, ENTRIES_SMALL = 1 * GIGABYTE, 20
MEMORY_LARGE, ENTRIES_LARGE = 3 * GIGABYTE, 100

TOO_LONG = (
    "Laying out the pack took longer than {seconds} seconds. Make it with fewer entries, or leave out the longest one."
)
DIED = "The program that lays out the pages stopped {times} times without an answer. Try again with fewer entries."


def make_due_packs() -> int:
    """Make packs until none is due or the worker stops. Return how many were taken."""
    services.fail_exhausted_packs()
    taken = 0
    while not runner.stopping.is_set() and (pack := services.claim_due_pack()):
        make_pack(pack)
        taken += 1
    return taken


def make_pack(pack: BriefingPack) -> None:
    """Make a pack that this worker has claimed, and record how that ended.

    The same content ends the same way, so what the renderer says is final; only a death without
    a word is tried again.
    """
    making = _Making(pack)
    try:
        making.run()
    except runner.ChildStopped:
        services.give_back_pack(pack=pack)
    except runner.ChildUnwanted:
        logger.warning("Pack %s: another worker took over", pack.pk)
    except runner.ChildTookTooLong:
        services.fail_pack(pack=pack, error=TOO_LONG.format(seconds=settings.BRIEFINGS_RENDER_WALL_SECONDS))
    except runner.ChildDied as death:
        logger.warning("Pack %s: renderer died, %s", pack.pk, death)
        services.let_another_try(pack=pack, error=DIED.format(times=pack.attempts))
    except OSError as error:
        logger.exception("Pack %s: could not be stored", pack.pk)
        services.fail_pack(pack=pack, error=f"The file could not be stored ({error.strerror}). Try again later.")
    finally:
        making.unfinished.unlink(missing_ok=True)


class _Making:
    """One attempt: what the renderer has said so far, and where it writes."""

    def __init__(self, pack: BriefingPack) -> None:
        self.pack = pack
        self.unfinished = storage.unfinished_path(pack)
        self.stage: str = BriefingPack.Stage.COLLECT
        self.percent = 0
        self.answer: dict[str, Any] = {}

    def run(self) -> None:
        runner.run_child(
            self.command(), self.input(), wall_seconds=settings.BRIEFINGS_RENDER_WALL_SECONDS, watch=self.watch
        )
        if "error" in self.answer:
            services.fail_pack(pack=self.pack, error=self.answer["error"])
        elif "pages" in self.answer:
            services.finish_pack(pack=self.pack, unfinished=self.unfinished, pages=self.answer["pages"])
        else:
            raise runner.ChildDied("no answer")

    def command(self) -> list[str]:
        memory = memory_limit(self.pack.entry_count)
        arguments = [os.getpid(), memory, CPU_SECONDS, settings.BASE_DIR, self.unfinished]
        return [sys.executable, "-m", "portal.briefings.child", *map(str, arguments)]

    def input(self) -> dict[str, Any]:
        """The frozen content, and what belongs to this issue of it alone."""
        address = self.pack.data["site_address"] + self.pack.get_absolute_url()
        return {**self.pack.data, "number": self.pack.number, "address": address}

    def watch(self, message: dict[str, Any] | None) -> bool:
        """Take in a line of the renderer. A line in the same second changes only what is shown next."""
        if message and "stage" in message:
            self.stage, self.percent = message["stage"], message["percent"]
        elif message:
            self.answer = message
        return services.record_progress(pack=self.pack, stage=self.stage, percent=self.percent)


def memory_limit(entries: int) -> int:
    """Return bytes for a pack of so many entries: 1 GB up to 20, 3 GB at 100, evenly between."""
    share = max(0, entries - ENTRIES_SMALL) / (ENTRIES_LARGE - ENTRIES_SMALL)
    return int(MEMORY_SMALL + share * (MEMORY_LARGE - MEMORY_SMALL))
