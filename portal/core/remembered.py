"""Answers kept in memory until the catalogue moves on.

Each web process keeps its own. An answer is kept under the catalogue's version, so it can't
outlive what it was made from; what is asked least is dropped when the space is full.
"""

from collections.abc import Callable, Hashable
from threading import Condition

from cachetools import LRUCache, cached

SPACE = 64_000_000
LARGEST = SPACE // 8


def _room_for(answer: bytes) -> int:
    """Return an answer's size; a very large one doesn't fit, so that it can't push out all others."""
    return len(answer) if len(answer) <= LARGEST else SPACE + 1


_answers: LRUCache[Hashable, bytes] = LRUCache(maxsize=SPACE, getsizeof=_room_for)


@cached(_answers, key=lambda key, make: key, condition=Condition())
def remembered(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """Return the answer kept under `key`, or make it and keep it; a very large one is only made.

    Whoever asks for it while it is being made waits for it.
    """
    return make()
