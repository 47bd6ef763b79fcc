"""Keys and limits: what is told to whom brings none, a wrong one or a worn-out one, and how often anybody may ask."""

import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as project
from django.test import Client
from django.utils import timezone

from portal.accounts.keys import revoke_key
from portal.accounts.models import NetworkKey
from portal.core.client_address import client_address
from portal.exchange.api_urls import BY_KEY
from tests.exchange.api_scene import make_scene
from tests.exchange.keys import SCOPES, System, errors_of
from tests.factories import InnovationFactory

pytestmark = pytest.mark.django_db

PUBLIC = "entries/"


@pytest.fixture
def counters(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Limits as small as a test needs, counted anew in a minute that doesn't end."""
    now = time.time()
    monkeypatch.setattr("django_ratelimit.core.time", SimpleNamespace(time=lambda: now))
    settings.API_PER_MINUTE, settings.API_PER_MINUTE_BY_KEY = 3, 5
    settings.RATELIMIT_CACHE_PREFIX = f"{uuid4()}-"
    return settings


def test_a_key_is_shown_once_and_kept_nowhere() -> None:
    system = System()
    kept = NetworkKey.objects.values().get()
    assert system.key not in str(kept)
    assert system.key.split(".")[1] not in str(kept)
    assert kept["hashed_key"].startswith("sha512$$")


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("Bearer", "This header holds no key."),
        ("Basic dXNlcjpwYXNz", "This header holds no key."),
        ("Bearer nonsense", "There is no such key."),
        ("Bearer ²²²²²²²².x", "There is no such key."),
        ("Bearer {prefix}.wrong", "There is no such key."),
    ],
)
def test_a_header_that_holds_no_known_key_is_refused_even_for_what_is_public(header: str, problem: str) -> None:
    system = System()
    sent = header.format(prefix=system.row.prefix)
    answer = system.ask("get", PUBLIC, status=401, authorization=sent)
    assert errors_of(answer) == ["Authorization"]
    assert answer.json()["errors"][0]["problem"] == problem
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_key_works_until_it_is_revoked_or_over() -> None:
    system = System()
    system.ask("get", PUBLIC)
    assert NetworkKey.objects.get().last_used_at
    revoke_key(key=system.row, by=system.maker)
    assert "revoked" in system.ask("get", PUBLIC, status=401).text
    NetworkKey.objects.update(revoked_at=None, made_at=timezone.now() - timedelta(days=40), expires_at=timezone.now())
    assert "expired" in system.ask("get", PUBLIC, status=401).text


WHERE = {"slug": "own", "id": "00000000-0000-4000-8000-000000000000", "token": "none"}
WRITES = [
    *((route, method, need.scope) for route, view, _ in BY_KEY for method, need in view.operations.items()),
    ("adoption/", "POST", "adoption"),
    ("packs/", "POST", "packs"),
    ("packs/<slug:token>/stop/", "POST", "packs"),
]


@pytest.mark.parametrize(("route", "method", "scope"), WRITES)
def test_who_may_ask_what_by_which_key(route: str, method: str, scope: str) -> None:
    """The table of addresses by key: nobody, a key for something else, and one of another network."""
    own = System()
    InnovationFactory(slug="own", title="Quokka", owner_network=own.network)
    address = route
    for name, value in WHERE.items():
        address = address.replace(f"<slug:{name}>", value).replace(f"<uuid:{name}>", value)
    bare = Client().generic(method, f"/api/v1/{address}", b"{}", content_type="application/json")
    assert (bare.status_code, errors_of(bare)) == (401, ["Authorization"])
    for others in [one for one in SCOPES if one != scope]:
        lacking = System(network=own.network, scopes=[others])
        assert errors_of(lacking.ask(method.lower(), address, {}, status=403)) == ["Authorization"]
    theirs = System(scopes=[scope])
    sent = {"content_type": "application/json", "headers": {"authorization": f"Bearer {theirs.key}"}}
    answer = Client().generic(method, f"/api/v1/{address}", b"{}", **sent)
    assert answer.status_code in ((200,) if route == "drafts/" else (400, 404))
    assert "Quokka" not in answer.text


