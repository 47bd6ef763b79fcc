"""People who sign in as people do, and the mails they would get."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.mail import send_due
from portal.accounts.models import User
from tests.factories import NetworkRoleFactory

PASSWORD = "quokka ladder violet tram"
HERE = {"Origin": "http://testserver"}


@pytest.fixture
def person() -> User:
    return make_person("rosa")


def make_person(name: str, *, role: str = "", network: Any = None) -> User:
    """Return somebody with a password and a confirmed address, and a role where one is named."""
    person = User.objects.create_user(name, f"{name}@example.nhs.uk", PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    if role:
        everywhere = role in ("publisher", "administrator")
        NetworkRoleFactory(user=person, role=role, network=None if everywhere else network)
    return User.objects.get(pk=person.pk)


def sign_in(name: str, *, password: str = PASSWORD, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post(reverse("account_login"), {"login": name, "password": password})


@pytest.fixture
def sent() -> Callable[[], list[Any]]:
    """Let the worker's part run, and return what was sent."""

    def send() -> list[Any]:
        send_due(now=timezone.now())
        return mail.outbox

    return send


def link_in(message: Any) -> str:
    (link,) = re.findall(r"https?://[^/\s]+(/account/\S+)", message.body)
    return str(link)
