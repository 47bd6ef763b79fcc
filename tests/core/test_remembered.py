"""Answers kept in memory."""

import itertools

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


def test_what_is_asked_least_makes_room() -> None:
    first = ("room", next(keys))
    remembered(first, lambda: b"kept")
    for _ in range(module.SPACE // module.LARGEST + 1):
        remembered(("room", next(keys)), lambda: b"x" * module.LARGEST)
    assert remembered(first, lambda: b"made again") == b"made again"
