"""Keys on the editing site: who makes them, that they are shown once, and who revokes them."""

from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import AccountEvent, NetworkKey, User
from tests.editing.conftest import Networks
from tests.exchange.keys import System

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGE = "/editing/keys/"


def make(client: Client, network: Any, **more: Any) -> Any:
    return client.post(PAGE, {"name": "Rota", "network": network.pk, "scopes": ["drafts"], "days": "30", **more})


def test_a_key_is_shown_by_the_answer_that_made_it_and_never_again(
    networks: Networks, editor: User, signed_in: Any
) -> None:
    client = signed_in(editor)
    answer = make(client, networks.own)
    key = answer.context["key"]
    assert key in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert key not in client.get(PAGE).text
    told = Client().get("/api/v1/drafts/", headers={"authorization": f"Bearer {key}"})
    assert told.status_code == 200
    row = NetworkKey.objects.get()
    assert (row.network, row.made_by, row.scopes) == (networks.own, editor, ["drafts"])


@pytest.mark.parametrize(
    ("role", "status"),
    [(None, 302), ("contributor", 403), ("editor", 200), ("reviewer", 200), ("publisher", 200), ("administrator", 200)],
)
def test_who_may_keep_keys(networks: Networks, signed_in: Any, role: str | None, status: int) -> None:
    client = signed_in(networks.person(role) if role else None)
    assert client.get(PAGE).status_code == status
    assert make(client, networks.own).status_code in (status, 403)
    assert NetworkKey.objects.count() == (status == 200)


def test_nobody_makes_sees_or_revokes_another_networks_keys(networks: Networks, editor: User, signed_in: Any) -> None:
    theirs, client = System(network=networks.other), signed_in(editor)
    assert make(client, networks.other).status_code == 400
    assert theirs.row.prefix not in client.get(PAGE).text
    assert client.post(f"{PAGE}{theirs.row.prefix}/revoke/").status_code == 403
    assert NetworkKey.objects.get().works


def test_a_colleague_revokes_a_key_and_it_stops_at_once(networks: Networks, reviewer: User, signed_in: Any) -> None:
    own, client = System(network=networks.own), signed_in(reviewer)
    own.ask("get", "drafts/")
    assert client.post(f"{PAGE}{own.row.prefix}/revoke/").status_code == 302
    own.ask("get", "drafts/", status=401)
    assert "by rita" in client.get(PAGE).text
    made, revoked = AccountEvent.objects.filter(kind__in=["key_made", "key_revoked"]).order_by("pk")
    assert (made.person, made.by, revoked.person, revoked.by) == (own.maker.pk, None, own.maker.pk, reviewer.pk)
    assert own.row.prefix in made.note == revoked.note
    assert own.key not in made.note


def test_a_form_with_mistakes_says_so_beside_each(networks: Networks, editor: User, signed_in: Any) -> None:
    answer = make(signed_in(editor), networks.own, name="", scopes=["all"], days="9999")
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"name", "scopes", "days"}
    assert not NetworkKey.objects.exists()
