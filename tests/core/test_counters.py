"""Counters on disk: one count for all who add, an end, and nothing left of those that are over."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.core import counters
from portal.core.counters import CountersOnDisk


@pytest.fixture
def counting(tmp_path: Path) -> CountersOnDisk:
    return CountersOnDisk(str(tmp_path / "counters"), {})


def test_no_count_is_lost_when_several_add_at_once(counting: CountersOnDisk) -> None:
    assert counting.add("caller", 0, 60)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: counting.incr("caller"), range(100)))
    assert counting.incr("caller") == 101
    assert not counting.add("caller", 0, 60)


def test_a_counter_ends_and_begins_anew(counting: CountersOnDisk) -> None:
    with pytest.raises(ValueError, match="no counter"):
        counting.incr("caller")
    assert counting.add("caller", 5, -1)
    with pytest.raises(ValueError, match="no counter"):
        counting.incr("caller")
    assert counting.add("caller", 1, 60)
    assert counting.incr("caller") == 2


def test_old_counters_are_taken_away(counting: CountersOnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "TIDIED_EVERY", 1)
    counting.add("old", 1, 60)
    (old,) = (tmp_path / "counters").iterdir()
    os.utime(old, (0, 0))
    counting.add("new", 1, 60)
    assert old not in list((tmp_path / "counters").iterdir())
    assert counting.incr("new") == 2
