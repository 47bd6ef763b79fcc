"""A thorough look at an installation, for whoever sets one up or wonders what is wrong with it."""

import shutil
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.db import connection

from portal.briefings.letters import font_families
from portal.briefings.renderer import renderer
from portal.core import runner
from portal.core.licence import licence
from portal.operations.databases import NotBackedUp, version_of_pg_dump
from portal.operations.findings import Look, NotWell
from portal.operations.parts import NEEDED, look_at_database

FONTS = ("Liberation Sans", "Noto Sans")
OLDEST_POSTGRESQL = 140000
OLDEST_SQLITE = (3, 40, 0)
MOST_SECONDS_APART = 5
FREE_BYTES = 1_000_000_000
SELF_TEST = {"memory_bytes": 10**9, "cpu_seconds": 30}


def look_at_settings() -> str:
    """Ask Django's own checks; in production also those that look for what makes a public site unsafe."""
    found = checks.run_checks(include_deployment_checks=settings.IS_PRODUCTION)
    serious = [message for message in found if message.is_serious(checks.WARNING)]
    if serious:
        first = serious[0]
        raise NotWell(f"{len(serious)} settings are not right, first {first.id}: {first.msg}", first.hint or "See it.")
    return f"The shape is {'production' if settings.IS_PRODUCTION else 'embedded'}, and its settings fit."


def look_at_database_itself() -> str:
    look_at_database()
    return _look_at_postgresql() if connection.vendor == "postgresql" else _look_at_sqlite()


def _look_at_postgresql() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
        version, encoding = cursor.fetchone()
    if version < OLDEST_POSTGRESQL:
        raise NotWell(f"PostgreSQL {version // 10000} is too old.", "Take PostgreSQL 14 or newer.")
    if encoding != "UTF8":
        raise NotWell(f"The database's encoding is {encoding}.", "Make the database anew with ENCODING 'UTF8'.")
    return f"PostgreSQL {version // 10000}.{version % 10000}, UTF-8."


def _look_at_sqlite() -> str:
    with connection.cursor() as cursor:
        [mode] = cursor.execute("PRAGMA journal_mode").fetchone()
        [sound] = cursor.execute("PRAGMA quick_check(1)").fetchone()
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise NotWell(f"SQLite {sqlite3.sqlite_version} is too old.", "Take a Python with SQLite 3.40 or newer.")
    if mode != "wal":
        raise NotWell(f"SQLite's journal is {mode}, not WAL.", "Put VAR_DIR on a local disk: network disks refuse WAL.")
    if sound != "ok":
        raise NotWell(f"The database file is damaged: {sound}", "Restore the newest backup: manage.py restore.")
    return f"SQLite {sqlite3.sqlite_version}, WAL, sound."


def look_at_backup() -> str:
    """See that the program which backs PostgreSQL up is there, and as new as the server: it refuses a newer one."""
    if connection.vendor != "postgresql":
        return "SQLite backs itself up."
    fix = "Install PostgreSQL's client programs of the server's version or newer (Debian: postgresql-client)."
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        [server] = cursor.fetchone()
    try:
        client = version_of_pg_dump()
    except NotBackedUp as problem:
        raise NotWell(str(problem), fix) from problem
    if client < server:
        raise NotWell(f"pg_dump {client} can't back up PostgreSQL {server}.", fix)
    return f"pg_dump {client} backs up PostgreSQL {server}."


def look_at_fonts() -> str:
    missing = sorted(set(FONTS) - font_families())
    if missing:
        raise NotWell(
            f"Fonts are missing: {', '.join(missing)}.",
            "Install fonts-liberation and fonts-noto-core (Debian's names), then fc-cache -f.",
        )
    return f"{' and '.join(FONTS)} are there."


def look_at_static_files() -> str:
    names = getattr(staticfiles_storage, "hashed_files", None)
    if not settings.DEBUG and names is not None and not names:
        raise NotWell("No style sheets or scripts are collected.", "Run manage.py collectstatic --noinput.")
    return "Style sheets and scripts are collected."


