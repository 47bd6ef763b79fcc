"""What every answer says to browsers: of every address, and of every way in which a request can end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import resolve

from tests.addresses import every_route
from tests.attacks.site import EDITING, Site, body_of
from tests.editing.conftest import SECRET

pytestmark = pytest.mark.django_db

ENOUGH = 300
"""There are some 420 addresses; a walk over few would prove little."""
ENOUGH_SHOWN = 130
WITH_FORMS = ("packs/basket/", "adoption/confirm/<str:token>/", "account/")
"""Their forms have a token, whose other half is a cookie."""


def policy_of(answer: Any) -> dict[str, list[str]]:
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip()]
    return {part[0]: part[1:] for part in parts}


def assert_guarded(answer: Any, what: str) -> None:
    """Hold that the answer says all that every answer says, and that its policy is strict outside the editing site."""
    missing = [name for name in site_settings.HEADERS_OF_EVERY_ANSWER if not answer.has_header(name)]
    assert not missing, (what, missing)
    assert answer["X-Content-Type-Options"] == "nosniff", what
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin", what
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin", what
    assert answer["Referrer-Policy"] in ("strict-origin-when-cross-origin", "no-referrer", "same-origin"), what
    assert "camera=()" in answer["Permissions-Policy"], what
    assert "Server" not in answer.headers, what
    assert "X-Powered-By" not in answer.headers, what
    policy = policy_of(answer)
    assert policy["default-src"] == ["'none'"], what
    assert policy["base-uri"] == ["'none'"], what
    assert not {"*", "http:", "https:", "'unsafe-eval'"} & {word for words in policy.values() for word in words}, what
    if not what.startswith(EDITING):
        assert answer["X-Frame-Options"] == "DENY", what
        assert "unsafe" not in answer["Content-Security-Policy"], what
        assert "data:" not in answer["Content-Security-Policy"], what
        assert policy["frame-ancestors"] == ["'none'"], what


def test_every_address_is_the_one_it_was_made_from(site: Site) -> None:
    routes = list(every_route())
    assert len(routes) > ENOUGH
    astray = {
        route.text
        for route in routes
        if not route.text.startswith("editing/") and resolve(site.address_of(route)).func is not route.view
    }
    assert astray == set()


@pytest.mark.slow
def test_every_address_answers_under_its_policy(site: Site) -> None:
    """As a visitor, who meets no draft and gets no cookie by reading; below /editing/ as a reviewer.

    What a reviewer is shown there is kept by no browser.
    """
    shown = 0
    for route in every_route():
        address = site.address_of(route)
        is_editing = address.startswith(EDITING)
        client = site.client(site.reviewer if is_editing else None)
        answer = client.get(address)
        assert answer.status_code < 500, (address, answer.status_code)
        assert_guarded(answer, address)
        body = body_of(answer)
        assert is_editing or SECRET.encode() not in body, address
        assert not is_editing or answer.status_code != 200 or "no-store" in answer["Cache-Control"], address
        may_set = {site_settings.CSRF_COOKIE_NAME} if route.text.startswith(WITH_FORMS) else set()
        assert is_editing or set(answer.cookies) <= may_set, address
        shown += answer.status_code == 200
    assert shown > ENOUGH_SHOWN


# Each way in which a request can end


def unchanged(client: Client) -> Any:
    """The second answer is of those that visitors share."""
    tag = client.get("/catalogue/")["ETag"]
    return client.get("/catalogue/", headers={"if-none-match": tag})


def not_even_kept(client: Client) -> Any:
    client.cookies[site_settings.SESSION_COOKIE_NAME] = "nobodys"
    return unchanged(client)


OURS = {"origin": "http://testserver"}


def too_many_fields(client: Client) -> Any:
    return client.post("/packs/", {f"field-{number}": "1" for number in range(10_001)}, headers=OURS)


def too_large(client: Client) -> Any:
    headers = {"authorization": "Bearer x"}
    return client.post("/api/v1/drafts/", b"1" * 3_000_000, content_type="application/json", headers=headers)


def another_method(client: Client) -> Any:
    return client.put("/catalogue/", headers=OURS)


WAYS: dict[int, list[Callable[[Client], Any]]] = {
    304: [unchanged, not_even_kept],
    400: [lambda client: client.get("/", headers={"host": "evil.example"}), too_many_fields],
    403: [lambda client: client.post("/packs/basket/add/", headers={"origin": "https://evil.example"})],
    404: [lambda client: client.get("/nowhere/"), lambda client: client.get("/assets/nothing.css")],
    405: [another_method, lambda client: client.delete("/api/v1/entries/")],
    401: [too_large],
    301: [lambda client: client.get("/catalogue")],
}


@pytest.mark.parametrize(("status", "way"), [(status, way) for status, ways in WAYS.items() for way in ways])
def test_however_a_request_ends(site: Site, status: int, way: Callable[[Client], Any]) -> None:
    answer = way(site.client(enforce_csrf_checks=True))
    assert answer.status_code == status
    assert_guarded(answer, f"/{status}")


def test_what_a_browser_kept_keeps_its_policy_when_it_is_told_unchanged(site: Site) -> None:
    client = site.client()
    whole = client.get("/catalogue/")
    for told in (unchanged(client), not_even_kept(client)):
        for name in site_settings.HEADERS_OF_EVERY_ANSWER:
            assert told[name] == whole[name]


@pytest.mark.parametrize("address", ["/catalogue/", "/api/v1/entries/"])
def test_a_view_that_fails_says_nothing_of_itself(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*given: Any, **named: Any) -> None:
        raise ValueError("wombat")

    monkeypatch.setattr("portal.catalogue.listing.list_page", fail, raising=False)
    monkeypatch.setattr("portal.catalogue.models.Entry.objects.public", fail)
    answer = site.client().get(address)
    assert answer.status_code == 500
    assert_guarded(answer, address)
    assert "wombat" not in answer.text
    assert "Traceback" not in answer.text
    assert "wombat" in caplog.text


def test_static_files_run_nothing_and_are_told_unchanged_alike(site: Site, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    client = site.client()
    whole = client.get("/assets/drawing.svg")
    assert whole.status_code == 200
    told = client.get("/assets/drawing.svg", headers={"if-modified-since": whole["Last-Modified"]})
    assert told.status_code == 304
    for answer in (whole, told):
        assert_guarded(answer, "/assets/")
        assert policy_of(answer).get("script-src") is None
        body_of(answer)
