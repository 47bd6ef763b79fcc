"""Metrics: for whom, and that they say what happened."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.operations.models import WorkerHeartbeat
from tests.factories import BriefingPackFactory

TOKEN = "a-token-of-twenty-and-more"
WITH_TOKEN = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def on(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def value(text: str, name: str) -> float | None:
    found = [line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(found[0]) if found else None


def test_metrics_are_off_unless_set(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN, settings.METRICS_ALLOW = "", []
    answer = client.get("/metrics", headers={"authorization": "Bearer "})
    assert (answer.status_code, "METRICS_TOKEN" in answer.text) == (404, True)


@pytest.mark.django_db
@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN])
def test_without_the_token_nothing_is_told(client: Client, given: str) -> None:
    answer = client.get("/metrics", headers={"authorization": given})
    assert (answer.status_code, "portal_" in answer.text) == (403, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [("10.20.1.1", 200), ("10.21.1.1", 403), ("2001:db8::1", 200), ("2001:db9::1", 403), ("nonsense", 403)],
)
def test_listed_networks_need_no_token(client: Client, settings: Any, address: str, status: int) -> None:
    settings.METRICS_ALLOW, settings.TRUSTED_PROXIES = ["10.20.0.0/16", "2001:db8::/32"], 1
    headers = {"x-forwarded-for": f"10.20.0.9, {address}"}
    assert client.get("/metrics", headers=headers).status_code == status


@pytest.mark.django_db
@pytest.mark.usefixtures("on")
def test_work_is_told_from_its_rows(client: Client) -> None:
    BriefingPackFactory(queued_at=timezone.now() - timedelta(seconds=100))
    BriefingPackFactory(ready=True)
    WorkerHeartbeat.objects.beat("host/1")
    text = client.get("/metrics", headers=WITH_TOKEN).text
    assert value(text, 'portal_packs{state="queued"}') == 1
    assert value(text, 'portal_packs{state="ready"}') == 1
    assert value(text, 'portal_packs{state="failed"}') == 0
    assert 100 <= (value(text, 'portal_queue_age_seconds{work="packs"}') or 0) < 160
    assert value(text, "portal_workers_alive") == 1
    assert 0 <= (value(text, "portal_worker_heartbeat_age_seconds") or 0) < 60
    assert value(text, 'portal_imports{state="applied"}') == 0
    assert value(text, 'portal_webhook_deliveries{state="queued"}') == 0
    assert value(text, "portal_database_up") == 1


REQUESTS = """
import sys
import django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.test import Client
for path in sys.argv[1:]:
    answer = Client().get(path, headers={"authorization": "Bearer %s"} if path == "/metrics" else {})
print(answer.text)
"""


@pytest.mark.slow
def test_whichever_process_is_asked_tells_of_all(
    child_environment: dict[str, str], checkout: Path, tmp_path: Path
) -> None:
    """One process answers requests and ends; another answers some and is asked for the metrics."""
    environment = {**child_environment, "VAR_DIR": str(tmp_path), "METRICS_TOKEN": TOKEN, "SECRET_KEY": "x" * 50}
    environment |= {"PYTHONWARNINGS": "ignore", "ALLOWED_HOSTS": "testserver"}

    def run(*paths: str) -> str:
        command = [sys.executable, "-c", REQUESTS % TOKEN, *paths]
        made = subprocess.run(command, cwd=checkout, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return made.stdout

    run("/measures/", "/evil/1/", "/evil/2/")
    text = run("/measures/", "/measures/", "/evil/3/", "/metrics")
    of_views = 'portal_http_requests_total{method="GET",status="200",view="benefits:measures"}'
    before_views = 'portal_http_requests_total{method="GET",status="%s",view="answered before any view"}'
    assert value(text, of_views) == value(text, 'portal_http_request_seconds_count{view="benefits:measures"}') == 2
    assert value(text, before_views % 404) == 3
    # The second asking of one process was answered by what that process had kept.
    assert value(text, before_views % 200) == 1
    assert "evil" not in text
