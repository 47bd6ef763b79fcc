"""The database as one file and back, by the means of its own engine; never by copying what others write to."""

import os
import re
import shutil
import sqlite3
import subprocess  # nosec B404  # only lists of our own words are run
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection

from portal.core.one_state import one_state
from portal.operations.archive import NotRestored

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
NOBODYS = ("--no-owner", "--no-privileges")
SECONDS_FOR_LOCKS = 20
SECONDS_TO_LEAVE = 2
STOP_FIRST = "Stop web servers and workers on every host, wait a minute, then restore."
Rows = dict[str, int]
Migrations = list[list[str]]


class NotBackedUp(Exception):
    """There is no backup; the text says why."""


def dump(path: Path) -> tuple[Rows, Migrations]:
    """Write the database, as it is at one moment, to a file; return that moment's rows of each table and migrations."""
    return _dump_postgresql(path) if connection.vendor == "postgresql" else _dump_sqlite(path)


def load(path: Path) -> None:
    """Put what is in a file in the place of all that is in the database, in one step. Raises NotRestored.

    While others have the database open nothing is changed: a worker gives a sign of life, but a web server does not.
    """
    connection.close()
    if connection.vendor == "postgresql":
        _load_postgresql(path)
    else:
        _load_sqlite(path)


def count_rows() -> Rows:
    with connection.cursor() as cursor:
        return _counted(cursor, _tables(cursor))


def _held(cursor: Any) -> tuple[Rows, Migrations]:
    """Return what a database holds, which a cursor of either engine is of."""
    rows = _counted(cursor, _tables(cursor))
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    return rows, [list(one) for one in cursor.fetchall()]


def _tables(cursor: Any) -> list[str]:
    """Name each table; of SQLite's full-text index the one that holds the words, not what it makes of them."""
    if connection.vendor == "postgresql":
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    else:
        cursor.execute(_SQLITE_TABLES)
    return [name for (name,) in cursor.fetchall()]


_SQLITE_TABLES = """
    SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY 1
"""


def _counted(cursor: Any, tables: list[str]) -> Rows:
    counted = {}
    for table in tables:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  # nosec B608  # the database named it
        [counted[table]] = cursor.fetchone()
    return counted


# --- SQLite ---------------------------------------------------------------------------------


def _file() -> str:
    return str(connection.settings_dict["NAME"])


def _dump_sqlite(path: Path) -> tuple[Rows, Migrations]:
    """In one step of the online backup: it sees one state, and those who write don't wait."""
    with closing(sqlite3.connect(_file(), timeout=SECONDS_FOR_LOCKS)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        sound = _soundness(copy)
        if sound != "ok":
            raise NotBackedUp(f"The database file is damaged: {sound}. Run manage.py doctor.")
        return _held(copy.cursor())


def _soundness(database: sqlite3.Connection) -> str:
    """Return "ok", or the first thing that is wrong. The rows' own rules need functions that only Django adds."""
    database.execute("PRAGMA ignore_check_constraints=ON")
    [sound] = database.execute("PRAGMA integrity_check(1)").fetchone()
    return str(sound)


def _load_sqlite(path: Path) -> None:
    """By the online backup too: whoever has the file open sees the old content or the new, as after any commit."""
    with closing(sqlite3.connect(path)) as source:
        try:
            sound = _soundness(source)
        except sqlite3.DatabaseError as error:
            raise NotRestored("The archive’s database is no SQLite database.") from error
        if sound != "ok":
            raise NotRestored(f"The archive’s database is damaged: {sound}.")
        with closing(sqlite3.connect(_file(), timeout=SECONDS_FOR_LOCKS, isolation_level=None)) as target:
            try:
                # Nobody may leave the write-ahead log while anybody else has the file open.
                target.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.OperationalError as error:
                raise NotRestored(f"Other processes have the database open. {STOP_FIRST}") from error
            source.backup(target, pages=-1)


# --- PostgreSQL -----------------------------------------------------------------------------


def _dump_postgresql(path: Path) -> tuple[Rows, Migrations]:
    """Rows are counted in the very snapshot that is dumped."""
    with one_state(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        try:
            _run("pg_dump", "--format=custom", *NOBODYS, f"--snapshot={snapshot}", f"--file={path}")
        except _Failed as failure:
            raise NotBackedUp(f"pg_dump failed: {failure}") from failure
        return _held(cursor)


def version_of_pg_dump() -> int:
    """Return its major version. Raises NotBackedUp where it can't be run."""
    try:
        said = _run("pg_dump", "--version")
    except _Failed as failure:
        raise NotBackedUp(str(failure)) from failure
    return int(re.search(r"\) (\d+)", said)[1])  # type: ignore[index]  # so it has answered since 1999


def _load_postgresql(path: Path) -> None:
    """All in one transaction: where anything fails, the database is as it was."""
    script = path.with_suffix(".sql")
    try:
        _check_no_other_session()
        _run("pg_restore", *NOBODYS, f"--file={script}", str(path))
        _run(
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            f"--command=SET lock_timeout = '{SECONDS_FOR_LOCKS}s'",
            "--command=DROP SCHEMA public CASCADE",
            "--command=CREATE SCHEMA public",
            f"--file={script}",
        )
    except _Failed as failure:
        raise NotRestored(f"The database was not restored, and is as it was: {failure}") from failure
    finally:
        script.unlink(missing_ok=True)


def _check_no_other_session() -> None:
    """Raise NotRestored while another session of our own role is there; who only watches has a role of his own."""
    connection.close_pool()  # type: ignore[attr-defined]  # this process's own sessions
    others: set[str] = set()
    for _ in range(SECONDS_TO_LEAVE * 10):
        others = set(_run("psql", "--no-psqlrc", "--tuples-only", "--no-align", f"--command={_OTHER_SESSIONS}").split())
        if not others:
            return
        time.sleep(0.1)
    raise NotRestored(f"Sessions from {', '.join(sorted(others))} have the database open. {STOP_FIRST}")


_OTHER_SESSIONS = """
    SELECT coalesce(host(client_addr), 'localhost') FROM pg_stat_activity WHERE datname = current_database()
    AND usename = current_user AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class _Failed(Exception):
    pass


def _run(program: str, *arguments: str) -> str:
    if shutil.which(program) is None:
        raise _Failed(f"{program} is not here. Install PostgreSQL’s client programs (Debian: postgresql-client).")
    command, environment = [program, *arguments], _environment_of_client()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # nosec B603  # a list of our own words
    if done.returncode:
        raise _Failed(done.stderr.strip()[-600:] or f"exit code {done.returncode}")
    return done.stdout


def _environment_of_client() -> dict[str, str]:
    """Tell a client program of the database by its environment: other users can read a command, not that."""
    given = connection.get_connection_params()
    variables = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE"}
    variables |= {"sslrootcert": "PGSSLROOTCERT", "password": "PGPASSWORD"}  # nosec B105  # a name
    return {**os.environ, **{name: str(given[key]) for key, name in variables.items() if given.get(key)}}
