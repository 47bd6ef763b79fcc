"""Invitations and roles: given by those who may, taken once, in force and gone at the next request."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import AccountEvent, Invitation, NetworkRole, User
from portal.organisations.models import Organisation
from tests.accounts.conftest import PASSWORD, link_in, make_person, sign_in
from tests.factories import NetworkFactory, NetworkRoleFactory

pytestmark = pytest.mark.django_db

PEOPLE = "/editing/people/"


@pytest.fixture
def network() -> Organisation:
    return NetworkFactory(name="Wessex")


def invite(client: Client, **typed: Any) -> Any:
    return client.post(PEOPLE, {"email": "nia@example.nhs.uk", "role": "editor", **typed})


def test_an_invited_person_makes_an_account_and_accepts(network: Organisation, sent: Any, settings: Any) -> None:
    settings.OPEN_SIGN_UP = False
    reviewer, _ = sign_in(make_person("rita", role="reviewer", network=network).username)
    invite(reviewer, network=network.pk)
    link = link_in(sent()[0])
    for _ in range(2):  # programs that look through mail open it too
        assert "You are invited" in Client().get(link).content.decode()
    nia = Client()
    onward = nia.post(link, {"new": "1"})["Location"]
    nia.post(onward, {"email": "nia@example.nhs.uk", "password1": PASSWORD, "next": link})
    confirm = link_in(sent()[-1])
    assert nia.post(confirm)["Location"] == link
    assert nia.get("/editing/").status_code == 403
    assert nia.post(link)["Location"] == reverse("editing:start")
    assert nia.get("/editing/").status_code == 200
    assert NetworkRole.objects.get(user__email="nia@example.nhs.uk").role == "editor"
    assert nia.post(link)["Location"] == reverse("editing:start")
    assert Client().post(link).status_code == 410
    kinds = list(AccountEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert [kind for kind in kinds if kind in ("invited", "accepted", "role")] == ["invited", "accepted", "role"]


def test_an_invitation_is_for_the_address_it_was_sent_to(network: Organisation, sent: Any) -> None:
    reviewer, _ = sign_in(make_person("rita", role="reviewer", network=network).username)
    invite(reviewer, network=network.pk)
    link = link_in(sent()[0])
    other, _ = sign_in(make_person("otto").username)
    assert "is not a confirmed address of this account" in other.get(link).content.decode()
    assert "This invitation is for nia@example.nhs.uk" in other.post(link, follow=True).content.decode()
    assert not NetworkRole.objects.filter(user__username="otto").exists()
    assert Client().get(link.replace("invitation/", "invitation/x")).status_code == 410


def test_the_first_administrator_is_invited_from_the_server(sent: Any) -> None:
    call_command("invite_administrator", "nia@example.nhs.uk")
    make_person("nia")
    nia, _ = sign_in("nia")
    nia.post(link_in(sent()[0]))
    assert NetworkRole.objects.get(user__username="nia").role == "administrator"
    assert nia.get("/editing/people/trail/").status_code == 200
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("invite_administrator", "nia")


@pytest.mark.parametrize("end", ["withdrawn", "expired", "maker gone"])
def test_an_invitation_ends(network: Organisation, sent: Any, end: str) -> None:
    rita = make_person("rita", role="reviewer", network=network)
    reviewer, _ = sign_in("rita")
    invite(reviewer, network=network.pk)
    invitation = Invitation.objects.get()
    if end == "withdrawn":
        reviewer.post(reverse("editing:withdraw_invitation", args=[invitation.pk]))
    elif end == "expired":
        Invitation.objects.update(
            made_at=timezone.now() - timedelta(days=15), expires_at=timezone.now() - timedelta(days=1)
        )
    else:
        rita.network_roles.all().delete()
    make_person("nia")
    nia, _ = sign_in("nia")
    answer = nia.post(link_in(sent()[0]), follow=True)
    assert answer.status_code == (200 if end == "maker gone" else 410)
    assert not NetworkRole.objects.filter(user__username="nia").exists()


@pytest.mark.parametrize(
    ("who", "role", "where", "may"),
    [
        ("reviewer", "reviewer", "own", True),
        ("reviewer", "publisher", "own", False),
        ("reviewer", "editor", "other", False),
        ("reviewer", "editor", "", False),
        ("publisher", "reviewer", "other", True),
        ("publisher", "publisher", "", False),
        ("administrator", "publisher", "", True),
        ("administrator", "publisher", "own", False),
        ("editor", "editor", "own", None),
        ("", "editor", "own", None),
    ],
)
def test_nobody_gives_a_role_that_is_not_theirs_to_give(
    network: Organisation, who: str, role: str, where: str, may: bool | None
) -> None:
    make_person("willa", role=who, network=network)
    client, _ = sign_in("willa")
    pk = {"own": network.pk, "other": NetworkFactory().pk, "": ""}[where]
    answer = invite(client, role=role, network=pk)
    assert answer.status_code == {True: 302, False: 400, None: 403}[may]
    assert Invitation.objects.exists() == bool(may)


def test_roles_are_changed_and_taken_away_by_those_above(network: Organisation) -> None:
    edith = make_person("edith", role="editor", network=network)
    rita = make_person("rita", role="reviewer", network=network)
    make_person("olga", role="reviewer", network=NetworkFactory())
    row, own = edith.network_roles.get(), rita.network_roles.get()
    at_work, _ = sign_in("edith")
    reviewer, other = sign_in("rita")[0], sign_in("olga")[0]
    address = reverse("editing:change_person", args=[row.pk])
    assert other.post(address, {"role": ""}).status_code == 403
    assert at_work.post(address, {"role": "reviewer"}).status_code == 403
    reviewer.post(address, {"role": "publisher"})
    reviewer.post(reverse("editing:change_person", args=[own.pk]), {"role": ""})
    assert set(NetworkRole.objects.values_list("role", flat=True)) == {"editor", "reviewer"}
    reviewer.post(address, {"role": "contributor"})
    assert NetworkRole.objects.get(pk=row.pk).role == "contributor"
    reviewer.post(address, {"role": ""})
    assert at_work.get("/editing/").status_code == 403
    noted = list(AccountEvent.objects.filter(kind="role").order_by("pk").values_list("person", "by", "note"))
    assert noted == [
        (edith.pk, rita.pk, "Contributor, Wessex"),
        (edith.pk, rita.pk, "taken away: Contributor, Wessex"),
    ]


@pytest.mark.parametrize("how_many", [1, 12])
def test_the_list_of_people_costs_the_same_for_one_as_for_many(
    network: Organisation, how_many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(how_many):
        make_person(f"person-{number}", role="editor", network=network)
    make_person("rita", role="reviewer", network=network)
    client, _ = sign_in("rita")
    client.get(PEOPLE)
    with django_assert_max_num_queries(14):
        assert f"person-{how_many - 1}" in client.get(PEOPLE).content.decode()


# --- every new address, as everyone --------------------------------------------------------------

OWN = [
    "/account/",
    "/account/email/",
    "/account/2fa/",
    "/account/sessions/",
    "/account/password/change/",
    "/account/details/",
]
IN = 302
"""To the door."""
ADDRESSES: list[tuple[str, dict[str, int]]] = [
    *((address, {"nobody": IN, "reader": 200, "editor": 200, "administrator": 200}) for address in OWN),
    ("/account/searches/keep/?list=/catalogue/", {"nobody": IN, "reader": 200, "administrator": 200}),
    ("/account/searches/1/", {"nobody": IN, "reader": 404, "administrator": 404}),
    ("/account/export/", {"nobody": IN, "reader": 405}),
    ("/account/erase/", {"nobody": IN, "reader": IN, "administrator": IN}),
    ("/account/stop-mail/searches/x/", {"nobody": 404, "reader": 404}),
    ("/account/login/", {"nobody": 200, "reader": IN, "editor": IN, "administrator": IN}),
    ("/account/signup/", {"nobody": 200, "reader": IN, "editor": IN, "administrator": IN}),
    ("/account/invitation/x/", {"nobody": 410, "reader": 410, "editor": 410, "administrator": 410}),
    ("/account/sign-out-everywhere/", {"nobody": IN, "reader": 405, "editor": 405, "administrator": 405}),
    (PEOPLE, {"nobody": IN, "reader": 403, "editor": 403, "reviewer": 200, "administrator": 200}),
    (
        "/editing/people/trail/",
        {"nobody": IN, "reader": 403, "editor": 403, "reviewer": 403, "publisher": 403, "administrator": 200},
    ),
    ("/editing/people/accounts/", {"nobody": IN, "reader": 403, "editor": 403, "reviewer": 200, "publisher": 200}),
    *(
        (f"/editing/people/accounts/{whose}/", {"nobody": IN, "reader": 403, "editor": 403, **may})
        for whose, may in {
            "contributor": {"reviewer": 200, "publisher": 200, "administrator": 200},
            "elsewhere": {"reviewer": 403, "publisher": 200, "administrator": 200},
            "both": {"reviewer": 403, "publisher": 200, "administrator": 200},
            "publisher": {"reviewer": 403, "publisher": 403, "administrator": 200},
            "reader": {"reviewer": 403, "publisher": 403, "administrator": 200},
            "0": {"reviewer": 403, "publisher": 403, "administrator": 403},
        }.items()
    ),
    ("/account/oidc/provider/login/", {"nobody": 404, "reader": 404}),
]


@pytest.mark.parametrize(("address", "answers"), ADDRESSES, ids=[address for address, _ in ADDRESSES])
def test_who_may_open_what(network: Organisation, address: str, answers: dict[str, int]) -> None:
    address, found = address_of(address, network), {}
    for who in answers:
        client = Client()
        if who != "nobody":
            person: User = make_person(who, role="" if who == "reader" else who, network=network)
            client.force_login(person)
        found[who] = client.get(address).status_code
    assert found == answers


def address_of(address: str, network: Organisation) -> str:
    """Return the address; where it names whose account it is about, with that person's number."""
    whose = address.removeprefix("/editing/people/accounts/").strip("/")
    roles = {
        "contributor": [("contributor", network)],
        "elsewhere": [("contributor", NetworkFactory())],
        "both": [("contributor", network), ("editor", NetworkFactory())],
        "publisher": [("publisher", None)],
        "reader": [],
    }
    if whose not in roles or not address.startswith("/editing/"):
        return address
    person = make_person("somebody")
    for role, where in roles[whose]:
        NetworkRoleFactory(user=person, role=role, network=where)
    return f"/editing/people/accounts/{person.pk}/"


def test_pages_of_an_account_are_nobody_elses(network: Organisation) -> None:
    client = Client()
    client.force_login(make_person("rosa"))
    for address in OWN:
        answer = client.get(address)
        assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"], address
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
