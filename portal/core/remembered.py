"""Answers kept in memory until the catalogue moves on.

Each web process keeps its own. An answer is kept under the catalogue's version, so it can't
outlive what it was made from; what is asked least is dropped when the space is full.
"""

from collections.abc import Callable, Hashable
from threading import Lock

from cachetools import LRUCache

SPACE = 64_000_000
LARGEST = SPACE // 8

_answers: LRUCache[Hashable, bytes] = LRUCache(maxsize=SPACE, getsizeof=len)
_lock = Lock()


def remembered(key: Hashable, make: Callable[[], bytes]) -> bytes:
    """Return the answer kept under `key`, or make it and keep it; a very large one is only made."""
    with _lock:
        kept = _answers.get(key)
    if kept is None:
        kept = make()
        if len(kept) <= LARGEST:
            with _lock:
                _answers[key] = kept
    return kept
