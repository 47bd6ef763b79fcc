"""Fault 43: a hundred large uploads at once, half of them cut half-way, behind the shipped proxy."""

import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.factories import InnovationFactory
from tests.faults.site import timed
from tests.operations.proxy import NAME, ask, shipped_proxy, speak_tls

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.django_db(transaction=True)]
UPLOADS, MEGABYTES = 100, 10
BOUNDARY = "between"
BEGINNING = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n%PDF-1.7\n'.encode()
)
END = f"\r\n--{BOUNDARY}--\r\n".encode()
MILLION = b"x" * 1_000_000
HEAD = (
    f"POST /packs/ HTTP/1.1\r\nHost: {NAME}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n"
    f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
    f"Content-Length: {len(BEGINNING) + MEGABYTES * len(MILLION) + len(END)}\r\n\r\n"
).encode()


def upload(port: int, number: int, told: list[int]) -> None:
    """Send a file from an address of one's own; every other visitor leaves in the middle."""
    with speak_tls(port, source=f"127.0.2.{number % 50 + 1}") as line:
        line.settimeout(120)
        line.sendall(HEAD + BEGINNING)
        for sent in range(MEGABYTES):
            if number % 2 and sent == MEGABYTES // 2:
                return
            line.sendall(MILLION)
        line.sendall(END)
        told.append(int(line.recv(100).split()[1]))


def memory_of(process: psutil.Process) -> int:
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))


def test_fault_43_a_hundred_large_uploads_at_once_keep_nobody_waiting_and_leave_nothing(
    start_site: Any, checkout: Path, tmp_path: Path
) -> None:
    path, temporary = f"/innovations/{InnovationFactory(published=True).slug}/", tmp_path / "temporary"
    temporary.mkdir()
    site = start_site(processes=2, ALLOWED_HOSTS=NAME, TRUSTED_PROXIES="1", TMPDIR=str(temporary))
    with shipped_proxy(checkout, tmp_path, in_front_of=site.port) as proxy:
        assert ask(proxy.secure, path)[0] == 200
        before, most, told, waited = memory_of(site.master()), 0, [], []  # type: ignore[var-annotated]
        sending = [threading.Thread(target=upload, args=(proxy.secure, number, told)) for number in range(UPLOADS)]
        for thread in sending:
            thread.start()
        while any(thread.is_alive() for thread in sending):
            seconds, (status, _) = timed(lambda: ask(proxy.secure, path))
            assert status == 200
            waited.append(seconds)
            most = max(most, memory_of(site.master()))
        left = [file for file in (temporary, tmp_path / "client_body") for file in file.rglob("*") if file.is_file()]

    assert len(told) == UPLOADS // 2
    assert all(status < 500 for status in told), told
    assert max(waited) < 10, waited
    assert most - before < 150e6, f"{before / 1e6:.0f} MB grew to {most / 1e6:.0f}"
    assert left == []
