"""Faults 19, 20 and 22: PostgreSQL is restarted or killed under load, or has no connections left."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.commands.processes import wait_until
from tests.faults.servers import PostgreSQL
from tests.faults.site import Site, Writer, readers

pytestmark = [pytest.mark.slow, pytest.mark.long]
Repeat = Callable[[int, int], int]
PREPARE = """
import django; django.setup()
from tests.exchange.keys import System
from tests.factories import InnovationFactory
InnovationFactory(published=True, slug="rota")
print(System().key)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgreSQL]:
    server = PostgreSQL(tmp_path, most_connections=20)
    yield server
    server.end()


@pytest.fixture
def scene(server: PostgreSQL, checkout: Path, static_files: Path, tmp_path: Path) -> Iterator[tuple[Site, Writer]]:
    """A site over that server alone, with an entry, and a writer."""
    var_dir = tmp_path / "var"
    var_dir.mkdir()
    (var_dir / "static").symlink_to(static_files)
    limits = {"API_PER_MINUTE": "1000000", "API_PER_MINUTE_BY_KEY": "1000000"}
    environment = {**os.environ, **limits, "DATABASE_URL": server.url, "VAR_DIR": str(var_dir), "REDIS_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"

    def run(*command: str) -> str:
        told = subprocess.run(
            [sys.executable, *command], cwd=checkout, env=environment, check=True, capture_output=True
        )
        return told.stdout.decode()

    run("manage.py", "migrate", "--noinput", "--verbosity=0")
    key = run("-c", PREPARE).split()[-1]
    site = Site(environment=environment, folder=checkout, processes=2)
    yield site, Writer(site, key)
    site.end()


def drafts_in(server: PostgreSQL) -> set[str]:
    with psycopg.connect(server.url) as connection:
        return {slug for (slug,) in connection.execute("SELECT slug FROM catalogue_entry")}


def test_fault_19_and_20_a_restarted_or_killed_server_costs_seconds_and_nothing_acknowledged(
    server: PostgreSQL, scene: Any, repeat: Repeat
):
    site, writing = scene
    with writing.writing(), readers(site, "/innovations/rota/", threads=1) as told:
        for number in range(repeat(2, 20)):
            before = len(writing.acknowledged)
            assert wait_until(lambda least=before: len(writing.acknowledged) > least, seconds=30)
            if number % 2:
                server.kill()
                time.sleep(0.5)
                server.start()
            else:
                server.restart()
            before, begun = len(writing.acknowledged), time.monotonic()
            assert wait_until(lambda least=before: len(writing.acknowledged) > least, seconds=30)
            assert time.monotonic() - begun < 15
            # No connection that broke is used again.
            assert [site.status(f"/innovations/rota/?{number}-{turn}") for turn in range(8)] == [200] * 8

    assert {status for _, status in told} <= {200, 503}
    assert set(writing.refused) <= {503}
    assert set(writing.acknowledged) <= drafts_in(server)


def test_fault_22_with_no_connections_left_people_wait_or_are_told_and_it_ends_by_itself(
    server: PostgreSQL, scene: Any
):
    site, writing = scene
    taken = []
    try:
        while True:
            taken.append(psycopg.connect(server.url))
    except psycopg.OperationalError:
        pass

    with ThreadPoolExecutor(200) as pool:
        told = set(pool.map(lambda number: site.status(f"/innovations/rota/?{number}", seconds=120), range(200)))
    for connection in taken:
        connection.close()

    # Nobody's line is cut: eight threads wait three seconds each, so the last of two hundred knows after 75.
    assert told <= {200, 503}
    assert wait_until(lambda: site.status("/innovations/rota/?after") == 200, seconds=30)
    assert writing.write_one() == 201
