"""Mail that waits for the worker, and passwords known from breaches."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.accounts import passwords
from portal.accounts.mail import queue_mail, send_due
from portal.accounts.models import WaitingMail
from portal.accounts.passwords import NotStolen

STOLEN = "quokka ladder violet tram"


@pytest.fixture
def one_mail(db: None) -> WaitingMail:
    queue_mail(to="nia@example.nhs.uk", subject="Two\nlines", text="Hello", headers={"X-Test": "1"})
    return WaitingMail.objects.get()


def test_a_mail_is_sent_once_and_its_row_is_gone(one_mail: WaitingMail) -> None:
    now = timezone.now()
    assert (send_due(now=now), send_due(now=now)) == (1, 0)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body, sent.extra_headers) == (
        ["nia@example.nhs.uk"],
        "Two lines",
        "Hello",
        {"X-Test": "1"},
    )
    assert not WaitingMail.objects.exists()


def test_two_workers_do_not_send_the_same_mail(one_mail: WaitingMail, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looks while the first is sending."""
    now, second = timezone.now(), []

    def send(self: Any) -> int:
        second.append(send_due(now=now))
        return 1

    monkeypatch.setattr("portal.accounts.mail.EmailMessage.send", send)
    assert send_due(now=now) == 1
    assert second == [0]


def test_a_mail_that_can_not_be_sent_is_tried_again_and_at_last_given_up(
    one_mail: WaitingMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any) -> int:
        raise SMTPServerDisconnected

    now = timezone.now()
    with monkeypatch.context() as away:
        away.setattr("portal.accounts.mail.EmailMessage.send", fail)
        assert send_due(now=now) == 0
        assert send_due(now=now + timedelta(seconds=30)) == 0
        assert WaitingMail.objects.get().attempts == 1
    assert send_due(now=now + timedelta(minutes=2)) == 1
    queue_mail(to="nia@example.nhs.uk", subject="x", text="y")
    monkeypatch.setattr("portal.accounts.mail.EmailMessage.send", fail)
    for day in range(1, 9):
        send_due(now=now + timedelta(days=day))
    assert not WaitingMail.objects.exists()


class _Range(BaseHTTPRequestHandler):
    """Answers as the list of stolen passwords does: the rest of each hash, and how often it was seen."""

    def do_GET(self) -> None:
        rest = hashlib.sha1(STOLEN.encode(), usedforsecurity=False).hexdigest().upper()[5:]
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{'0' * 35}:0\r\n{rest}:3\r\n".encode())

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def list_of_stolen(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    server = HTTPServer(("127.0.0.1", 0), _Range)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.OUTGOING, settings.OUTGOING_ALLOW = True, [f"127.0.0.1:{server.server_port}"]
    monkeypatch.setattr(passwords, "RANGE", f"http://127.0.0.1:{server.server_port}/range/")
    yield server
    server.shutdown()
    server.server_close()


def test_a_stolen_password_is_refused_and_only_five_letters_of_its_hash_leave(list_of_stolen: Any) -> None:
    with pytest.raises(ValidationError, match="stolen"):
        NotStolen().validate(STOLEN)
    NotStolen().validate("walnut cathedral nine bicycles")
    assert [len(path.removeprefix("/range/")) for path in list_of_stolen.asked] == [5, 5]


def test_where_nothing_is_asked_or_nothing_answers_the_password_is_taken(list_of_stolen: Any, settings: Any) -> None:
    settings.OUTGOING = False
    NotStolen().validate(STOLEN)
    assert list_of_stolen.asked == []
    settings.OUTGOING, settings.OUTGOING_ALLOW = True, []
    NotStolen().validate(STOLEN)
    assert list_of_stolen.asked == []
