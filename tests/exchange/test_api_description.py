"""The API's OpenAPI description: it is the one checked in, and the API does what it says."""

from collections.abc import Iterator
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
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.exchange.api_scene import make_scene

pytestmark = pytest.mark.django_db

EXAMPLES = 8
KNOWN = {
    "/api/v1/innovations/{slug}/": {"slug": "app"},
    "/api/v1/case-studies/{slug}/": {"slug": "bank"},
    "/api/v1/evidence/{key}/": {"key": "report"},
    "/api/v1/measures/{key}/": {"key": "hours-released"},
    "/api/v1/totals/{key}/": {"key": "hours-released"},
    "/api/v1/coverage/{slug}/": {"slug": "app"},
    "/api/v1/organisations/{code}/": {"code": "RQM"},
}


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
    make_scene()
    # The handler would end this test's transaction; Django's own test client keeps it from that in the same way.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.yaml", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
def test_every_answer_is_one_that_is_described(described: Any) -> None:
    """What there is, and a few questions to each address as the description allows and as it doesn't."""
    answers: dict[str, set[int]] = {}
    for found in described.get_all_operations():
        operation = found.ok()
        answers[operation.path] = {
            operation.Case(path_parameters=KNOWN.get(operation.path)).call_and_validate().status_code
        }
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            answers[operation.path] |= _ask(operation.as_strategy(generation_mode=mode))
    assert all(200 in statuses and len(statuses) > 1 for statuses in answers.values()), answers


def _ask(cases: Any) -> set[int]:
    statuses = set()

    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck), derandomize=True)
    @given(cases)
    def ask(case: Any) -> None:
        # No cursor can be guessed, nor the name of an entry.
        statuses.add(case.call_and_validate(excluded_checks=[positive_data_acceptance]).status_code)

    ask()
    return statuses
