"""Faults 52 and 53: visitors who send or read a byte now and then, or hold a connection and say nothing."""

import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

import psutil
import pytest

from tests.factories import InnovationFactory
from tests.faults.site import timed
from tests.operations.proxy import NAME, Proxy, ask, shipped_proxy, speak_tls

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ELSEWHERE = "127.0.0.2"
"""The address that the slow ones come from: the proxy gives each address a hundred connections."""
HOST = f"Host: {NAME}\r\n"
HEAD = f"GET / HTTP/1.1\r\n{HOST}X-Slow: "
FORM = f"POST /packs/ HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n"
READ = f"GET /assets/portal/portal.css HTTP/1.1\r\n{HOST}\r\n" * 20


@pytest.fixture
def proxy(start_site: Any, checkout: Path, tmp_path: Path) -> Iterator[Proxy]:
    """The shipped proxy in front of a site of two processes, as four threads each."""
    site = start_site(processes=2, ALLOWED_HOSTS=NAME, TRUSTED_PROXIES="1")
    with shipped_proxy(checkout, tmp_path, in_front_of=site.port) as started:
        yield started


def seconds_of(proxy: Proxy, path: str, times: int = 40) -> list[float]:
    """Read a page over and over as somebody else; each answer must be one."""
    told = []
    for number in range(times):
        seconds, (status, _) = timed(lambda number=number: ask(proxy.secure, f"{path}?{number}"))
        assert status == 200
        told.append(seconds)
    return told


def p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def test_fault_52_nobody_waits_for_slow_heads_bodies_and_readers(proxy: Proxy, repeat: Callable[[int, int], int]):
    path = f"/innovations/{InnovationFactory(published=True).slug}/"
    alone = p95(seconds_of(proxy, path))
    with ExitStack() as held:
        slow = []
        for begun, how_many in ((HEAD, repeat(150, 1000)), (FORM, 45), (READ, 45)):
            for _ in range(how_many):
                visitor = held.enter_context(speak_tls(proxy.secure, source=ELSEWHERE))
                visitor.sendall(begun.encode())
                slow.append((visitor, begun))
        before = time.monotonic()
        meanwhile = []
        while len(meanwhile) < 80 and time.monotonic() - before < 8:
            for visitor, begun in slow:
                if begun != READ:
                    visitor.sendall(b"a")
            meanwhile += seconds_of(proxy, path, times=20)

    # As fast as without them, but for what this machine is busy with.
    assert p95(meanwhile) < max(1, 5 * alone), (p95(meanwhile), alone)


@contextmanager
def room_for_files(wanted: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(wanted, before[0]), before[1]), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_fault_53_thousands_of_idle_connections_take_no_place_of_anybody(
    proxy: Proxy, repeat: Callable[[int, int], int]
):
    path = f"/innovations/{InnovationFactory(published=True).slug}/"
    how_many = repeat(800, 5000)
    with room_for_files(how_many + 200), ExitStack() as held:
        for number in range(how_many):
            source = (f"127.0.1.{number % 250 + 1}", 0)
            idle = socket.create_connection(("127.0.0.1", proxy.plain), timeout=20, source_address=source)
            held.enter_context(idle)
            idle.sendall(f"GET / HTTP/1.1\r\n{HOST}\r\n".encode())
            assert idle.recv(12) == b"HTTP/1.1 308"
        alone = seconds_of(proxy, path)
        processes = [psutil.Process(proxy.process.pid), *psutil.Process(proxy.process.pid).children()]
        memory = sum(process.memory_info().rss for process in processes)

    assert p95(alone) < 1
    assert memory < 2e9
