"""Signing in through an OpenID Connect provider: a real one in its own process, its redirects really followed."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.permissions import has_role
from tests.accounts.conftest import make_person, sign_in
from tests.accounts.provider.site import CLIENT_ID, CLIENT_SECRET, PASSWORD
from tests.commands.processes import free_port
from tests.factories import NetworkFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory, live_server: Any, checkout: Path) -> Iterator[str]:
    """Start the provider, which knows the portal, and return its address."""
    port, folder = free_port(), str(tmp_path_factory.mktemp("provider"))
    back = f"{address_of(live_server)}/account/oidc/provider/login/callback/"
    command = [sys.executable, "-m", "tests.accounts.provider.site", folder, str(port), back]
    process = subprocess.Popen(command, cwd=checkout)
    issuer = f"http://localhost:{port}/o"
    try:
        _wait_for(f"{issuer}/.well-known/openid-configuration", process)
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=10)


def address_of(live_server: Any) -> str:
    return str(live_server.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def provider(issuer: str, live_server: Any, settings: Any) -> str:
    """Let the portal know the provider, and return the portal's own address."""
    app = {
        "provider_id": "provider",
        "name": "Example ID",
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "settings": {"server_url": issuer},
    }
    known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**known, "APPS": [app]}}
    return address_of(live_server)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert process.poll() is None, "The provider ended before it answered."
        try:
            if requests.get(address, timeout=10).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
    raise AssertionError("The provider never answered.")


def go_through_provider(here: str, name: str) -> tuple[requests.Session, requests.Response]:
    """Press the portal's button, sign in at the provider, and come back, as a browser does."""
    browser = requests.Session()
    door = browser.get(f"{here}/account/login/")
    assert "Sign in with Example ID" in door.text
    leaving = browser.post(f"{here}/account/oidc/provider/login/", headers={"Sec-Fetch-Site": "same-origin"})
    (onward,) = re.findall(r'href="([^"]+)" id="onward"', leaving.text)
    onward = unescape(onward)
    assert "code_challenge_method=S256" in onward
    form = browser.get(onward)
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text)
    typed = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token[0] if token else ""}
    return browser, browser.post(form.url, data=typed, headers={"Referer": form.url})


def test_the_provider_lets_strangers_in_as_readers_and_links_people_by_a_confirmed_address(
    provider: str, sent: Any
) -> None:
    browser, back = go_through_provider(provider, "kim")
    assert back.url == f"{provider}/account/"
    kim = User.objects.get(email="kim@example.nhs.uk")
    assert not has_role(kim)
    assert browser.get(f"{provider}/editing/").status_code == 403
    kim.delete()

    known = make_person("kimberley", role="editor", network=NetworkFactory())
    known.emailaddress_set.update(email="kim@example.nhs.uk")
    User.objects.filter(pk=known.pk).update(email="kim@example.nhs.uk")
    browser, back = go_through_provider(provider, "kim")
    assert "kimberley" in back.text
    assert SocialAccount.objects.get().user == known
    assert browser.get(f"{provider}/editing/").status_code == 200

    # An address the provider doesn't vouch for opens nobody's account, and no new one before it is confirmed.
    make_person("lee")
    browser, back = go_through_provider(provider, "lee")
    assert SocialAccount.objects.count() == 1
    assert "lee@example.nhs.uk" not in browser.get(f"{provider}/account/").text.replace("login", "")
    assert "/account/login/" in browser.get(f"{provider}/account/").url


def test_what_a_provider_never_gave_opens_nothing(provider: str) -> None:
    make_person("rosa")
    forged = requests.get(f"{provider}/account/oidc/provider/login/callback/?code=guessed&state=guessed", timeout=10)
    assert forged.status_code < 500
    assert "Traceback" not in forged.text
    client, _ = sign_in("rosa")
    assert client.get(reverse("accounts:account")).status_code == 200
    assert not SocialAccount.objects.exists()
