"""Whose pack is made next: fair to everyone, small ones never behind large ones, none forgotten."""

import errno
import itertools
import os
import shutil
import threading
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from portal.briefings import making, services, storage, work
from portal.briefings.models import BriefingPack, PackEntry
from tests.briefings.samples import after, queue_pack
from tests.factories import BriefingPackFactory

pytestmark = pytest.mark.django_db
State = BriefingPack.State


def claims(how_many: int, **how) -> list[str]:
    taken = [work.claim_due_pack(**how) for _ in range(how_many)]
    return [pack.asked_by for pack in taken if pack]


def sized(entries: int, **fields) -> BriefingPack:
    pack = BriefingPackFactory(**fields)
    PackEntry.objects.bulk_create(
        PackEntry(pack=pack, entry=None, position=number, entry_version=1) for number in range(1, entries + 1)
    )
    return pack


# --- fair turns -----------------------------------------------------------------------------


def test_one_pack_of_another_comes_second_behind_two_hundred_of_one():
    BriefingPackFactory.create_batch(200, asked_by="many")
    BriefingPackFactory(asked_by="one")
    assert claims(3) == ["many", "one", "many"]


def test_turns_go_round_and_each_keeps_their_own_order():
    packs = {(who, number): BriefingPackFactory(asked_by=who) for who in ("a", "b", "c") for number in (1, 2)}
    taken = [work.claim_due_pack() for _ in range(6)]
    assert taken == [packs[who, number] for number in (1, 2) for who in ("a", "b", "c")]


def finish(pack: BriefingPack) -> None:
    BriefingPack.objects.filter(pk=pack.pk).update(
        state=State.FAILED, error="Done.", finished_at=timezone.now(), lease=None, lease_until=None
    )


def test_who_asks_for_many_does_not_begin_anew_with_each_that_is_made():
    BriefingPackFactory.create_batch(3, asked_by="many")
    finish(work.claim_due_pack())
    BriefingPackFactory.create_batch(2, asked_by="one")
    order = []
    while pack := work.claim_due_pack():
        order.append(pack.asked_by)
        finish(pack)
    assert order == ["one", "many", "one", "many"]


def test_packs_that_were_stopped_cost_nobody_their_turn():
    packs = BriefingPackFactory.create_batch(3, asked_by="many")
    BriefingPackFactory.create_batch(2, asked_by="one")
    for pack in packs[:2]:
        services.stop_pack(pack=pack, keys=["many"])
    assert claims(3) == ["many", "one", "one"]


@pytest.mark.slow
def test_two_hundred_packs_drain_in_turns_each_once():
    """One of the seven has as many as the others together, and keeps nobody waiting with them."""
    askers = ["greedy" if number % 2 else f"person-{number % 12}" for number in range(200)]
    packs = [BriefingPackFactory(asked_by=asker) for asker in askers]
    taken = []
    while pack := work.claim_due_pack():
        finish(pack)
        taken.append(pack)
    assert sorted(pack.pk for pack in taken) == [pack.pk for pack in packs]
    of_one = [number for number, pack in enumerate(taken) if pack.asked_by == "person-2"]
    assert all(later - earlier <= len(set(askers)) for earlier, later in itertools.pairwise(of_one))
    assert {pack.asked_by for pack in taken[-60:]} == {"greedy"}
    for asker in set(askers):
        own = [pack.pk for pack in taken if pack.asked_by == asker]
        assert own == sorted(own)


def test_standing_packs_wait_until_nobody_else_does():
    BriefingPackFactory(standing="theme/retention")
    BriefingPackFactory(asked_by="someone")
    assert claims(2) == ["someone", ""]


def test_a_pack_says_how_many_are_made_before_it_in_the_order_of_turns(client):
    BriefingPackFactory.create_batch(5, asked_by="many")
    mine = BriefingPackFactory(asked_by="me")
    assert client.get(mine.get_absolute_url()).context["waiting"] == 1


# --- small and large ------------------------------------------------------------------------


def test_a_place_for_small_packs_takes_none_of_a_hundred_entries(settings):
    large, small = sized(100), sized(settings.BRIEFINGS_SMALL_ENTRIES)
    assert work.claim_due_pack(only_small=True) == small
    assert work.claim_due_pack(only_small=True) is None
    assert work.claim_due_pack() == large


@pytest.fixture
def made(monkeypatch, settings):
    """The sizes of the packs that a worker makes, while another of its places makes a large one."""
    sizes: list[int] = []
    monkeypatch.setattr(making, "_places_for_large", threading.BoundedSemaphore(1))
    monkeypatch.setattr(making, "make_pack", lambda pack: sizes.append(pack.pack_entries.count()))
    return sizes


