"""The rehearsal: a site that is written to is backed up, restored elsewhere, and compared with what was promised."""

import hashlib
import lzma
import random
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection

from portal.core.private_files import private_files
from portal.operations.backing_up import back_up
from portal.operations.databases import NAMES
from tests.core.test_private_files import read, use_bucket
from tests.operations.writing_all_the_time import write

BACKUPS = 2


@pytest.fixture
def own_var(settings: Any, tmp_path: Path, child_environment: dict[str, str]) -> dict[str, str]:
    """A site of its own for what this test keeps; the environment of its processes."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path / "site", tmp_path / "site" / "media"
    (tmp_path / "site").mkdir()
    return {**child_environment, "VAR_DIR": str(settings.VAR_DIR), "SECRET_KEY": settings.SECRET_KEY}


@pytest.fixture
def elsewhere(own_var: dict[str, str], tmp_path: Path) -> Iterator[Any]:
    """Make clean sites: a folder, and on PostgreSQL a database, each; gone after the test."""
    made: list[str] = []

    def make(number: int) -> dict[str, str]:
        var = tmp_path / f"elsewhere-{number}"
        var.mkdir()
        if connection.vendor == "sqlite":
            return {**own_var, "VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var}/portal.sqlite3"}
        made.append(f"restored_{uuid.uuid4().hex[:8]}")
        with psycopg.connect(own_var["DATABASE_URL"], autocommit=True) as server:
            server.execute(f"CREATE DATABASE {made[-1]} TEMPLATE template0")
        url = urlsplit(own_var["DATABASE_URL"])._replace(path=f"/{made[-1]}").geturl()
        return {**own_var, "VAR_DIR": str(var), "DATABASE_URL": url}

    yield make
    for name in made:
        with psycopg.connect(own_var["DATABASE_URL"], autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


WRITTEN = "SELECT title, attachment FROM evidence_evidence ORDER BY id"


def rows_in(environment: dict[str, str], query: str = WRITTEN) -> list[Any]:
    url = environment["DATABASE_URL"]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            return database.execute(query).fetchall()
    with psycopg.connect(url) as server:
        return server.execute(query).fetchall()


def acknowledged(ledger: Path) -> list[int]:
    return [int(line) for line in ledger.read_text().splitlines()] if ledger.exists() else []


def wait_for(ledger: Path, count: int, writer: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 120
    while len(acknowledged(ledger)) < count:
        assert writer.poll() is None
        assert time.monotonic() < deadline, "the writer does not write"
        time.sleep(0.05)


@pytest.mark.slow
def test_a_backup_made_under_load_holds_all_that_was_acknowledged(
    own_var: dict[str, str], elsewhere: Any, checkout: Path, tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger"
    command = [sys.executable, "-m", "tests.operations.writing_all_the_time", str(ledger)]
    writer = subprocess.Popen(command, cwd=checkout, env=own_var)
    taken: list[tuple[Path, set[int], set[int]]] = []
    try:
        for _ in range(BACKUPS):
            wait_for(ledger, len(acknowledged(ledger)) + 5, writer)
            time.sleep(random.random() / 2)
            promised = set(acknowledged(ledger))
            archive, manifest = back_up(tmp_path)
            taken.append((archive, promised, set(acknowledged(ledger))))
            assert manifest.gone == []
    finally:
        writer.terminate()
        writer.wait(timeout=30)
    assert len(taken[-1][2]) > len(taken[0][1]), "nothing was written beside the backups"

    there, rows = elsewhere(0), []
    for number, (archive, promised, at_most) in enumerate(taken):
        if number:
            with open_elsewhere(there):
                refused = restore(archive, "--replace", checkout=checkout, environment=there)
            assert refused.returncode == 1
            assert "have the database open. Stop web servers and workers" in refused.stderr
            assert rows_in(there) == rows
        restored = restore(archive, *["--replace"][:number], checkout=checkout, environment=there)
        assert restored.returncode == 0, restored.stderr
        assert "Rows, files, search and trail agree." in restored.stdout
        rows = rows_in(there)
        written = {int(title.split()[1]) for title, _ in rows}
        # One may be committed and not yet acknowledged when the backup is taken.
        assert promised <= written <= at_most | {max(at_most) + 1}
        for title, attachment in rows:
            content = Path(there["VAR_DIR"], "media", attachment).read_bytes()
            assert content == title.encode() * 1000
            assert hashlib.sha256(content).hexdigest() in attachment


def restore(
    archive: Path, *options: str, checkout: Path, environment: dict[str, str]
) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", "restore", str(archive), *options]
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def open_elsewhere(environment: dict[str, str]) -> Iterator[None]:
    """Have the database open in another process, which does nothing, as a web server that nobody asks."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", OPEN]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as idle:
        assert idle.stdout
        assert idle.stdout.readline() == "open\n"
        yield
        idle.kill()


