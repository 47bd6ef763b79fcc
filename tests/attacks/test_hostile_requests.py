"""Whatever is sent, an answer comes: soon, under every header, without a word of a draft or of our insides.

HOSTILE_REQUESTS=10000 sends so many; the usual run sends a few of each seed.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction

from tests.addresses import every_route
from tests.attacks.hostile import Hostile, Hostility
from tests.attacks.site import EDITING, Site
from tests.editing.conftest import SECRET

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SEEDS = [1, 2, 3, 4, 5]
HOW_MANY = int(os.environ.get("HOSTILE_REQUESTS", "400"))
LONGEST_SECONDS = 5
OF_OUR_INSIDES = (
    b"Traceback (most recent",
    b"site-packages",
    b"django.db",
    b"SECRET_KEY",
    b"OperationalError",
    b"psycopg",
)
ALWAYS = {
    *("content-security-policy", "x-frame-options", "x-content-type-options", "referrer-policy", "permissions-policy"),
    *("cross-origin-opener-policy", "cross-origin-resource-policy"),
}


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


@contextmanager
def connections_kept() -> Iterator[None]:
    """The handler ends each request with the database; here it is the test's."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def ask(handler: Callable[..., Any], request: Hostile) -> Answer:
    told: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        told.update(status=int(status.split()[0]), headers=headers)

    parts = handler(request.environ, start_response)
    body = b"".join(parts)
    parts.close()
    return Answer(told["status"], told["headers"], body)


def problems_of(answer: Answer, seconds: float, *, drafts: bool) -> list[str]:
    names = {name.lower() for name, _ in answer.headers}
    found = []
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        found.append(f"status {answer.status}")
    if seconds > LONGEST_SECONDS:
        found.append(f"{seconds:.1f} s")
    if missing := ALWAYS - names:
        found.append(f"without {missing}")
    if any({"\r", "\n", "\x00"} & set(name + value) for name, value in answer.headers) or "x-evil" in names:
        found.append("a header of the sender's")
    if not drafts and SECRET.encode() in answer.body:
        found.append("a draft's word")
    found += [f"{word!r}" for word in OF_OUR_INSIDES if word in answer.body]
    location = dict(answer.headers).get("Location", "/")
    if not location.startswith("/") or location.startswith(("//", "/\\")):
        found.append(f"leads to {location}")
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_hostile_requests_are_answered(site: Site, seed: int) -> None:
    handler = WSGIHandler()
    for entry in ("/innovations/bank/", "/case-studies/shared-bank/"):
        site.client().get(f"{entry}brief.pdf")  # made at publication; making one has a limit of its own
    addresses = [site.address_of(route) for route in every_route()]
    ours = [address for address in addresses if not address.startswith(EDITING)]
    some_of_editing = [address for address in addresses if address.startswith(EDITING)][::6]
    session = site.client(site.reviewer).cookies["sessionid"].value
    problems, statuses, editing = [], set(), set()
    with connections_kept():
        hostility = Hostility(seed, ours + some_of_editing).requests(HOW_MANY // len(SEEDS))
        for number, request in enumerate(hostility):
            if is_inside := number % 3 == 0:  # as an editor, and as a network's system
                request.environ["HTTP_COOKIE"] = f"sessionid={session}"
                request.environ["HTTP_AUTHORIZATION"] = f"Bearer {site.key}"
            began = time.monotonic()
            with transaction.atomic():
                answer = ask(handler, request)
                transaction.set_rollback(True)
            found = problems_of(answer, time.monotonic() - began, drafts=is_inside)
            statuses.add(answer.status)
            if is_inside and request.environ["PATH_INFO"].startswith(EDITING):
                editing.add(answer.status)
            problems += [f"{problem}: {request.told}" for problem in found]
    assert not problems, "\n".join(problems[:20])
    assert {200, 404, 405} <= statuses
    assert 200 in editing or HOW_MANY < 2000


def test_no_file_of_the_checkout_and_no_folder_is_handed_out(site: Site) -> None:
    files = (".git/config", ".env", "secret_key", "portal.sqlite3", "manage.py", "portal/settings.py")
    folders = ("/", "/assets/", "/assets/../", "/media/", "/var/", "/attachments/")
    asked = [folder + file for folder in folders for file in files] + list(folders[1:])
    assert {site.client().get(address, follow=True).status_code for address in asked} == {404}