def test_a_key_without_read_reads_nothing_public() -> None:
    system = System(scopes=["packs"])
    assert errors_of(system.ask("get", PUBLIC, status=403)) == ["Authorization"]


def test_each_answer_says_how_much_is_left_and_then_how_long_to_wait(counters: Any) -> None:
    make_scene()
    left = []
    for _ in range(3):  # the second comes from what visitors share
        answer = Client().get(f"/api/v1/{PUBLIC}")
        left.append((answer.status_code, answer["RateLimit-Limit"], answer["RateLimit-Remaining"]))
    assert left == [(200, "3", "2"), (200, "3", "1"), (200, "3", "0")]
    refused = Client().get(f"/api/v1/{PUBLIC}", headers={"origin": "https://elsewhere.example"})
    assert (refused.status_code, errors_of(refused)) == (429, ["Retry-After"])
    assert 1 <= int(refused["Retry-After"]) <= 61
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert "ratelimit-remaining" in refused["Access-Control-Expose-Headers"]
    assert Client().get("/about/").status_code == 200


def test_a_key_has_a_limit_of_its_own_and_a_wrong_one_uses_up_the_address(counters: Any) -> None:
    system, other = System(), System()
    assert [system.ask("get", PUBLIC)["RateLimit-Remaining"] for _ in range(5)] == ["4", "3", "2", "1", "0"]
    system.ask("get", PUBLIC, status=429)
    assert other.ask("get", PUBLIC)["RateLimit-Remaining"] == "4"
    for _ in range(3):
        system.ask("get", PUBLIC, status=401, authorization=f"Bearer {system.row.prefix}.guessed")
    system.ask("get", PUBLIC, status=429, authorization=f"Bearer {system.row.prefix}.guessed")
    assert Client().get(f"/api/v1/{PUBLIC}").status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.9").get(f"/api/v1/{PUBLIC}").status_code == 200


@pytest.mark.parametrize("backend", ["portal.core.counters.CountersOnDisk", "away"])
def test_where_counters_are_away_nobody_is_refused(settings: Any, tmp_path: Any, backend: str) -> None:
    """On disk a folder that can't be written, on Redis a server that isn't there."""
    (tmp_path / "file").touch()
    counters = {"BACKEND": backend, "LOCATION": tmp_path / "file" / "counters"}
    if backend == "away":
        counters = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {**project.CACHES, "counters": counters}
    answer = Client().get(f"/api/v1/{PUBLIC}")
    assert answer.status_code == 200
    assert "RateLimit-Limit" not in answer


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "192.0.2.1", "198.51.100.7"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "10.9.9.9, 192.0.2.1", "192.0.2.1"),
        (2, "10.9.9.9, 192.0.2.1, 192.0.2.2", "192.0.2.1"),
        (2, "192.0.2.1", "198.51.100.7"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "nonsense", "unknown"),
    ],
)
def test_an_address_is_the_one_that_our_own_proxies_saw(
    rf: Any, settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="198.51.100.7", headers={"x-forwarded-for": forwarded})
    assert client_address(request) == address


def test_a_fault_of_ours_is_a_problem_document_in_the_api_and_a_page_elsewhere(monkeypatch: Any) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("No.")

    monkeypatch.setattr("portal.catalogue.api.stored_rows", fail)
    monkeypatch.setattr("portal.core.views.render", fail)
    client = Client(raise_request_exception=False)
    answer = client.get(f"/api/v1/{PUBLIC}")
    assert (answer.status_code, errors_of(answer)) == (500, ["server"])
    assert "No." not in answer.text
    page = client.get("/about/")
    assert (page.status_code, page["Content-Type"]) == (500, "text/html; charset=utf-8")


def test_what_django_refuses_before_any_view_is_a_problem_document_too() -> None:
    answer = Client(raise_request_exception=False).get(f"/api/v1/{PUBLIC}", headers={"host": "evil.example"})
    assert (answer.status_code, errors_of(answer)) == (400, ["request"])
