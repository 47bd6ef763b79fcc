"""An account's whole life in a real browser: made, given an app and a passkey, signed in with each, signed out."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.accounts.mail import send_due
from tests.accounts.conftest import PASSWORD, link_in
from tests.accounts.test_signing_in import code_of
from tests.browsing import DESKTOP, PHONE
from tests.factories import OrganisationFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], None]


def sent() -> Any:
    send_due(now=timezone.now())
    return mail.outbox[-1]


@pytest.fixture
def look(assert_accessible: Check) -> Check:
    """Hold a page as it is, at both widths: accessible, and no wider than the screen."""

    def at_both(page: Page) -> None:
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
            if folder := os.environ.get("KEEP_SCREENSHOTS"):
                name = page.url.split("/account/")[-1].split("?")[0].strip("/").replace("/", "-") or "account"
                page.screenshot(path=f"{folder}/{name[:60]}-{size['width']}.png", full_page=True)

    return at_both


def passkey_of_machine(page: Page) -> None:
    """Give the browser a fingerprint reader that always says yes."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def make_account(page: Page, look: Check) -> None:
    """Make an account, at first with a password that is easy to guess, and confirm its address."""
    page.goto("/account/")
    look(page)
    page.get_by_role("link", name="Make an account").click()
    look(page)
    page.get_by_label("E-mail address").fill("nia@example.nhs.uk")
    page.get_by_label("Password").fill("qwertyuiopas")
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_role("alert")).to_contain_text("easy to guess")
    look(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Your name").fill("Nia Price")
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your e-mail address")
    look(page)
    page.goto(link_in(sent()))
    look(page)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    look(page)


def add_app(page: Page, look: Check) -> str:
    """Turn an authenticator app on, and return a recovery code."""
    page.get_by_role("link", name="Second factors and passkeys").click()
    look(page)
    page.get_by_role("link", name="Set up an app").or_(page.get_by_role("button", name="Set up an app")).click()
    page.get_by_label("Password").fill(PASSWORD)
    look(page)
    page.get_by_role("button", name="Go on").click()
    secret = page.get_by_role("textbox", name="Secret").input_value()
    look(page)
    page.get_by_label("Six digits of the app").fill(code_of(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    look(page)
    return page.locator(".app-codes").input_value().split()[0]


def add_passkey(page: Page, look: Check) -> None:
    page.goto("/account/2fa/webauthn/add/")
    expect(page.get_by_label("Sign in with it alone")).to_be_checked()
    look(page)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    page.goto("/account/2fa/webauthn/")
    look(page)


def look_at_the_rest(page: Page, look: Check) -> None:
    pages = (
        "email/",
        "password/change/",
        "sessions/",
        "2fa/",
        "2fa/webauthn/reauthenticate/",
        "details/",
        "erase/",
        "searches/keep/?list=/catalogue/",
    )
    for address in (f"/account/{page}" for page in pages):
        page.goto(address)
        look(page)


def test_an_account_is_made_secured_and_left(live_server: Any, open_page: Callable[..., Page], look: Check) -> None:
    here = live_server.url.replace("127.0.0.1", "localhost")
    page = open_page(base_url=here)
    passkey_of_machine(page)
    OrganisationFactory(name="Buckinghamshire, Oxfordshire and Berkshire West Integrated Care Board, of long names")
    make_account(page, look)
    code = add_app(page, look)
    add_passkey(page, look)
    look_at_the_rest(page, look)
    page.goto("/account/sessions/")
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_text("You are signed out everywhere.")).to_be_visible()

    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("button", name="Sign out").click()

    cache.clear()
    page.goto("/account/login/")
    page.get_by_label("User name or e-mail address").fill("nia@example.nhs.uk")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    look(page)
    page.get_by_label("Six digits of the app, or a recovery code").fill(code)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
