"""Faults 9 to 18: the broker is killed, emptied, full, frozen or says everything twice; workers die or hang."""

import os
import signal
import time
from collections.abc import Callable

import psutil
import pytest
from celery import Celery

from portal.briefings.models import BriefingPack
from tests.briefings.samples import queue_pack
from tests.briefings.test_worker import SLOW_SUMMARY, files_of, wait_for
from tests.commands.processes import wait_until
from tests.factories import InnovationFactory
from tests.faults.servers import Redis
from tests.faults.site import ask_for_pack, readers, timed

pytestmark = [pytest.mark.slow, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
Repeat = Callable[[int, int], int]
RENDER_DUE = "portal.briefings.tasks.render_due"
# A sweep comes every 15 seconds where a broker rings, and a pack waits for its turn.
A_SWEEP_LATER = 90


def all_ready(packs: list[BriefingPack]) -> list[BriefingPack]:
    """Wait until each is made; each must have been made once, into one file."""
    for pack in packs:
        wait_for(pack, "ready", "failed", seconds=A_SWEEP_LATER)
        assert (pack.state, pack.error, files_of(pack)) == ("ready", "", [f"{pack.token}.pdf"])
    return packs


def test_fault_9_and_11_reads_edits_and_rows_go_on_while_the_broker_is_killed_or_full(
    redis: Redis, start_site, start_worker, writer, repeat: Repeat
):
    entry = InnovationFactory(published=True)
    site = start_site(REDIS_URL=redis.url)
    worker = start_worker(REDIS_URL=redis.url)
    writing = writer(site)

    with writing.writing(), readers(site, "/", f"/innovations/{entry.slug}/", "/catalogue/?q=app") as told:
        redis.kill()
        assert ask_for_pack(site, entry, "While it is away")[0] == 302
        time.sleep(repeat(2, 600))
        redis.start()
        redis.say("config", "set", "maxmemory", "1")
        assert ask_for_pack(site, entry, "While it is full")[0] == 302
        time.sleep(repeat(2, 60))
        redis.say("config", "set", "maxmemory", "0")

    assert {status for _, status in told} == {200}
    assert (writing.refused, writing.cut) == ([], 0)
    writing.assert_nothing_lost()
    assert len(all_ready(list(BriefingPack.objects.all()))) == 2
    assert worker.poll() is None


def test_fault_12_nobody_waits_for_a_frozen_broker(redis: Redis, start_site, writer):
    entry = InnovationFactory(published=True)
    site = start_site(REDIS_URL=redis.url)
    assert ask_for_pack(site, entry, "Before")[0] == 302
    writing = writer(site)
    assert writing.write_one() == 201

    # A page's first answer in a process is another matter: each of the two has had its own.
    assert {site.status("/") for _ in range(8)} == {200}

    redis.freeze()
    reading, status = timed(lambda: site.status("/"))
    assert (status, reading < 1) == (200, True), reading
    by_key, status = timed(writing.write_one)
    asking, asked = timed(lambda: ask_for_pack(site, entry, "Meanwhile"))
    redis.thaw()

    # A quarter of a second for each of the few questions to it; the rest is the machine's own.
    assert (status, asked[0]) == (201, 302)
    assert (by_key < 3, asking < 3) == (True, True), (by_key, asking)
    assert BriefingPack.objects.count() == 2


@pytest.mark.long
def test_fault_10_13_and_14_no_pack_is_lost_when_the_broker_is_emptied_or_restarted(
    redis: Redis, start_worker, repeat: Repeat
):
    entry = InnovationFactory(published=True)
    start_worker(REDIS_URL=redis.url)
    for number in range(repeat(1, 20)):
        redis.restart()
        begun = time.monotonic()
        all_ready([queue_pack(entry, title=f"After restart {number}")])
        assert time.monotonic() - begun < 60
    packs = [queue_pack(entry, title=f"Queued {number}") for number in range(repeat(3, 100))]
    redis.say("flushall")
    assert [pack.attempts for pack in all_ready(packs)] == [1] * len(packs)


@pytest.mark.long
def test_fault_15_and_16_messages_said_twice_or_not_understood_do_no_harm(redis: Redis, start_worker, repeat: Repeat):
    entry = InnovationFactory(published=True)
    worker = start_worker(REDIS_URL=redis.url)
    packs = [queue_pack(entry, title=f"Once {number}") for number in range(repeat(2, 20))]
    teller = Celery("teller", broker=redis.url, set_as_current=False)

    for _ in range(20):
        teller.send_task(RENDER_DUE)
    teller.send_task("portal.briefings.tasks.no_longer_there")
    teller.send_task(RENDER_DUE, args=["of", "an", "older", "release"])

    assert [pack.attempts for pack in all_ready(packs)] == [1] * len(packs)
    assert worker.is_running()
    assert worker.status() != psutil.STATUS_ZOMBIE
    all_ready([queue_pack(entry, title="And it works on")])


@pytest.mark.long
def test_fault_18_a_worker_that_hangs_loses_its_pack_and_changes_nothing_when_it_wakes(start_worker):
    pack = queue_pack(InnovationFactory(published=True, summary=SLOW_SUMMARY))
    hanging = start_worker()
    wait_for(pack, "running", stage="lay_out")
    os.killpg(hanging.pid, signal.SIGSTOP)

    start_worker()
    wait_for(pack, "ready", "failed")
    assert (pack.state, pack.attempts) == ("ready", 2)
    before = (pack.finished_at, pack.file_size)
    os.killpg(hanging.pid, signal.SIGCONT)

    assert wait_until(lambda: len(files_of(pack)) == 1, seconds=10)
    time.sleep(2)
    pack.refresh_from_db()
    assert (pack.state, pack.attempts, (pack.finished_at, pack.file_size)) == ("ready", 2, before)
    assert files_of(pack) == [f"{pack.token}.pdf"]
