"""Every refusal is noted: at the editing site's door, at sign-in, and of keys to the API."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.core.logs import JsonLines
from tests.accounts.conftest import make_person, sign_in
from tests.exchange.keys import System
from tests.factories import NetworkFactory

pytestmark = pytest.mark.django_db


def told(refused: Any) -> list[tuple[Any, ...]]:
    return [(row.refusal, row.view, row.method, row.account, row.key) for row in refused.records]


def test_what_the_editing_sites_door_refuses(refused: Any, settings: Any) -> None:
    edith = make_person("edith", role="editor", network=NetworkFactory())
    pauline = make_person("pauline", role="publisher")
    client, _ = sign_in("edith")
    client.get("/editing/people/")
    client.post("/editing/people/trail/")
    client.post("/editing/adoption/contacts/999/")
    settings.MFA_REQUIRED = True
    sign_in("pauline")[0].get("/editing/")
    assert told(refused) == [
        ("not_allowed", "editing:people", "GET", edith.pk, None),
        ("not_allowed", "editing:consent", "POST", edith.pk, None),
        ("no_second_factor", "editing:start", "GET", pauline.pk, None),
    ]


def test_who_has_failed_too_often_is_noted_by_number_alone(refused: Any, person: User) -> None:
    for _ in range(6):
        sign_in("rosa@example.nhs.uk", password="my secret word")
    for _ in range(6):
        sign_in("nobody", password="my secret word")
    assert told(refused)[0] == ("locked_out", "account_login", "POST", person.pk, None)
    assert told(refused)[-1] == ("locked_out", "account_login", "POST", None, None)
    lines = " ".join(JsonLines().format(record) for record in refused.records)
    assert not any(word in lines for word in ("rosa", "nobody", "secret", "127.0.0.1"))


def test_mails_asked_for_without_end_are_noted(refused: Any, person: User) -> None:
    answers = [Client().post(reverse("account_reset_password"), {"email": person.email}) for _ in range(8)]
    assert answers[-1].status_code == 429
    assert told(refused)[0] == ("too_many", "account_reset_password", "POST", None, None)


def test_keys_that_do_not_work_or_may_not(refused: Any) -> None:
    system = System(scopes=["read"])
    system.ask("get", "drafts/", status=401, authorization="Bearer nonsense")
    system.ask("post", "packs/", {}, status=403)
    system.ask("get", "entries/")
    assert told(refused) == [
        ("no_key", "api:drafts", "GET", None, None),
        ("key_may_not", "packs_api:packs", "POST", system.maker.pk, system.row.pk),
    ]
    assert "nonsense" not in str([record.__dict__ for record in refused.records])
