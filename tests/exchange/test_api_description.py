"""The API's OpenAPI description: it is the one checked in, and the API does what it says."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, missing_required_header, positive_data_acceptance

from portal.adoption.models import AdoptionRecord
from portal.briefings.models import BriefingPack, PackHolder
from portal.briefings.services import share_pack
from portal.catalogue.models import Entry
from tests.exchange.api_scene import make_scene
from tests.exchange.keys import System
from tests.factories import BriefingPackFactory

pytestmark = pytest.mark.django_db

EXAMPLES = {True: 8, False: 3}
"""So many questions of each kind, of a read and of a write."""
KNOWN = {
    "/api/v1/innovations/{slug}/": {"slug": "app"},
    "/api/v1/case-studies/{slug}/": {"slug": "bank"},
    "/api/v1/evidence/{key}/": {"key": "report"},
    "/api/v1/measures/{key}/": {"key": "hours-released"},
    "/api/v1/totals/{key}/": {"key": "hours-released"},
    "/api/v1/coverage/{slug}/": {"slug": "app"},
    "/api/v1/organisations/{code}/": {"code": "RQM"},
    "/api/v1/drafts/innovations/{slug}/": {"slug": "app"},
    "/api/v1/drafts/innovations/{slug}/submit/": {"slug": "app"},
    "/api/v1/drafts/case-studies/{slug}/": {"slug": "bank"},
    "/api/v1/drafts/case-studies/{slug}/submit/": {"slug": "bank"},
}
EVENT = {"entry": "app", "organisation": "RQM", "stage": "spread", "on": "2026", "said_by": "The trust"}
SENT: dict[str, Any] = {
    "PUT /api/v1/drafts/innovations/{slug}/": {"title": "App"},
    "PUT /api/v1/drafts/case-studies/{slug}/": {"title": "Bank"},
    "POST /api/v1/drafts/innovations/{slug}/submit/": {},
    "POST /api/v1/drafts/case-studies/{slug}/submit/": {},
    "POST /api/v1/adoption/": EVENT,
    "PUT /api/v1/adoption/{id}/": {**EVENT, "on": "2025"},
    "POST /api/v1/sources/": {"title": "A study"},
    "POST /api/v1/packs/": {"title": "Options", "entries": ["app"]},
    "POST /api/v1/packs/{token}/links/": {"days": 7},
}
"""What a write sends that is taken, by its operation."""


def test_the_description_checked_in_is_the_one_generated(checkout: Path) -> None:
    """After a change: manage.py spectacular --file docs/openapi.yaml"""
    written = (checkout / "docs" / "openapi.yaml").read_text()
    assert Client().get("/api/v1/openapi.yaml").text == written
    told = yaml.safe_load(written)
    assert told["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1/") for path in told["paths"])


def test_a_figure_is_described_with_all_that_it_must_not_travel_without(checkout: Path) -> None:
    parts = yaml.safe_load((checkout / "docs" / "openapi.yaml").read_text())["components"]["schemas"]
    for name in ("Figure", "FigureOfEntry"):
        assert set(parts[name]["required"]) >= {"value", "unit", "basis", "qualifier", "period", "place"}
    assert parts["Figure"]["properties"]["value"]["type"] == "string"


@pytest.fixture
def described(db: None) -> Iterator[Any]:
    # The handler would end this test's transaction; Django's own test client keeps it from that in the same way.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.yaml", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def system(db: None) -> System:
    """A system that may do everything to the entries of the scene."""
    make_scene()
    system = System()
    Entry.objects.update(owner_network=system.network)
    return system


def known_of(system: System, method: str, path: str) -> dict[str, Any]:
    """Return what names something there is, and what a write of it may send."""
    named = dict(KNOWN.get(path, {}))
    if "/packs/{token}/" in path:
        pack = pack_of(system)
        named = {"token": pack.token, **({"kind": "csv"} if "{kind}" in path else {})}
        if "/links/{id}/" in path:
            named["id"] = str(share_pack(pack=pack, days=7).pk)
    if "/adoption/{id}/" in path:
        named = {"id": str(AdoptionRecord.objects.earliest("pk").public_id)}
    body = SENT.get(f"{method} {path}")
    more = {} if body is None else {"body": body, "media_type": "application/json"}
    return {"path_parameters": named, **({"headers": {"If-Match": "*"}} if method != "GET" else {}), **more}


def pack_of(system: System) -> BriefingPack:
    """Return a pack of this key's that is ready."""
    key = f"key-{system.row.prefix}"
    pack = BriefingPack.objects.filter(holders__key=key).first()
    if pack is None:
        pack = BriefingPackFactory(ready=True)
        PackHolder.objects.create(pack=pack, key=key)
    return pack


@pytest.mark.slow
def test_every_answer_is_one_that_is_described(described: Any, system: System) -> None:
    """What there is, and a few questions to each operation as the description allows and as it doesn't."""
    answers: dict[str, set[int]] = {}
    for found in described.get_all_operations():
        operation = found.ok()
        method = operation.method.upper()
        call = partial(_call, headers={"Authorization": f"Bearer {system.key}"})
        known = operation.Case(**known_of(system, method, operation.path))
        name = f"{method} {operation.path}"
        answers[name] = {call(known)}
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            answers[name] |= _ask(operation.as_strategy(generation_mode=mode), call, EXAMPLES[method == "GET"])
    good = {200, 201, 409}  # a draft that is not complete can't be submitted
    assert not {name: told for name, told in answers.items() if not told & good or len(told) == 1}


def _call(case: Any, headers: dict[str, str]) -> int:
    # No cursor can be guessed, nor the name of an entry. Keys have a test of their own, without some thousand requests.
    passed_over = [positive_data_acceptance, ignored_auth, missing_required_header]
    status: int = case.call_and_validate(headers=headers, excluded_checks=passed_over).status_code
    return status


def _ask(cases: Any, call: Any, how_many: int) -> set[int]:
    statuses = set()

    @settings(max_examples=how_many, phases=[Phase.generate], suppress_health_check=list(HealthCheck), derandomize=True)
    @given(cases)
    def ask(case: Any) -> None:
        statuses.add(call(case))

    ask()
    return statuses
