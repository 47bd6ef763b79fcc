"""What the settings of production make of headers and cookies: read as production reads them, then tried."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client, override_settings

from tests.attacks.test_headers import assert_guarded
from tests.factories import InnovationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HOST = "portal.example.nhs.uk"
PRODUCTION = {
    "PORTAL_SHAPE": "production",
    "SECRET_KEY": "only-for-this-check-and-long-enough-0123456789-abcdefghij",
    "DATABASE_URL": "postgresql://portal@127.0.0.1:5432/portal",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "ALLOWED_HOSTS": HOST,
    "SITE_URL": f"https://{HOST}",
}
TOLD = """
import json
from portal import settings
wanted = ("SECURE_", "SESSION_COOKIE_", "CSRF_", "ALLOWED_HOSTS", "SITE_URL", "TRUSTED_PROXIES", "DEBUG")
print(json.dumps({name: value for name, value in vars(settings).items() if name.startswith(wanted)}))
"""


@pytest.fixture(scope="module")
def production(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = {"VAR_DIR": str(tmp_path_factory.mktemp("production"))}
    environment = {**os.environ, **PRODUCTION, **folder}
    told = subprocess.run(
        [sys.executable, "-c", TOLD], cwd=checkout, env=environment, capture_output=True, check=True, text=True
    ).stdout
    shape: dict[str, Any] = json.loads(told)
    shape["SECURE_PROXY_SSL_HEADER"] = tuple(shape["SECURE_PROXY_SSL_HEADER"])
    return shape


@pytest.fixture(autouse=True)
def in_production_shape(production: dict[str, Any]) -> Any:
    with override_settings(**production):
        yield


def through_the_proxy(**options: Any) -> Client:
    headers = {"host": HOST, "x-forwarded-proto": "https"}
    return Client(headers=headers, raise_request_exception=False, **options)


def test_what_comes_without_encryption_is_sent_on(production: dict[str, Any]) -> None:
    assert production["DEBUG"] is False
    answer = Client(headers={"host": HOST}).get("/catalogue/?q=bank")
    assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}/catalogue/?q=bank")
    assert_guarded(answer, "/catalogue/")


def test_a_program_without_encryption_is_refused_and_not_sent_on() -> None:
    program = Client(headers={"host": HOST, "authorization": "Bearer x"})
    for answer in (program.get("/api/v1/drafts/"), program.post("/api/v1/packs/")):
        assert (answer.status_code, answer.has_header("Location")) == (403, False)
        assert "have it revoked" in answer.text
        assert_guarded(answer, "/api/v1/")
    assert through_the_proxy().get("/api/v1/entries/").status_code == 200


def test_browsers_are_told_to_come_encrypted_for_a_year() -> None:
    for address in ("/", "/nowhere/", "/api/v1/entries/", "/assets/nothing.css"):
        answer = through_the_proxy().get(address)
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.parametrize("proto", ["http", "https"])
@pytest.mark.parametrize(
    "host",
    ["evil.example", f"{HOST}.evil.example", f"evil.example#{HOST}", f"{HOST}@evil.example", "", "a b", HOST + ":x"],
)
def test_another_host_is_refused_under_every_header(host: str, proto: str) -> None:
    client = Client(headers={"host": host, "x-forwarded-proto": proto}, raise_request_exception=False)
    for _ in range(2):  # without and with a session
        answer = client.get("/catalogue/")
        assert answer.status_code == 400
        assert_guarded(answer, "/catalogue/")
        assert "evil.example" not in answer.text
        client.cookies["__Host-sessionid"] = "x"


def test_a_proxys_word_for_the_host_is_not_taken() -> None:
    answer = through_the_proxy().get(
        "/sitemap.xml", headers={"x-forwarded-host": "evil.example", "x-host": "evil.example"}
    )
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
    assert f"https://{HOST}/sitemap-" in answer.text


def test_each_cookie_is_of_this_host_alone_and_out_of_reach_of_scripts(django_user_model: Any) -> None:
    InnovationFactory(published=True, slug="bank")
    django_user_model.objects.create(username="edith", password=make_password("long enough a password"))
    visitor = through_the_proxy()
    visitor.post("/packs/basket/add/", {"entry": "bank"})
    visitor.get("/packs/basket/")
    assert set(visitor.cookies) == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in visitor.cookies.values():
        assert cookie["secure"], cookie
        assert cookie["httponly"], cookie
        assert cookie["samesite"] == "Lax", cookie
        assert (cookie["path"], cookie["domain"]) == ("/", ""), cookie
