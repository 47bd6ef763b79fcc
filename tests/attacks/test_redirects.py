"""No address leads to another site, whatever it is told to lead to."""

from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress

from tests.addresses import every_route
from tests.attacks.site import EDITING, Site, body_of
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NAMES = ("next", "url", "return", "return_to", "returnUrl", "redirect", "redirect_to", "continue", "back", "from", "to")
EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "http:///evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "//testserver@evil.example/",
    "https://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "/%0d%0aSet-Cookie:evil=1",
    "/\r\nSet-Cookie: evil=1",
]


def assert_stays_here(answer: object, what: object) -> None:
    location = answer.headers.get("Location", "/")  # type: ignore[attr-defined]
    there = urlsplit(location)
    assert there.scheme in ("", "http"), what
    assert there.netloc in ("", "testserver"), what
    assert not location.startswith(("//", "/\\", "\\")), what
    assert not {"\r", "\n", "\t"} & set(location), what
    assert "evil" not in answer.cookies, what  # type: ignore[attr-defined]


def test_no_address_leads_elsewhere(site: Site) -> None:
    """Each address outside the editing site is told each name, with one of the evil addresses in turn."""
    ours = {"origin": "http://testserver"}
    for number, route in enumerate(every_route()):
        address = site.address_of(route)
        if address.startswith(EDITING):
            continue
        told = {name: EVIL[(number + place) % len(EVIL)] for place, name in enumerate(NAMES)}
        for answer in (
            site.client().get(address, told),
            site.client().post(address, {"entry": "bank", **told}, headers=ours),
        ):
            assert answer.status_code < 500, address
            assert_stays_here(answer, address)
            body_of(answer)


@pytest.mark.parametrize("evil", EVIL)
def test_the_basket_leads_back_into_this_site_alone(site: Site, evil: str) -> None:
    answer = site.client().post("/packs/basket/add/", {"entry": "bank", "next": evil})
    assert answer.status_code == 302
    assert_stays_here(answer, evil)


@pytest.mark.parametrize("evil", EVIL)
def test_signing_in_and_out_leads_into_this_site_alone(site: Site, evil: str) -> None:
    person = UserFactory()
    person.set_password("long enough a password")
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client = site.client()
    typed = {"login": person.username, "password": "long enough a password", "next": evil}
    answer = client.post("/account/login/", typed)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
    assert_stays_here(answer, evil)
    assert_stays_here(client.get("/editing/login/", {"next": evil}), evil)
    for door in ("/account/logout/", "/editing/logout/"):
        assert_stays_here(client.post(door, {"next": evil}), evil)


def test_an_address_without_its_slash_stays_here(site: Site) -> None:
    for address in (
        "//evil.example",
        "//evil.example/..",
        "/\\evil.example",
        "/%5cevil.example",
        "/catalogue%0d%0aX:1",
    ):
        assert_stays_here(site.client().get(address), address)
