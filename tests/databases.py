"""The database as the migrations leave it, kept from one run of the tests to the next: making it takes long."""

import fcntl
import hashlib
import os
import sqlite3
import sys
from importlib import import_module
from pathlib import Path
from typing import IO

from django.db import connection
from django.db.migrations.loader import MigrationLoader


def fingerprint(lock_file: Path) -> str:
    """Return what changes with any migration and with any package that one may call."""
    digest = hashlib.sha256(lock_file.read_bytes())
    digest.update(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        source = sys.modules[type(migration).__module__].__file__ or ""
        digest.update(f"{key}".encode() + Path(source).read_bytes())
    return digest.hexdigest()


def keep(database: sqlite3.Connection, kept: Path) -> None:
    """Copy a database to `kept`, in one step for whoever reads it, and drop the copies kept before."""
    copy = kept.with_suffix(f".{os.getpid()}")
    with sqlite3.connect(copy) as target:
        database.backup(target)
    target.close()
    for old in kept.parent.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    copy.replace(kept)


def take_turn(kept: Path) -> IO[str]:
    """Wait until no other process makes `kept`; closing what comes back lets the next one in."""
    lock = kept.with_suffix(".lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


TRAIL_GUARD = import_module("portal.accounts.migrations.0005_append_only_trail").SQLITE[1]


def let_trail_be_emptied() -> None:
    """Take off what keeps rows of the trail: after some tests all tables are emptied. TRUNCATE needs no leave."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("DROP TRIGGER IF EXISTS account_event_kept")
