"""Faults 1 and 2: the web server's processes are killed while people read and write."""

import random
import time
from collections.abc import Callable

import pytest

from tests.commands.processes import wait_until
from tests.factories import InnovationFactory
from tests.faults.site import kill, readers, timed

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_fault_1_a_web_process_is_killed_in_the_middle_of_requests(start_site, writer, repeat: Callable[..., int]):
    entry = InnovationFactory(published=True)
    site = start_site(processes=2)
    page = f"/innovations/{entry.slug}/"
    whole = len(site.ask(page)[2])
    writing = writer(site)

    with writing.writing(), readers(site, page) as told:
        for _ in range(repeat(4, 50)):
            victim = random.choice(site.workers())
            kill(victim)
            assert wait_until(lambda gone=victim: gone not in site.workers() and len(site.workers()) == 2, seconds=10)
            seconds, came_back = timed(lambda: site.answers(page))
            assert came_back
            assert seconds < 10
            time.sleep(random.random() / 5)

    # 0 is a line that was closed; an answer that came is whole, as its length was told beforehand.
    assert {status for _, status in told} <= {200, 0}
    assert len([status for _, status in told if status == 200]) > len(told) / 2
    assert len(site.ask(page)[2]) == whole
    assert set(writing.refused) == set()
    writing.assert_nothing_lost()


@pytest.mark.long
def test_fault_2_the_web_servers_first_process_is_killed_and_started_again(start_site, writer):
    InnovationFactory(published=True)
    site = start_site(processes=2)
    writing = writer(site)

    with writing.writing():
        for _ in range(2):
            assert wait_until(lambda: len(writing.acknowledged) > 1, seconds=20)
            kill(site.master())
            assert site.running.wait(seconds=20) == 1
            assert site.running.survivors() == []
            site.start()
            before = len(writing.acknowledged)
            assert wait_until(lambda before=before: len(writing.acknowledged) > before, seconds=20)

    assert "the web server ended" in site.said or site.status("/") == 200
    writing.assert_nothing_lost()
