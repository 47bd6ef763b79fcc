"""Forms that another site's page sends by the browser of somebody who is signed in here."""

from typing import Any

import pytest
from django.test import Client

from portal.catalogue.models import EntryChange
from portal.editing.workflow import status_of
from tests.addresses import every_route
from tests.attacks.site import Site, body_of
from tests.attacks.test_headers import assert_guarded

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BROWSERS_SAY = [
    {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    {"sec-fetch-site": "same-site", "origin": "http://neighbour.testserver"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
]
"""What browsers add to a form of another site; each says one of these, and no page can have it left out."""
OTHERS_SAY = [{"referer": "https://evil.example/"}, {"x-requested-with": "XMLHttpRequest"}]
TOKEN_STANDS_IN = {"account/stop-mail/<slug:name>/<str:token>/", "adoption/forget/<str:token>/"}
"""Mail programs send it (RFC 8058): its address holds a signed token, and no session is asked."""
REFUSED = {401, 403, 404, 405}


def test_no_address_takes_a_form_of_another_site(site: Site) -> None:
    """Each address gets one of the ways in turn; the 401 are the API's, which takes no cookie for a key."""
    client = site.client(site.publisher, enforce_csrf_checks=True)
    before = EntryChange.objects.count()
    taken = set()
    for number, route in enumerate(every_route()):
        headers = BROWSERS_SAY[number % len(BROWSERS_SAY)]
        answer = client.post(site.address_of(route), {"entry": "bank", "reason": "x"}, headers=headers)
        assert_guarded(answer, site.address_of(route))
        body_of(answer)
        if answer.status_code not in REFUSED:
            taken.add(route.text)
    assert taken == TOKEN_STANDS_IN
    after = type(site.entry).objects.get(pk=site.entry.pk)
    assert (status_of(after), after.live, after.locked) == ("Submitted", True, False)
    assert EntryChange.objects.count() == before


@pytest.mark.parametrize("headers", BROWSERS_SAY + OTHERS_SAY)
@pytest.mark.parametrize("address", ["/packs/", "/packs/basket/clear/", "/editing/login/", "/editing/imports/upload/"])
def test_no_way_of_sending_it_helps(site: Site, headers: dict[str, str], address: str) -> None:
    client = site.client(site.publisher, enforce_csrf_checks=True)
    assert client.post(address, {"username": "x"}, headers=headers).status_code == 403


def test_a_method_in_a_header_or_a_field_is_not_taken(site: Site) -> None:
    client = Client(enforce_csrf_checks=True)
    for headers in ({"x-http-method-override": "DELETE"}, {"x-method-override": "POST"}):
        answer: Any = client.get("/packs/basket/add/?_method=POST&entry=bank", headers=headers)
        assert answer.status_code == 405
        assert not client.cookies