OPEN = """
import time
from django.db import connection
connection.cursor().execute("SELECT 1")
print("open", flush=True)
time.sleep(600)
"""


@pytest.mark.slow
def test_files_in_a_bucket_are_backed_up_and_restored_into_another(
    own_var: dict[str, str], elsewhere: Any, bucket: dict[str, Any], settings: Any, checkout: Path, tmp_path: Path
) -> None:
    use_bucket(settings, bucket, location="here")
    for number in range(2):
        write(number)
    private_files().save("briefs/1.pdf", ContentFile(b"made again"))
    archive, manifest = back_up(tmp_path)
    kept = {name: read(private_files(), name) for name in private_files().names("evidence")}
    assert {f"files/{name}" for name in kept} == manifest.members.keys() - {NAMES[connection.vendor]}

    use_bucket(settings, bucket, location="there")
    private_files().save("packs/older.pdf", ContentFile(b"of what was there before"))
    keys = {f"S3_{name.upper()}": bucket[name] for name in ("access_key", "secret_key")}
    place = {"S3_BUCKET": bucket["bucket_name"], "S3_ENDPOINT": bucket["endpoint_url"], "S3_PREFIX": "there"}
    there = {**elsewhere(0), **keys, **place, "S3_REGION": bucket["region_name"]}
    refused = restore(archive, checkout=checkout, environment=there)
    assert (refused.returncode, "Say --replace" in refused.stderr) == (1, True)
    restored = restore(archive, "--replace", checkout=checkout, environment=there)

    assert restored.returncode == 0, restored.stderr
    assert "Rows, files, search and trail agree." in restored.stdout
    assert {name: read(private_files(), name) for name in private_files().names()} == kept
    assert len(rows_in(there)) == len(kept) == 2


@pytest.mark.slow
def test_the_previous_releases_database_is_upgraded(elsewhere: Any, checkout: Path, tmp_path: Path) -> None:
    """Restored and migrated, rows and search agree with each other, and nothing of what was there is lost."""
    kept = checkout / "tests/operations/releases" / f"{connection.vendor}.tar.xz"
    archive = tmp_path / "release.tar"
    archive.write_bytes(lzma.decompress(kept.read_bytes()))
    there = elsewhere(1)

    def manage(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=checkout,
            env=there,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "Rows, files, search and trail agree." in manage("restore", str(archive), "--of-another-site")
    manage("migrate", "--check", "--skip-checks")
    query = """
        SELECT entry.title, figure.value, source.title FROM catalogue_entry entry
        JOIN benefits_benefitfigure figure ON figure.entry_id = entry.id
        JOIN catalogue_entryevidence cited ON cited.entry_id = entry.id
        JOIN evidence_evidence source ON source.id = cited.evidence_id
        WHERE entry.slug = 'kept' AND entry.live AND source.title = 'Kept source'
    """
    [(title, value, source)] = rows_in(there, query)
    assert (title, Decimal(str(value)), source) == ("Kept over the upgrade", Decimal("1234.5"), "Kept source")
    # What is new has a value that means "unknown", and work that waited still waits.
    assert rows_in(there, "SELECT state, request_id, file_sha256 FROM briefings_briefingpack") == [("queued", "", "")]


@pytest.mark.slow
def test_what_is_lost_or_altered_behind_a_row_is_named(own_var: dict[str, str], capsys: Any) -> None:
    for number in range(3):
        write(number)
    call_command("verify")
    assert capsys.readouterr().out == "Rows, files, search and trail agree.\n"
    [first, second, _] = sorted(Path(own_var["VAR_DIR"], "media/evidence").rglob("*.txt"), key=lambda path: path.name)
    first.unlink()
    content = bytearray(second.read_bytes())
    content[7] ^= 1
    second.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        call_command("verify")
    told = capsys.readouterr().out
    assert ended.value.code == 1
    assert "“Write 0”: the file" in told
    assert "is lost" in told
    assert "“Write 1”: the file" in told
    assert "was altered" in told
    assert "Write 2" not in told
    assert told.endswith("2 problems.\n")
