"""Faults 8 and 56: migrations are killed, or run while the release before them serves."""

import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.db.migrations import AddField, CreateModel
from django.db.migrations.loader import MigrationLoader

from portal.operations.archive import unpack
from portal.operations.databases import NAMES
from tests.commands.processes import wait_until
from tests.faults.servers import PostgreSQL
from tests.faults.site import Site, Writer, ask_for_pack, readers

pytestmark = [pytest.mark.slow]


class Kept(NamedTuple):
    """The database of the release before, in a file as it was backed up, and the migrations it had."""

    file: Path
    migrations: set[str]


@pytest.fixture(scope="module")
def kept(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("release")
    archive = folder / "release.tar"
    stored = checkout / "tests/operations/releases" / f"{connection.vendor}.tar.xz"
    archive.write_bytes(lzma.decompress(stored.read_bytes()))
    manifest = unpack(archive, folder, of_another_site=True)
    return Kept(folder / NAMES[connection.vendor], {f"{app}/{name}" for app, name in manifest.migrations})


@pytest.fixture
def upgraded(kept: Kept, tmp_path: Path) -> Iterator[Callable[[], dict[str, str]]]:
    """Make a database of the release before; return the environment of whoever upgrades it."""
    servers: list[PostgreSQL] = []

    def make(name: str) -> dict[str, str]:
        folder = tmp_path / name
        folder.mkdir()
        if connection.vendor == "sqlite":
            shutil.copyfile(kept.file, folder / "portal.sqlite3")
            url = f"sqlite:///{folder}/portal.sqlite3"
        else:
            servers.append(PostgreSQL(folder))
            url = servers[-1].url
            subprocess.run(["pg_restore", "--no-owner", f"--dbname={url}", str(kept.file)], check=True)
        return {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}

    yield make
    for server in servers:
        server.end()


SHAPE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
    "postgresql": """
        SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
        WHERE table_schema = 'public'
        UNION ALL SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2, 3
    """,
}
RECORDED = "SELECT app, name FROM django_migrations ORDER BY app, name"


def asked(environment: dict[str, str], query: str) -> list[Any]:
    url = environment["DATABASE_URL"]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            return database.execute(query).fetchall()
    import psycopg

    with psycopg.connect(url) as server:
        return server.execute(query).fetchall()


def test_fault_8_a_migration_is_recorded_in_the_transaction_that_makes_it(
    upgraded: Callable[..., dict[str, str]], checkout: Path
) -> None:
    """Django's own way leaves most of them made and not recorded, and the next run stops at what it finds made."""
    site = upgraded("site")
    before = len(asked(site, RECORDED))
    with dying_migrations(site, checkout) as migrate_until:
        for deaths in range(1, 7):
            assert migrate_until("commit") == "died"
            assert len(asked(site, RECORDED)) == before + deaths


@pytest.mark.long
def test_fault_8_a_killed_migration_begins_again_and_finishes(
    upgraded: Callable[..., dict[str, str]], checkout: Path
) -> None:
    unharmed, harmed = upgraded("unharmed"), upgraded("harmed")
    with dying_migrations(unharmed, checkout) as migrate_until:
        assert migrate_until("the end") == "ended"
    with dying_migrations(harmed, checkout) as migrate_until:
        number = 1
        while (told := migrate_until(f"{number}")) == "died":
            number += 1
    assert (told, number > 10) == ("ended", True)
    assert asked(harmed, RECORDED) == asked(unharmed, RECORDED)
    assert asked(harmed, SHAPE[connection.vendor]) == asked(unharmed, SHAPE[connection.vendor])


@contextmanager
def dying_migrations(environment: dict[str, str], checkout: Path) -> Iterator[Callable[[str], str]]:
    """Migrate in a child that dies at a moment; told is whether it died or came to its end."""
    command = [sys.executable, "-m", "tests.faults.dying_saves", "migrate"]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=checkout, env=environment, **pipes) as process:
        assert process.stdin
        assert process.stdout
        told, sent = process.stdout, process.stdin
        assert told.readline() == "ready\n"

        def migrate_until(moment: str) -> str:
            sent.write(f"{moment}\n")
            sent.flush()
            return told.readline().strip()

        yield migrate_until
        sent.close()


