"""A look at each part that a running site needs: quick, and with the fix where it is not well."""

import time
import uuid
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from portal.core.private_files import private_files
from portal.operations.findings import Look, NotWell
from portal.operations.models import WorkerHeartbeat
from portal.operations.queues import queue_ages

BROKER_SECONDS = 0.25
CONNECTION_SECONDS = 2
SILENT_AFTER = timedelta(seconds=60)


def look_at_database() -> str:
    began = time.monotonic()
    try:
        pool = getattr(connection, "pool", None) if connection.connection is None else None
        if pool:
            # The pool waits ten seconds for a connection; who asks for health can't.
            pool.open()
            with pool.connection(timeout=CONNECTION_SECONDS):
                pass
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:
        connection.close()
        raise NotWell(
            f"The database does not answer ({type(error).__name__}).",
            "Start the database, or correct DATABASE_URL; it may have no connection free.",
        ) from error
    return f"{connection.display_name} answered in {_milliseconds(began)} ms."


def look_at_migrations() -> str:
    missing = missing_migrations()
    if missing:
        _none_missing.cache_clear()
        raise NotWell(f"{len(missing)} migrations are missing, first {missing[0]}.", "Run manage.py migrate.")
    return "All migrations are there."


def missing_migrations() -> list[str]:
    try:
        return _none_missing()
    except _Missing as missing:
        return missing.names


class _Missing(Exception):
    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names


@cache
def _none_missing() -> list[str]:
    """Return an empty list, which is kept: once all are there, this release misses none. Raises _Missing."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise _Missing([f"{migration.app_label}.{migration.name}" for migration, _ in plan])
    return []


def look_at_broker() -> str:
    if settings.CELERY_BROKER_URL.startswith("memory://"):
        return "None is needed: the worker rings itself."
    began = time.monotonic()
    try:
        with Redis.from_url(
            settings.CELERY_BROKER_URL,
            socket_connect_timeout=BROKER_SECONDS,
            socket_timeout=BROKER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        ) as redis:
            redis.ping()
    except (RedisError, OSError) as error:
        raise NotWell(
            f"Redis does not answer ({type(error).__name__}).",
            "Start Redis, or correct REDIS_URL. Pages are served meanwhile, and packs wait in their rows.",
        ) from error
    return f"Redis answered in {_milliseconds(began)} ms."


def look_at_storage() -> str:
    """Write, read and remove a small file where packs and attachments are kept."""
    began = time.monotonic()
    files, content = private_files(), uuid.uuid4().hex.encode()
    try:
        name = files.save(f".probe-{content.decode()}", ContentFile(content))
        try:
            with files.open(name) as file:
                is_same = file.read() == content
        finally:
            files.delete(name)
    except OSError as error:
        raise NotWell(f"A file can't be kept ({_reason(error)}).", files.fix) from error
    if not is_same:
        raise NotWell("A file came back with another content.", files.fix)
    return f"A file was written, read and removed in {_milliseconds(began)} ms."


def look_at_worker() -> str:
    newest = WorkerHeartbeat.objects.newest_first().first()
    fix = "Start a worker: manage.py serve --only worker. Packs and imports wait in their rows until then."
    if newest is None:
        raise NotWell("No worker has ever given a sign of life.", fix)
    if newest.age > SILENT_AFTER:  # type: ignore[attr-defined]
        raise NotWell(f"No worker has given a sign of life for {_seconds(newest.age)} s.", fix)  # type: ignore[attr-defined]
    return f"A worker gave a sign of life {_seconds(newest.age)} s ago."  # type: ignore[attr-defined]


def look_at_queue() -> str:
    waiting = {kind: age for kind, age in queue_ages().items() if age}
    told = ", ".join(f"{kind} for {age:.0f} s" for kind, age in waiting.items())
    if any(age > settings.HEALTH_QUEUE_SECONDS for age in waiting.values()):
        raise NotWell(
            f"Work waits, some of it for more than {settings.HEALTH_QUEUE_SECONDS} s: {told}.",
            "See that workers run and take work (their log says what they make, and which server does not answer); "
            "start more of them, or raise RENDER_SLOTS.",
        )
    return f"What has waited longest: {told}." if told else "Nothing waits."


NEEDED: list[tuple[str, Look]] = [
    ("database", look_at_database),
    ("migrations", look_at_migrations),
    ("broker", look_at_broker),
    ("storage", look_at_storage),
    ("worker", look_at_worker),
    ("queue", look_at_queue),
]
"""What a site needs to be ready, in the order in which one would look."""
OF_DATABASE = frozenset({"migrations", "worker", "queue"})
"""Not to be asked where the database does not answer."""


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _seconds(age: timedelta) -> int:
    return round(age.total_seconds())


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
