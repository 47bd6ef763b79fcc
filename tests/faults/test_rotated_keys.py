"""Fault 61: the secret key is changed while a system writes and people are signed in."""

import secrets
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.faults.site import Site, Writer

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def test_fault_61_a_changed_key_loses_no_draft_and_ends_no_session_until_the_old_one_is_dropped(
    start_site: Callable[..., Site], writer: Callable[..., Writer], settings: Any
) -> None:
    browser = Client()
    browser.force_login(UserFactory(times_signed_out=1))
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value

    def is_signed_in(site: Site) -> bool:
        """Ask as a browser does, which keeps the new number that a session gets with a new key."""
        nonlocal session
        heads: Any
        _, heads, page = site.ask("/account/", cookie=f"{settings.SESSION_COOKIE_NAME}={session}")
        given = SimpleCookie("; ".join(heads.get_all("Set-Cookie") or [])).get(settings.SESSION_COOKIE_NAME)
        session = given.value if given else session
        return b"You are signed in as" in page

    old, new = settings.SECRET_KEY, secrets.token_urlsafe(48)
    old_host = start_site(SECRET_KEY=old, SECRET_KEY_FALLBACKS=new)
    writing = writer(old_host)
    with writing.writing():
        assert is_signed_in(old_host)
        new_host = start_site(SECRET_KEY=new, SECRET_KEY_FALLBACKS=old)
        assert [is_signed_in(host) for host in (new_host, old_host, new_host)] == [True] * 3
        writing.site = new_host
        old_host.end()
        written = len(writing.acknowledged)
        while len(writing.acknowledged) < written + 20:
            assert is_signed_in(new_host)
    writing.assert_nothing_lost()
    assert not [status for status in writing.refused if status != 503]

    without_the_old = start_site(SECRET_KEY=secrets.token_urlsafe(48))
    assert not is_signed_in(without_the_old)
