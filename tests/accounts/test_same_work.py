"""Known and unknown names cost the same work: passwords hashed, queries asked, mails left to the worker.

Times would tell of the machine. What takes long is counted instead: a hash is a hundred queries.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User, WaitingMail
from tests.accounts.conftest import PASSWORD, make_person, sign_in
from tests.factories import NetworkFactory

pytestmark = pytest.mark.django_db


class Counted(ScryptPasswordHasher):
    """The site's own hasher, at the least cost, that counts how often it runs."""

    work_factor = 2
    runs = 0

    def encode(self, *args: Any, **more: Any) -> str:
        Counted.runs += 1
        return super().encode(*args, **more)


@pytest.fixture(autouse=True)
def _counting(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]


def work_of(ask: Callable[[], Any]) -> tuple[int, int, int]:
    """Return how many hashes and queries something took, and how many mails it left to the worker."""
    Counted.runs, waiting = 0, WaitingMail.objects.count()
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    assert answer.status_code in (200, 302)
    assert mail.outbox == [], "A mail was sent while somebody waited."
    return Counted.runs, len(queries), WaitingMail.objects.count() - waiting


def test_a_wrong_password_costs_one_hash_whoever_is_tried(person: User) -> None:
    """By name and by address, of an account that is there, is not, is closed, or has no password."""
    make_person("cleo")
    User.objects.filter(username="cleo").update(is_active=False)
    without = make_person("petra")
    without.set_unusable_password()
    without.save()
    people = ("rosa", "cleo", "petra", "nobody")
    for names in (people, [f"{name}@example.nhs.uk" for name in people]):
        sign_in(names[0], password="wrong")  # the first of a process loads what the others find loaded
        work = {name: work_of(lambda name=name: sign_in(name, password="wrong")[1]) for name in names}  # type: ignore[misc]
        assert {hashes for hashes, _, _ in work.values()} == {1}, work
        queries = [queries for _, queries, _ in work.values()]
        assert max(queries) - min(queries) <= 2, work


def test_a_new_password_is_asked_for_alike(person: User) -> None:
    def ask(email: str) -> Any:
        return Client().post(reverse("account_reset_password"), {"email": email})

    ask("first@example.nhs.uk")
    known, unknown = (work_of(lambda e=e: ask(e)) for e in (person.email, "nobody@example.nhs.uk"))  # type: ignore[misc]
    assert known[0] == unknown[0] == 0
    assert known[2] == unknown[2] == 1
    assert abs(known[1] - unknown[1]) <= 1, (known, unknown)


def test_an_account_that_is_there_costs_the_hash_of_a_new_one(person: User) -> None:
    def ask(email: str) -> Any:
        return Client().post(reverse("account_signup"), {"email": email, "password1": PASSWORD})

    known, unknown = (work_of(lambda e=e: ask(e)) for e in (person.email, "new@example.nhs.uk"))  # type: ignore[misc]
    assert known[0] == unknown[0] == 1
    assert known[2] == unknown[2] == 1


def test_an_invitation_costs_the_same_for_who_has_an_account_and_who_has_none(person: User) -> None:
    network = NetworkFactory()
    make_person("rita", role="reviewer", network=network)
    client, _ = sign_in("rita")

    def ask(email: str) -> Any:
        return client.post("/editing/people/", {"email": email, "role": "editor", "network": network.pk})

    ask("first@example.nhs.uk")
    known, unknown = (work_of(lambda e=e: ask(e)) for e in (person.email, "nobody@example.nhs.uk"))  # type: ignore[misc]
    assert known == unknown
