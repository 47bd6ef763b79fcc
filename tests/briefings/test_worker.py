"""A real worker on a real database: no pack is lost when it dies, none is made twice.

Run with DATABASE_URL and REDIS_URL set, the same tests hold for the production shape.
"""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.utils import timezone

from portal.briefings.models import BriefingPack
from portal.briefings.services import stop_pack
from tests.briefings.dying import STEPS
from tests.briefings.samples import queue_pack
from tests.factories import InnovationFactory

pytestmark = [pytest.mark.worker, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# One word this long keeps the layout busy for some seconds.
SLOW_SUMMARY = "w" * 9_000


def wait_for(pack: BriefingPack, *states: str, stage: str = "", seconds: float = 90) -> BriefingPack:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pack.refresh_from_db()
        if pack.state in states and (not stage or pack.stage == stage):
            return pack
        time.sleep(0.1)
    raise AssertionError(f"After {seconds} s the pack is {pack.state}, {pack.stage}, attempt {pack.attempts}.")


def files_of(pack: BriefingPack) -> list[str]:
    return sorted(path.name for path in (Path(settings.MEDIA_ROOT) / "packs").glob(f"{pack.token}*"))


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def wait_until_gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=5)
    return all(is_gone(process) for process in alive)


def slow_pack() -> BriefingPack:
    return queue_pack(InnovationFactory(published=True, summary=SLOW_SUMMARY))


def test_a_pack_outlives_its_worker_and_is_made_once(start_worker):
    pack = slow_pack()
    worker = start_worker()
    wait_for(pack, "running", stage="lay_out")
    renderers = worker.children(recursive=True)
    assert renderers

    os.killpg(worker.pid, signal.SIGKILL)

    assert wait_until_gone(renderers)
    pack.refresh_from_db()
    assert (pack.state, pack.attempts) == ("running", 1)
    start_worker()
    wait_for(pack, "ready", "failed")
    assert (pack.state, pack.attempts, pack.error) == ("ready", 2, "")
    assert files_of(pack) == [f"{pack.token}.pdf"]


def test_workers_killed_at_every_step_lose_no_pack_and_leave_no_half_file(start_worker):
    packs = []
    for step in STEPS:
        packs.append(queue_pack(title=step))
        dying = start_worker(dies_after=step, RENDER_LEASE_SECONDS="3600")
        assert dying.wait(timeout=60) == -signal.SIGKILL, step
    assert set(BriefingPack.objects.values_list("state", "attempts")) == {("running", 1)}
    BriefingPack.objects.update(lease_until=timezone.now())
    start_worker()
    for pack in packs:
        wait_for(pack, "ready", "failed")
        assert (pack.state, pack.attempts, pack.error) == ("ready", 2, ""), pack.title
        assert files_of(pack) == [f"{pack.token}.pdf"]
        assert Path(pack.file.path).read_bytes().startswith(b"%PDF-")


def test_a_pack_that_is_stopped_ends_its_renderer_within_seconds(start_worker):
    pack = slow_pack()
    worker = start_worker()
    wait_for(pack, "running", stage="lay_out")
    renderers = worker.children(recursive=True)
    assert stop_pack(pack=pack, keys=["me"])
    assert wait_until_gone(renderers)
    pack.refresh_from_db()
    assert (pack.state, files_of(pack)) == ("cancelled", [])


def test_a_worker_told_to_stop_leaves_no_child_and_no_half_pack(start_worker):
    pack = slow_pack()
    worker = start_worker()
    wait_for(pack, "running", stage="lay_out")
    renderers = worker.children(recursive=True)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=20) == 0
    assert wait_until_gone(renderers)
    pack.refresh_from_db()
    assert (pack.state, pack.attempts, pack.lease) == ("queued", 0, None)
    assert files_of(pack) == []


def test_packs_that_waited_while_no_worker_ran_are_made_once_each_by_two(start_worker):
    entry = InnovationFactory(published=True)
    packs = [queue_pack(entry, title=f"Options {number}") for number in range(6)]
    start_worker()
    start_worker()
    for pack in packs:
        wait_for(pack, "ready", "failed")
    assert [(pack.state, pack.attempts) for pack in packs] == [("ready", 1)] * 6
