"""Fault 60: the mail server is so slow that each mail waits until it is given up."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from portal.accounts.mail import queue_mail
from portal.accounts.models import WaitingMail
from tests.briefings.samples import queue_pack
from tests.briefings.test_worker import wait_for
from tests.commands.processes import wait_until
from tests.factories import InnovationFactory

pytestmark = [pytest.mark.slow, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
MAILS = 12


class Tarpit:
    """A mail server that takes every connection and never says a word."""

    def __init__(self, listening: socket.socket) -> None:
        self.port = listening.getsockname()[1]
        self.most_at_once = self.came = 0
        self._listening, self._open = listening, 0
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(MAILS)]
        for thread in self._threads:
            thread.start()

    def _serve(self) -> None:
        while True:
            try:
                asked, _ = self._listening.accept()
            except OSError:
                return
            self._open += 1
            self.came += 1
            self.most_at_once = max(self.most_at_once, self._open)
            with asked:
                asked.recv(1)
            self._open -= 1


@pytest.fixture
def tarpit() -> Iterator[Tarpit]:
    with closing(socket.create_server(("127.0.0.1", 0), backlog=MAILS)) as listening:
        yield Tarpit(listening)


@pytest.mark.long
def test_fault_60_a_slow_mail_server_holds_one_place_of_a_worker_and_loses_no_mail(tarpit: Tarpit, start_worker):
    for number in range(MAILS):
        queue_mail(to=f"nia{number}@example.nhs.uk", subject="Your link", text="Hello")
    start_worker(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(tarpit.port))
    assert wait_until(lambda: tarpit.came == 1, seconds=90)
    # By now beat has rung for mail again, and more than once.
    time.sleep(6)

    pack = queue_pack(InnovationFactory(published=True))
    wait_for(pack, "ready", "failed", seconds=60)

    assert pack.state == "ready"
    assert tarpit.most_at_once == 1
    attempts = list(WaitingMail.objects.values_list("attempts", flat=True))
    assert len(attempts) == MAILS
    # Each is given twenty seconds, one after another.
    assert (sum(attempts) < MAILS / 2, max(attempts)) == (True, 1)
