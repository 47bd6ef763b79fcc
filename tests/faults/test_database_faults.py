"""Faults 21 and 23 to 26: the database is read-only, locked, killed in a commit, or two writers want the same."""

import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.commands.processes import wait_until
from tests.factories import InnovationFactory
from tests.faults.site import FORM, ask_for_pack, readers, timed

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Repeat = Callable[[int, int], int]


def assert_kept_for_later(answer: Any) -> None:
    """Hold a refused form to the page that keeps what was typed and says what to do."""
    status, headers, body = answer
    page = body.decode()
    assert (status, headers["Retry-After"]) == (503, "30")
    assert "Not saved yet" in page
    assert 'value="The board is asked to approve &lt;three&gt; rotas &amp; a bank."' in page
    assert "Traceback" not in page


@contextmanager
def holding_the_database() -> Iterator[None]:
    """Keep everybody else from writing, as a long job of an administrator's would."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
    else:
        import psycopg

        other = psycopg.connect(**_server())
        other.execute("LOCK TABLE briefings_briefingpack, wagtailcore_revision IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def _server() -> dict[str, Any]:
    told = connection.settings_dict
    return {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "dbname": told["NAME"]}


@pytest.mark.long
def test_fault_23_and_24_a_save_waits_for_a_lock_then_says_so_and_keeps_the_text(start_site):
    entry = InnovationFactory(published=True)
    site = start_site(processes=1)
    page = f"/innovations/{entry.slug}/"
    most = 20 if connection.vendor == "sqlite" else 5

    with holding_the_database(), readers(site, page, "/catalogue/", threads=1) as told:
        waited, answer = timed(lambda: ask_for_pack(site, entry))

    assert_kept_for_later(answer)
    assert most - 1 < waited < most + 15
    assert {status for _, status in told} == {200}
    assert ask_for_pack(site, entry)[0] == 302


@contextmanager
def only_reading() -> Iterator[None]:
    """Refuse every write: a file system that went read-only, or a server set so."""
    if connection.vendor == "sqlite":
        pytest.skip("root may write to any file; test_disk.py mounts one read-only")
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')


def test_fault_21_reading_goes_on_where_nothing_can_be_written(start_site):
    entry = InnovationFactory(published=True)
    with only_reading():
        site = start_site(processes=1)
        for path in ("/", f"/innovations/{entry.slug}/", "/catalogue/?q=rota", "/api/v1/entries/"):
            assert site.status(path) == 200, path
        assert_kept_for_later(ask_for_pack(site, entry))
        status, _, body = site.ask("/packs/basket/add/", method="POST", body=f"entry={entry.slug}", **FORM)
        assert status == 503, body
    assert "Traceback" not in body.decode()


@contextmanager
def opened(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a SQLite file as it was left, and hold it to its own check."""
    reader = sqlite3.connect(database)
    reader.create_function("REGEXP", 2, lambda pattern, text: bool(re.search(pattern, str(text))))
    assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    yield reader
    reader.close()


def copy_of(file: Path, copy: Path) -> None:
    """Copy a file of SQLite's by another process: to close it in this one would end the locks this one has on it."""
    subprocess.run(["cp", str(file), str(copy)], check=True)


WRITE_ON = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
database.execute("PRAGMA journal_mode=WAL")
database.execute("PRAGMA synchronous=FULL")
database.execute("CREATE TABLE IF NOT EXISTS written (number INTEGER PRIMARY KEY, text TEXT)")
number = database.execute("SELECT coalesce(max(number), 0) FROM written").fetchone()[0]
while True:
    number += 1
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO written VALUES (?, ?)", (number, "x" * 5000))
    database.execute("COMMIT")
    print(number, flush=True)
"""


def test_fault_25_what_sqlite_committed_outlives_its_writer(tmp_path: Path, repeat: Repeat):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own fault")
    database, last = tmp_path / "site.sqlite3", 0
    copy_of(Path(connection.settings_dict["NAME"]), database)
    for _ in range(repeat(10, 200)):
        command = [sys.executable, "-c", WRITE_ON, str(database)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(0.02)
            process.kill()
            told = [int(line) for line in process.stdout if line.endswith("\n")]
        last = max([last, *told])
        with opened(database) as reader:
            assert reader.execute("SELECT max(number) >= ? FROM written", (last,)).fetchone() == (1,)


def test_fault_31_what_was_acknowledged_is_in_a_copy_taken_at_any_moment(start_site, writer, tmp_path: Path, repeat):
    """The nearest to a power cut without one: all is stopped, and the files are copied as they are."""
    if connection.vendor != "sqlite":
        pytest.skip("a server has a log of its own; test_postgresql.py kills it")
    site = start_site(processes=2)
    writing = writer(site)
    database = Path(connection.settings_dict["NAME"])
    with writing.writing():
        for number in range(repeat(3, 50)):
            assert wait_until(lambda least=number: len(writing.acknowledged) > least, seconds=30)
            stopped = site.workers()
            for process in stopped:
                process.suspend()
            acknowledged, copy = list(writing.acknowledged), tmp_path / f"copy-{number}.sqlite3"
            for suffix in ("", "-wal"):
                if (part := database.with_name(database.name + suffix)).exists():
                    copy_of(part, copy.with_name(copy.name + suffix))
            for process in stopped:
                process.resume()
            with opened(copy) as reader:
                found = {slug for (slug,) in reader.execute("SELECT slug FROM catalogue_entry")}
            assert acknowledged
            assert set(acknowledged) <= found