def test_while_a_large_pack_is_made_the_other_place_goes_on_with_small_ones(made):
    for size in (100, 1, 100, 2):
        sized(size)
    with making._place_for_large():
        assert making.make_due_packs() == 2
    assert made == [1, 2]
    making.make_due_packs()
    assert made == [1, 2, 100, 100]


def test_a_worker_always_has_two_places():
    assert settings.WORKER_SLOTS >= 2


# --- stopped --------------------------------------------------------------------------------


def test_a_stopped_pack_is_not_claimed_and_its_maker_notices():
    BriefingPackFactory(asked_by="me")
    pack = work.claim_due_pack()
    assert services.stop_pack(pack=pack, keys=["me"])
    assert not work.record_progress(pack=pack, stage="check", percent=80)
    pack.refresh_from_db()
    assert (pack.state, pack.lease) == (State.CANCELLED, None)
    assert work.claim_due_pack() is None


def test_a_stopped_pack_is_made_after_all():
    pack = BriefingPackFactory()
    services.stop_pack(pack=pack, keys=["me"])
    services.retry_pack(pack=pack)
    assert work.claim_due_pack() == pack


def test_a_pack_that_is_ready_can_not_be_stopped():
    pack = BriefingPackFactory(ready=True)
    assert not services.stop_pack(pack=pack, keys=["me"])


# --- the disk is full, the storage is away --------------------------------------------------

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def full_disk(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 0))


def claimed() -> BriefingPack:
    BriefingPackFactory()
    pack = work.claim_due_pack()
    assert pack is not None
    return pack


def test_a_full_disk_fails_the_pack_before_it_is_laid_out_and_says_when_it_is_tried_again(full_disk, client):
    pack = after(claimed())
    assert pack.state == State.FAILED
    assert "No space left on device" in pack.error
    assert pack.retry_at > timezone.now()
    assert f"Next try: {timezone.localtime(pack.retry_at):%H:%M}" in client.get(pack.get_absolute_url()).text


def test_storage_that_is_away_fails_the_pack_for_now(monkeypatch):
    def away(*args):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(storage, "folder_for", away)
    pack = after(claimed())
    assert (pack.state, "Input/output error" in pack.error, pack.retry_at is None) == (State.FAILED, True, False)


def test_what_failed_for_want_of_room_is_queued_again_when_its_time_has_come(full_disk):
    pack = after(claimed())
    assert work.queue_what_may_work_now() == 0
    BriefingPack.objects.update(retry_at=timezone.now())
    assert work.queue_what_may_work_now() == 1
    pack.refresh_from_db()
    assert (pack.state, pack.attempts, pack.retry_at, pack.error) == (State.QUEUED, 0, None, "")


def test_after_a_day_without_room_the_person_decides(full_disk):
    pack = claimed()
    BriefingPack.objects.update(created_at=timezone.now() - timedelta(days=2))
    pack.refresh_from_db()
    assert after(pack).retry_at is None


def test_what_was_asked_for_anew_meanwhile_is_not_queued_twice():
    failed = BriefingPackFactory(failed=True, retry_at=timezone.now())
    BriefingPackFactory(content_hash=failed.content_hash)
    assert work.queue_what_may_work_now() == 0
    failed.refresh_from_db()
    assert (failed.state, failed.retry_at) == (State.FAILED, None)


def test_a_file_that_can_not_be_read_is_not_called_lost_while_the_storage_is_away(client):
    pack = BriefingPackFactory(ready=True)
    folder = storage.folder_for("packs")
    aside = folder.rename(folder.with_name("away"))
    try:
        answer = client.get(f"{pack.get_absolute_url()}{pack.file_stem}.pdf")
    finally:
        aside.rename(folder)
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    pack.refresh_from_db()
    assert pack.state == State.READY


@pytest.mark.slow
def test_a_disk_that_fills_up_while_the_file_is_written_is_no_fault_of_the_content(monkeypatch):
    """/dev/full takes no byte: the renderer's own process meets the full disk."""
    queue_pack()
    pack = work.claim_due_pack()
    monkeypatch.setattr(storage, "unfinished_path", lambda pack: Path("/dev/full"))
    monkeypatch.setattr(making._Making, "tidy", lambda self: None)
    pack = after(pack)
    assert (pack.state, pack.retry_at is None) == (State.FAILED, False)
    assert "No space left on device" in pack.error


def test_packs_leave_a_place_to_other_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """While each of the places for packs is taken, another ring does nothing: an import finds a thread free."""
    asked: list[str] = []
    monkeypatch.setattr(making.work, "fail_exhausted_packs", lambda: asked.append("looked"))
    for _ in range(settings.WORKER_SLOTS):
        assert making._places.acquire(blocking=False)
    try:
        assert making.make_due_packs() == 0
    finally:
        making._places.release(settings.WORKER_SLOTS)
    assert not asked
