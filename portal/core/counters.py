"""Counters that the processes of one host share without a server: the embedded shape's place for limits."""

import hashlib
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.files import locks

TIDIED_EVERY = 500


class CountersOnDisk(BaseCache):
    """A cache that only counts: a file a counter, with its end and its count, locked while it is written.

    Django's cache of files would do, at ten times the cost, and loses counts when two processes add at once.
    """

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._folder = Path(folder)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Begin a counter, unless it is running."""
        with self._counter(key, version) as file:
            if _read(file) is not None:
                return False
            _write(file, float(self.get_backend_timeout(timeout) or 0), value)
        self._tidy()
        return True

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        with self._counter(key, version) as file:
            running = _read(file)
            if running is None:
                raise ValueError(f"There is no counter “{key}”.")
            ends, count = running
            _write(file, ends, count + delta)
        return count + delta

    @contextmanager
    def _counter(self, key: str, version: int | None) -> Iterator[IO[str]]:
        name = hashlib.sha256(self.make_key(key, version=version).encode()).hexdigest()
        path = self._folder / name
        try:
            file = path.open("a+")
        except FileNotFoundError:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = path.open("a+")
        with file:
            locks.lock(file, locks.LOCK_EX)
            yield file

    def _tidy(self) -> None:
        """Take away counters that have ended, now and then: each of them was last written before its end."""
        if random.randrange(TIDIED_EVERY) == 0:  # noqa: S311  # nosec B311  # guards nothing
            for path in self._folder.iterdir():
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < time.time() - 3600:
                        path.unlink()


def _read(file: IO[str]) -> tuple[float, int] | None:
    file.seek(0)
    ends, _, count = file.read(64).partition(" ")
    return (float(ends), int(count)) if count and float(ends) > time.time() else None


def _write(file: IO[str], ends: float, count: int) -> None:
    file.seek(0)
    file.truncate()
    file.write(f"{ends} {count}")
    file.flush()
