"""Answers kept in memory."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from portal.core import remembered as module
from portal.core.remembered import remembered

keys = itertools.count()


def test_an_answer_is_made_once() -> None:
    key = ("once", next(keys))
    assert [remembered(key, lambda: b"first"), remembered(key, lambda: b"second")] == [b"first", b"first"]


def test_another_version_is_made_anew() -> None:
    asked = next(keys)
    remembered((1, asked), lambda: b"old")
    assert remembered((2, asked), lambda: b"new") == b"new"


def test_a_very_large_answer_is_not_kept() -> None:
    key, large = ("large", next(keys)), b"x" * (module.LARGEST + 1)
    remembered(key, lambda: large)
    assert remembered(key, lambda: b"made again") == b"made again"


def test_an_answer_that_could_not_be_made_is_not_kept() -> None:
    key = ("failed", next(keys))
    with pytest.raises(ZeroDivisionError):
        remembered(key, lambda: bytes(1 // 0))
    assert remembered(key, lambda: b"made") == b"made"


def test_who_asks_while_it_is_made_waits_for_it() -> None:
    key, begun, may_end = ("together", next(keys)), Event(), Event()

    def make_slowly() -> bytes:
        begun.set()
        may_end.wait(timeout=10)
        return b"first"

    with ThreadPoolExecutor(2) as readers:
        first = readers.submit(remembered, key, make_slowly)
        assert begun.wait(timeout=10)
        second = readers.submit(remembered, key, lambda: b"second")
        may_end.set()
        assert [first.result(), second.result()] == [b"first", b"first"]


def test_what_is_asked_least_makes_room() -> None:
    first = ("room", next(keys))
    remembered(first, lambda: b"kept")
    for _ in range(module.SPACE // module.LARGEST + 1):
        remembered(("room", next(keys)), lambda: b"x" * module.LARGEST)
    assert remembered(first, lambda: b"made again") == b"made again"
