"""Two web servers and two workers as on two hosts: nothing in common but PostgreSQL, Redis and a bucket."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection

from portal.briefings.models import BriefingPack
from portal.catalogue.services import withdraw_entry
from portal.operations.models import WorkerHeartbeat
from tests.commands.processes import free_port
from tests.exchange.keys import System
from tests.factories import InnovationFactory, UserFactory

NAME = "portal.example.nhs.uk"
SECONDS = 150

pytestmark = [
    pytest.mark.slow,
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql" or "REDIS_URL" not in os.environ, reason="needs what several hosts share"
    ),
]


class Host(NamedTuple):
    port: int
    web: "subprocess.Popen[bytes]"
    worker: "subprocess.Popen[bytes]"

    def ask(self, path: str, *, key: str = "", body: Any = None) -> tuple[int, bytes, dict[str, str]]:
        """Ask as the proxy in front does."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        if key:
            headers |= {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        try:
            asking.request("POST" if body else "GET", path, body=json.dumps(body) if body else None, headers=headers)
            answer = asking.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            asking.close()

    def told(self, path: str) -> Any:
        return json.loads(self.ask(path)[1])


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            if found := condition():
                return found
        except OSError:
            pass
        time.sleep(0.3)
    pytest.fail("It took too long.")


@pytest.fixture
def hosts(
    child_environment: dict[str, str], bucket: dict[str, Any], checkout: Path, tmp_path: Path
) -> Iterator[list[Host]]:
    """Two hosts in production shape, each with a folder of its own."""
    shared = {
        "PORTAL_SHAPE": "production",
        "SECRET_KEY": "of both hosts " * 4,
        "ALLOWED_HOSTS": NAME,
        "SITE_URL": f"https://{NAME}",
        "S3_BUCKET": bucket["bucket_name"],
        "S3_ENDPOINT": bucket["endpoint_url"],
        "S3_ACCESS_KEY": bucket["access_key"],
        "S3_SECRET_KEY": bucket["secret_key"],
        "S3_REGION": bucket["region_name"],
        "KEEP_READY": "false",
        "WEB_PROCESSES": "1",
        "RENDER_SLOTS": "1",
    }
    started: list[Host] = []
    try:
        for number in (1, 2):
            var, port = tmp_path / f"host-{number}", free_port()
            var.mkdir()
            environment = {**child_environment, **shared, "VAR_DIR": str(var), "PORT": str(port)}
            parts = [
                subprocess.Popen(
                    [sys.executable, "-W", "ignore", "manage.py", "serve", "--only", part],
                    cwd=checkout,
                    env=environment,
                    stdout=None if "SHOW_WORKER" in os.environ else subprocess.DEVNULL,
                    stderr=None if "SHOW_WORKER" in os.environ else subprocess.DEVNULL,
                )
                for part in ("web", "worker")
            ]
            started.append(Host(port, *parts))
        yield started
    finally:
        for host in started:
            host.web.terminate()
            host.worker.terminate()
        for host in started:
            host.web.wait(timeout=60)
            host.worker.wait(timeout=60)


def test_what_one_host_is_asked_for_any_worker_makes_and_the_other_hands_out(hosts: list[Host], tmp_path: Path) -> None:
    for slug in ("app", "rota"):
        InnovationFactory(published=True, slug=slug, title=slug.title())
    key = System(scopes=["packs"]).key
    one, two = hosts
    for host in hosts:
        until(lambda host=host: host.ask("/health/live")[0] == 200)
    until(lambda: WorkerHeartbeat.objects.count() == 2)
    for host in hosts:
        status, body, _ = host.ask("/health/ready")
        assert (status, json.loads(body)["status"]) == (200, "ok"), body

    # Asked at the first, made by either worker, downloaded from the second.
    _make_and_download(key, asked_of=one, downloaded_from=two, entries=["app"])
    # With one worker gone the other makes what is asked, and the first host, which did not make it, has it.
    one.worker.terminate()
    one.worker.wait(timeout=60)
    _make_and_download(key, asked_of=two, downloaded_from=one, entries=["rota"])
    assert [pack.attempts for pack in BriefingPack.objects.all()] == [1, 1]
    kept = [path for path in tmp_path.rglob("*.pdf") if "host-" in str(path)]
    assert kept == [], "a host kept what the bucket holds"

    _publishing_is_seen_by_both_at_once(hosts)


def _make_and_download(key: str, *, asked_of: Host, downloaded_from: Host, entries: list[str]) -> None:
    asked = {"title": f"About {entries[0]}", "entries": entries}
    status, body, _ = asked_of.ask("/api/v1/packs/", key=key, body=asked)
    assert status == 201, body
    address = f"/api/v1/packs/{json.loads(body)['token']}/"
    until(lambda: downloaded_from.told(address)["state"] in ("ready", "failed"))
    told = downloaded_from.told(address)
    assert told["state"] == "ready", told
    status, pdf, headers = downloaded_from.ask(f"{address}files/pdf/")
    assert (status, pdf[:5], headers["Content-Type"]) == (200, b"%PDF-", "application/pdf")
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    pack = BriefingPack.objects.get(token=json.loads(body)["token"])
    assert len(pdf) == pack.file_size


def _publishing_is_seen_by_both_at_once(hosts: list[Host]) -> None:
    def slugs(host: Host) -> set[str]:
        return {row["slug"] for row in host.told("/api/v1/innovations/")["results"]}

    assert [slugs(host) for host in hosts] == [{"app", "rota"}] * 2
    entry = InnovationFactory(published=True, slug="new")
    assert [slugs(host) for host in hosts] == [{"app", "rota", "new"}] * 2
    withdraw_entry(entry=entry, by=UserFactory(is_superuser=True), reason="It was withdrawn.")
    assert [slugs(host) for host in hosts] == [{"app", "rota"}] * 2