def test_what_a_migration_adds_the_release_before_can_leave_out(kept: Kept) -> None:
    """It writes rows while and after its database is migrated, and knows nothing of the new columns."""
    later = {
        key: migration
        for key, migration in MigrationLoader(None).disk_migrations.items()
        if "/".join(key) not in kept.migrations
    }
    made = {
        (app, operation.name_lower)
        for (app, _), migration in later.items()
        for operation in migration.operations
        if isinstance(operation, CreateModel)
    }
    needed = [
        f"{app}.{operation.model_name}.{operation.name}"
        for (app, _), migration in later.items()
        for operation in migration.operations
        if isinstance(operation, AddField)
        and (app, operation.model_name_lower) not in made
        and not (operation.field.null or operation.field.has_db_default() or operation.field.many_to_many)
    ]
    assert needed == []


PREPARE = """
import django; django.setup()
from tests.exchange.keys import System
from tests.factories import OrganisationFactory, UserFactory
for factory in (OrganisationFactory, UserFactory):
    factory.reset_sequence(1000)
print(System().key)
"""


@pytest.fixture
def release_before(kept: Kept, checkout: Path, tmp_path: Path) -> Path:
    """The code of the release before: of this branch's commits the newest that knows no later migration."""

    def git(*command: str) -> str:
        done = subprocess.run(["git", *command], cwd=checkout, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"without its history there is no earlier release here: {done.stderr.strip()}")
        return done.stdout

    def migrations_of(commit: str) -> set[str]:
        paths = [Path(line) for line in git("ls-tree", "-r", "--name-only", commit).splitlines()]
        return {
            f"{path.parts[-3]}/{path.stem}"
            for path in paths
            if path.suffix == ".py" and path.parts[-2:-1] == ("migrations",) and path.stem != "__init__"
        }

    for commit in git("rev-list", "--first-parent", "HEAD").split():
        if migrations_of(commit) <= kept.migrations:
            break
    else:
        pytest.skip("this branch is not as old as that release")
    old = tmp_path / "release-before"
    old.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=checkout, stdout=subprocess.PIPE, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(old)], input=archive, check=True)
    (old / "node_modules").symlink_to(checkout / "node_modules")
    return old


@pytest.mark.long
def test_fault_56_the_release_before_serves_while_its_database_is_migrated_and_after(
    upgraded: Callable[..., dict[str, str]], release_before: Path, checkout: Path
) -> None:
    environment = upgraded("site")
    environment |= {"API_PER_MINUTE": "1000000", "API_PER_MINUTE_BY_KEY": "1000000", "REDIS_URL": ""}

    def run(folder: Path, *command: str) -> str:
        done = subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    key = run(release_before, "-c", PREPARE).split()[-1]
    run(release_before, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
    old = Site(environment=environment, folder=release_before)
    entry = SimpleNamespace(slug="kept")
    new = None
    try:
        before, after = Writer(old, key, "before"), Writer(old, key, "after")
        pages = ("/", "/innovations/kept/", "/catalogue/?q=kept", "/api/v1/entries/")
        with before.writing(), readers(old, *pages, threads=1) as told:
            assert wait_until(lambda: len(before.acknowledged) > 2, seconds=30)
            run(checkout, "manage.py", "migrate", "--noinput", "--verbosity=0", "--skip-checks")
            count = len(before.acknowledged)
            assert wait_until(lambda: len(before.acknowledged) > count + 2, seconds=30)
            assert ask_for_pack(old, entry, "Of the release before")[0] == 302
            run(checkout, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
            new = Site(environment=environment, folder=checkout)
            with after.writing():
                after.site = new
                assert wait_until(lambda: len(after.acknowledged) > 2, seconds=30)
                assert ask_for_pack(new, entry, "Of this release")[0] == 302
        assert {status for _, status in told} == {200}
        assert (before.refused, before.cut, after.refused, after.cut) == ([], 0, [], 0), old.said[-3000:]
        # The release before answers 500 after twenty seconds: its writes must come in between two migrations.
        assert before.longest < 5
        assert [new.status(page) for page in pages] == [200] * len(pages)
        slugs = {slug for (slug,) in asked(environment, "SELECT slug FROM catalogue_entry")}
        assert {*before.acknowledged, *after.acknowledged} <= slugs
    finally:
        for site in filter(None, (old, new)):
            site.end()
