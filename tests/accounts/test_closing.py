"""Closing somebody's account: by whom, what ends with it, what comes back, and who always stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.closing import ClosingRefused, close_account, reopen_account
from portal.accounts.models import AccountEvent, Invitation, NetworkKey, User
from portal.accounts.permissions import roles_of
from portal.accounts.roles import RoleRefused, change_role, take_role_away
from portal.accounts.trail import first_broken_link
from portal.organisations.models import Organisation
from tests.accounts.conftest import PASSWORD, link_in, make_person, sign_in
from tests.exchange.keys import System
from tests.factories import NetworkFactory, NetworkRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network() -> Organisation:
    return NetworkFactory(name="Wessex")


@pytest.fixture
def edith(network: Organisation) -> User:
    return make_person("edith", role="editor", network=network)


@pytest.fixture
def rita(network: Organisation) -> User:
    return make_person("rita", role="reviewer", network=network)


def step(client: Client, person: User, step: str = "close", **typed: str) -> Any:
    return client.post(reverse("editing:account", args=[person.pk]), {"step": step, "reason": "Has left us", **typed})


def events(person: User, *kinds: str) -> list[tuple[Any, ...]]:
    rows = AccountEvent.objects.filter(person=person.pk, kind__in=kinds).order_by("pk")
    return list(rows.values_list("kind", "by", "note"))


def test_a_closed_account_is_signed_out_everywhere_and_nobody_signs_in_to_it(
    edith: User, rita: User, sent: Any
) -> None:
    (one, _), (other, _) = sign_in("edith"), sign_in("edith")
    reviewer, _ = sign_in("rita")
    assert step(reviewer, edith).status_code == 302
    assert [client.get("/account/").status_code for client in (one, other)] == [302, 302]
    page = reviewer.get(reverse("editing:account", args=[edith.pk])).content.decode()
    assert "This account is closed" in page
    assert "by rita: Has left us" in page
    again, answer = sign_in("edith")
    assert answer["Location"] == reverse("account_inactive")
    assert again.get("/account/").status_code == 302
    assert "is closed" in sent()[0].subject
    assert "Has left us" not in sent()[0].body
    assert events(edith, "closed", "sessions_ended") == [
        ("closed", rita.pk, "Has left us"),
        ("sessions_ended", rita.pk, "all of them, with the account"),
    ]
    assert first_broken_link() is None


def test_keys_and_invitations_end_with_it_and_do_not_come_back(network: Organisation, rita: User) -> None:
    system = System(role="editor", network=network)
    edith, now = system.maker, timezone.now()
    Invitation.objects.create(
        email="nia@example.nhs.uk", network=network, role="editor", made_by=edith, expires_at=now + timedelta(days=1)
    )
    system.ask("get", "drafts/")
    reviewer, _ = sign_in("rita")
    step(reviewer, edith)
    system.ask("get", "drafts/", status=401)
    step(reviewer, edith, "open")
    system.ask("get", "drafts/", status=401)
    assert NetworkKey.objects.get().revoked_by == rita
    assert Invitation.objects.get().state == "Withdrawn"


def test_opened_again_it_is_as_it_was(edith: User, rita: User) -> None:
    older, _ = sign_in("edith")
    reviewer, _ = sign_in("rita")
    step(reviewer, edith)
    step(reviewer, edith, "open", reason="A mistake")
    assert older.get("/account/").status_code == 302, "Sessions from before stay ended."
    client, _ = sign_in("edith")
    assert client.get(reverse("editing:start")).status_code == 200
    assert [kind for kind, *_ in events(edith, "closed", "reopened")] == ["closed", "reopened"]
    again = step(reviewer, edith, "open")
    assert again.status_code == 400
    assert "open already" in again.content.decode()


def test_a_password_asked_for_before_opens_nothing(edith: User, rita: User, sent: Any) -> None:
    Client().post(reverse("account_reset_password"), {"email": edith.email})
    link, stranger = link_in(sent()[0]), Client()
    close_account(person=edith, by=rita, reason="Has left us", request=None)
    form = stranger.get(link).get("Location", link)
    new = "walnut cathedral nine bicycles"
    stranger.post(form, {"password1": new, "password2": new})
    assert stranger.get("/account/").status_code == 302
    assert sign_in("edith", password=new)[0].get("/account/").status_code == 302
    Client().post(reverse("account_reset_password"), {"email": edith.email})
    assert "/account/password/reset/key/" not in sent()[-1].body


@pytest.mark.parametrize("typed", [{"reason": ""}, {"reason": " "}, {"reason": "x" * 151}])
def test_no_account_is_closed_without_a_reason(edith: User, rita: User, typed: dict[str, str]) -> None:
    reviewer, _ = sign_in("rita")
    assert step(reviewer, edith, **typed).status_code == 400
    assert User.objects.get(pk=edith.pk).is_active


def test_nobody_closes_their_own_or_one_above_them(network: Organisation, edith: User, rita: User) -> None:
    pauline, ada = make_person("pauline", role="publisher"), make_person("ada", role="administrator")
    elsewhere = make_person("else", role="editor", network=NetworkFactory())
    NetworkRoleFactory(user=elsewhere, role="editor", network=network)
    refused = [
        (rita, rita), (rita, pauline), (rita, ada), (rita, elsewhere), (edith, rita), (pauline, ada), (ada, ada),
    ]  # fmt: skip
    for by, person in refused:
        assert step(sign_in(by.username)[0], person).status_code == 403, (by, person)
        with pytest.raises(ClosingRefused, match="not yours"):
            close_account(person=person, by=User.objects.get(pk=by.pk), reason="x", request=None)
    assert not User.objects.filter(is_active=False).exists()
    for person in (elsewhere, pauline, rita, edith, make_person("rosa")):
        close_account(person=person, by=ada, reason="Has left us", request=None)
    assert set(User.objects.filter(is_active=True)) == {ada}


def test_of_two_administrators_who_end_each_other_one_stays() -> None:
    ada, bea = make_person("ada", role="administrator"), make_person("bea", role="administrator")
    row_of_ada = ada.network_roles.get()
    assert roles_of(bea), "Her request began while she still was one."
    close_account(person=bea, by=ada, reason="Has left us", request=None)
    with pytest.raises(ClosingRefused, match="only administrator"):
        close_account(person=ada, by=bea, reason="So have you", request=None)
    with pytest.raises(RoleRefused, match="only administrator"):
        take_role_away(row=row_of_ada, by=bea, request=None)
    with pytest.raises(RoleRefused, match="only administrator"):
        change_role(row=row_of_ada, role="publisher", by=bea, request=None)
    reopen_account(person=bea, by=ada, reason="A mistake", request=None)
    close_account(person=ada, by=bea, reason="So have you", request=None)


def test_a_person_is_found_by_name_or_address(edith: User) -> None:
    make_person("ada", role="administrator")
    rosa = make_person("rosa")
    client, _ = sign_in("ada")
    page = reverse("editing:accounts")
    close_account(person=rosa, by=User.objects.get(username="ada"), reason="Has left us", request=None)

    def found(**asked: str) -> list[str]:
        return [person.username for person in client.get(page, asked).context["page"].rows]

    assert found() == ["edith", "rosa"]
    assert found(who="ROSA@example") == ["rosa"]
    assert found(closed="on") == ["rosa"]
    assert found(who="nobody\x00") == []
    assert PASSWORD not in client.get(page).content.decode()