def look_at_clock() -> str:
    """Compare with the database's clock, which may be another host's, and with when this release was made."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        else:
            cursor.execute("SELECT (julianday('now') - 2440587.5) * 86400")
        apart = abs(float(cursor.fetchone()[0]) - time.time())
    fix = "Set the clocks of this host and the database's by NTP (timedatectl set-ntp true)."
    if apart > MOST_SECONDS_APART:
        raise NotWell(f"This host and the database are {apart:.0f} s apart.", fix)
    made = Path(settings.BASE_DIR, "portal", "settings.py").stat().st_mtime
    if time.time() < made - 24 * 3600:
        raise NotWell("It is earlier here than when this release was made.", fix)
    return f"It is {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; the database agrees within {apart:.0f} s."


def look_at_disk() -> str:
    free = shutil.disk_usage(settings.VAR_DIR).free
    if free < FREE_BYTES:
        raise NotWell(
            f"{free / 1e6:,.0f} MB are free where VAR_DIR is.",
            "Make room, to a gigabyte at least: database, packs and data files grow.",
        )
    return f"{free / 1e9:,.1f} GB are free where VAR_DIR is."


def look_at_licence() -> str:
    """Say what the catalogue goes out under: who set nothing has not confirmed it yet (ADR 18)."""
    told = f"The catalogue goes out under {licence().name} ({licence().key})"
    if settings.DATA_LICENCE_IS_CONFIRMED:
        return f"{told}, as DATA_LICENCE says."
    return (
        f"{told}, which nobody has confirmed: set DATA_LICENCE to that, or to another, before readers come. "
        "What was taken under one licence stays under it."
    )


def look_at_mail() -> str:
    """See that mail has a server: printed, it leaves links that sign people in where logs are kept."""
    if settings.EMAIL_HOST:
        return f"Mail goes to {settings.EMAIL_HOST}."
    if settings.IS_PRODUCTION:
        raise NotWell("Mail is printed into the log, links and all, and nobody gets any.", "Set EMAIL_HOST.")
    return "Mail is printed, links and all: set EMAIL_HOST where others can sign in."


def look_at_pdf() -> str:
    """Have a small document made by the renderer of packs, in its limits, and audited as packs are."""
    answer: dict[str, Any] = {}

    def watch(message: dict[str, Any] | None) -> bool:
        answer.update(message or {})
        return True

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "sample.pdf"
        order = {"module": "portal.operations.pdf_sample", "output": str(output), **SELF_TEST}
        try:
            runner.run_child(renderer(), order, {"text": "Made by the doctor."}, wall_seconds=60, watch=watch)
        except runner.ChildFailed as failure:
            answer["error"] = f"{type(failure).__name__} {failure}"
        is_there = output.exists() and output.read_bytes().startswith(b"%PDF-")
    if answer.get("pages") != 1 or not is_there:
        raise NotWell(
            f"A small PDF could not be made: {answer.get('error', 'no answer')}",
            "Install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0 (Debian's names), and run bin/install.",
        )
    return f"A small PDF was made and passed its audit in {time.monotonic() - began:.1f} s."


_NEEDED = dict(NEEDED)
PARTS: list[tuple[str, Look]] = [
    ("settings", look_at_settings),
    ("database", look_at_database_itself),
    ("migrations", _NEEDED["migrations"]),
    ("storage", _NEEDED["storage"]),
    ("broker", _NEEDED["broker"]),
    ("worker", _NEEDED["worker"]),
    ("queue", _NEEDED["queue"]),
    ("licence", look_at_licence),
    ("mail", look_at_mail),
    ("clock", look_at_clock),
    ("disk", look_at_disk),
    ("backup", look_at_backup),
    ("static files", look_at_static_files),
    ("fonts", look_at_fonts),
    ("pdf", look_at_pdf),
]
