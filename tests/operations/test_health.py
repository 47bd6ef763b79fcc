"""What is told of a site's parts, and that each is red when it must be."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision

from portal.accounts.models import WaitingMail
from portal.exchange.models import ImportBatch
from portal.operations import parts, probes
from portal.operations.models import WorkerHeartbeat
from portal.webhooks.models import Delivery, Webhook
from tests.factories import BriefingPackFactory, InnovationFactory, NetworkFactory

SECRET = "hunter2-hunter2"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    probes.forget_findings()
    parts._none_missing.cache_clear()


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    probes.forget_findings()
    answer = client.get("/health/ready")
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert (told["status"] == "ok") == (answer.status_code == 200)
    return answer.status_code, told["checks"]


def failing(checks: dict[str, Any]) -> list[str]:
    """Return the parts that are not well; each says what to do."""
    bad = [part for part, check in checks.items() if check["status"] != "ok"]
    assert all(checks[part]["fix"] for part in bad)
    return bad


def test_a_living_process_says_so_without_a_database_host_name_or_https(settings: Any) -> None:
    """Without the mark `django_db` a query raises."""
    settings.SECURE_SSL_REDIRECT = True
    answer = Client(headers={"host": "10.1.2.3"}).get("/health/live")
    assert (answer.status_code, answer.json(), answer["Cache-Control"]) == (200, {"status": "ok"}, "no-store")
    assert Client().post("/health/live").status_code == 405
    assert Client().get("/health/other").status_code in (301, 400)


@pytest.mark.django_db
def test_all_is_well_with_a_worker_and_an_empty_queue(client: Client) -> None:
    WorkerHeartbeat.objects.beat("host/1")
    status, checks = ready(client)
    assert (status, failing(checks)) == (200, [])
    assert list(checks) == ["database", "migrations", "broker", "storage", "worker", "queue"]


@pytest.mark.django_db
def test_no_worker_for_long_is_red_and_a_new_beat_makes_it_well(client: Client) -> None:
    assert failing(ready(client)[1]) == ["worker"]
    WorkerHeartbeat.objects.beat("host/1")
    WorkerHeartbeat.objects.update(at=timezone.now() - timedelta(seconds=90))
    status, checks = ready(client)
    assert (status, failing(checks)) == (503, ["worker"])
    assert "90 s" in checks["worker"]["says"] or "91 s" in checks["worker"]["says"]
    WorkerHeartbeat.objects.beat("host/2")
    assert ready(client)[0] == 200


@pytest.mark.django_db
def test_a_worker_beats_into_one_row_and_those_long_silent_are_forgotten() -> None:
    WorkerHeartbeat.objects.beat("host/1")
    WorkerHeartbeat.objects.update(at=timezone.now() - timedelta(days=2))
    WorkerHeartbeat.objects.beat("host/2")
    WorkerHeartbeat.objects.beat("host/2")
    assert [row.worker for row in WorkerHeartbeat.objects.all()] == ["host/2"]


@pytest.mark.django_db
def test_a_queue_that_has_waited_too_long_is_red(client: Client, settings: Any) -> None:
    WorkerHeartbeat.objects.beat("host/1")
    pack = BriefingPackFactory()
    assert ready(client)[0] == 200
    long_ago = timezone.now() - timedelta(seconds=settings.HEALTH_QUEUE_SECONDS + 5)
    type(pack).objects.update(queued_at=long_ago)
    assert failing(ready(client)[1]) == ["queue"]
    type(pack).objects.update(state="cancelled")
    assert ready(client)[0] == 200


WAITING: dict[str, Callable[[datetime], Any]] = {
    "imports": lambda since: ImportBatch.objects.create(
        network=NetworkFactory(), file_name="rota.csv", file_size=1, waits_since=since
    ),
    "mail": lambda since: WaitingMail.objects.create(to="nia@example.nhs.uk", subject="x", text="y", due_at=since),
    "webhooks": lambda since: Delivery.objects.create(
        webhook=Webhook.objects.create(address="https://a.example/"), event="portal.test", body="{}", next_at=since
    ),
    "publications": lambda since: Revision.objects.filter(pk=InnovationFactory().save_revision().pk).update(
        approved_go_live_at=since
    ),
    "data files": lambda since: WorkerHeartbeat.objects.update(began_at=since),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", WAITING)
def test_whatever_kind_of_work_waits_too_long_is_red(client: Client, settings: Any, kind: str) -> None:
    settings.OUTGOING, settings.DATA_FILES_KEEP_READY = True, kind == "data files"
    # No hour of the night lies between the moments looked at.
    settings.DATA_FILES_HOUR = (timezone.localtime().hour + 12) % 24
    WorkerHeartbeat.objects.beat("host/1")
    now = timezone.now()
    WAITING[kind](now + timedelta(seconds=60) if kind != "imports" else now)
    assert ready(client)[0] == 200
    WAITING[kind](now - timedelta(seconds=settings.HEALTH_QUEUE_SECONDS + 5))
    status, checks = ready(client)
    assert (status, failing(checks)) == (503, ["queue"])
    assert f"{kind} for 180" in checks["queue"]["says"]


@pytest.mark.django_db
def test_a_missing_migration_is_red_until_it_is_there(client: Client) -> None:
    WorkerHeartbeat.objects.beat("host/1")
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("operations", "0001_initial")
    status, checks = ready(client)
    assert (status, failing(checks)) == (503, ["migrations"])
    assert "operations.0001_initial" in checks["migrations"]["says"]
    recorder.record_applied("operations", "0001_initial")
    assert ready(client)[0] == 200


@pytest.mark.django_db
def test_storage_that_can_not_be_written_is_red(client: Client, settings: Any, tmp_path: Path) -> None:
    WorkerHeartbeat.objects.beat("host/1")
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = tmp_path / "file"
    status, checks = ready(client)
    assert (status, failing(checks)) == (503, ["storage"])
    assert str(tmp_path) not in str(checks)
    settings.MEDIA_ROOT = tmp_path / "media"
    assert ready(client)[0] == 200
    assert list((tmp_path / "media").iterdir()) == []


@pytest.mark.django_db
def test_a_broker_that_is_away_is_red_within_its_time_and_its_password_is_not_told(
    client: Client, settings: Any
) -> None:
    WorkerHeartbeat.objects.beat("host/1")
    settings.CELERY_BROKER_URL = f"redis://:{SECRET}@127.0.0.1:1/0"
    began = timezone.now()
    status, checks = ready(client)
    assert (timezone.now() - began).total_seconds() < 2
    assert (status, failing(checks)) == (503, ["broker"])
    assert SECRET not in str(checks)


@pytest.mark.django_db
def test_without_the_database_nothing_that_lives_in_it_is_asked(client: Client, monkeypatch: Any) -> None:
    def away(*args: Any) -> None:
        raise ConnectionError(f"password {SECRET} refused")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", away)
        patched.setattr(connection, "close", lambda: None)
        status, checks = ready(client)
    assert status == 503
    assert {part for part, check in checks.items() if check["status"] != "ok"} == {
        *("database", "migrations", "worker", "queue")
    }
    assert checks["database"]["fix"]
    assert checks["storage"]["status"] == "ok"
    assert SECRET not in str(checks)


@pytest.mark.django_db
def test_a_part_that_fails_in_an_unforeseen_way_is_red_and_tells_no_detail(client: Client, monkeypatch: Any) -> None:
    def breaks() -> str:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(probes, "NEEDED", [("database", parts.look_at_database), ("storage", breaks)])
    status, checks = ready(client)
    assert (status, failing(checks)) == (503, ["storage"])
    assert SECRET not in str(checks)


@pytest.mark.django_db
def test_asking_often_looks_once_in_two_seconds(client: Client, monkeypatch: Any) -> None:
    looked: list[int] = []
    monkeypatch.setattr(probes, "NEEDED", [("database", lambda: looked.append(1) or "well")])
    assert [client.get("/health/ready").status_code for _ in range(5)] == [200] * 5
    assert looked == [1]
