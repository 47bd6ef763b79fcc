"""Compare importing a workbook of entries with their figures with the bare inserts of the rows that it makes.

    .venv/bin/python bench/imports.py                    10,000 entries of two figures each, some minutes
    .venv/bin/python bench/imports.py --entries 1000     fewer

Each part runs in a process of its own, so that its CPU and peak memory are its own: reading, checking,
applying and undoing, as the worker does them; and SQLite's `executemany` of the very same rows into an
empty database, in one transaction. Meanwhile another process saves something ten times a second, and
tells how long it waited for its turn at most.
"""

import argparse
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ledger_database import set_up_django

FIGURES_AN_ENTRY = 2
SOURCES = 200
WRITTEN = (
    "catalogue_entry",
    "innovations_innovation",
    "benefits_benefitfigure",
    "wagtailcore_revision",
    "catalogue_entrychange",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--scratch", type=Path, help="folder for the database; without it a temporary one")
    parser.add_argument("--part", choices=[*PARTS, *HIDDEN], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        print(json.dumps((PARTS | HIDDEN)[asked.part](asked.scratch, asked.entries)))
        return
    scratch = (asked.scratch or Path(tempfile.mkdtemp(prefix="bench-imports-"))).resolve()
    try:
        compare(scratch, asked.entries)
    finally:
        if not asked.scratch:
            shutil.rmtree(scratch)


def compare(scratch: Path, entries: int) -> None:
    told = {part: run(part, scratch, entries) for part in PARTS}
    bare = told["bare"]["inserts"]
    figures, size = entries * FIGURES_AN_ENTRY, told["build"]["bytes"]
    print(f"{entries:,} entries with {figures:,} figures, a workbook of {size:,} bytes")
    print(f"{'':<10}{'CPU s':>8}{'on the clock':>14}{'peak MB':>9}{'x CPU':>8}{'x memory':>10}{'others waited s':>17}")
    print(f"{'inserts':<10}{bare['cpu']:>8.1f}{bare['clock']:>14.1f}{bare['peak']:>9.0f}")
    for step, cost in told["ours"].items():
        ratios = f"{cost['cpu'] / bare['cpu']:>8.1f}{cost['peak'] / bare['peak']:>10.1f}"
        print(f"{step:<10}{cost['cpu']:>8.1f}{cost['clock']:>14.1f}{cost['peak']:>9.0f}{ratios}{cost['wait']:>17.1f}")


def run(part: str, scratch: Path, entries: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--part", part, "--scratch", str(scratch), "--entries", str(entries)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return told


# --- the parts ----------------------------------------------------------------------------------


def build(scratch: Path, entries: int) -> dict[str, Any]:
    """Make the world that the file speaks of, and the file."""
    set_up_django(scratch)
    from portal.accounts.models import NetworkRole, User
    from portal.benefits.models import Measure
    from portal.catalogue.models import Theme
    from portal.evidence.models import Evidence
    from portal.exchange.imports import writing
    from portal.exchange.imports.known import Known
    from portal.organisations.models import Organisation

    Organisation.objects.create(code="ENG", kind="country", name="England")
    network = Organisation.objects.create(code="hin-1", kind="network", name="Network")
    Theme.objects.create(name="Banks", slug="banks")
    Measure.objects.create(
        key="hours", name="Hours", topic="time", unit="hours", direction="higher", additive=True, status="in_use"
    )
    Evidence.objects.bulk_create(Evidence(key=f"source-{n}", title=f"Source {n}") for n in range(SOURCES))
    person = User.objects.create(username="editor")
    NetworkRole.objects.create(user=person, network=network, role="editor")
    content = writing.workbook_of(rows(entries), Known(person))
    (scratch / "import.xlsx").write_bytes(content)
    return {"bytes": len(content)}


def rows(entries: int) -> Any:
    from portal.exchange.imports.tables import BY_KEY

    def cells(table: str, told: dict[str, str]) -> Any:
        return BY_KEY[table], [told.get(column.key, "") for column in BY_KEY[table].columns]

    for number in range(entries):
        slug, words = f"innovation-{number}", "What it is and what it changes, in plain words. " * 4
        entry = {"address": slug, "title": f"Innovation {number}", "summary": words, "challenge": words}
        yield cells("innovations", entry | {"themes": "Banks", "scope": "National", "caveats": words})
        for figure in range(FIGURES_AN_ENTRY):
            told = {"entry": slug, "key": f"figure-{figure}", "label": f"Hours released {figure}", "measure": "Hours"}
            told |= {"value": str(number * 10 + figure), "role": "Benefit", "basis": "Observed"}
            told |= {"achievement": "Achieved", "period": f"{2015 + figure}/{16 + figure}", "place": "ENG"}
            yield cells("figures", told | {"source": f"source-{number % SOURCES}"})


def ours(scratch: Path, entries: int) -> dict[str, Any]:
    set_up_django(scratch)
    from portal.accounts.models import User
    from portal.exchange.imports import making, services
    from portal.exchange.models import ImportBatch
    from portal.organisations.models import Organisation

    person, network = User.objects.get(username="editor"), Organisation.objects.get(code="hin-1")
    content = (scratch / "import.xlsx").read_bytes()
    batch = services.begin_import(name="import.xlsx", content=content, network=network, by=person)
    steps: dict[str, Any] = {}

    def step(name: str, state: str) -> None:
        def work() -> None:
            claimed = making.work.claim_due_batch()
            assert claimed is not None
            making.do_step(claimed)

        with another_writer(scratch) as told:
            steps[name] = cost_of(work)
        steps[name]["wait"] = told["longest"]
        batch.refresh_from_db()
        if batch.state != state:
            raise SystemExit(f"{name}: {batch.state}, {batch.error}")

    step("reading", ImportBatch.State.CHECKING)
    step("checking", ImportBatch.State.CHECKED)
    services.ask_to_apply(batch=batch, duplicates=[], all_duplicates=False, by=person)
    step("applying", ImportBatch.State.APPLIED)
    shutil.copy(database_of(), scratch / "applied.sqlite3")
    services.ask_to_undo(batch=batch, by=person)
    step("undoing", ImportBatch.State.UNDONE)
    return steps


def bare(scratch: Path, entries: int) -> dict[str, Any]:
    """Insert the rows that the import wrote into an empty database of the same tables."""
    written = sqlite3.connect(scratch / "applied.sqlite3")
    empty = sqlite3.connect(scratch / "empty.sqlite3")
    empty.execute("PRAGMA journal_mode=WAL")
    taken = {}
    for table in WRITTEN:
        (made,) = written.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
        empty.execute(made)
        for (index,) in written.execute("SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = 'index'", [table]):
            if index:
                empty.execute(index)
        taken[table] = written.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 (a name of ours)

    def insert() -> None:
        with empty:
            for table, lines in taken.items():
                places = ", ".join("?" * len(lines[0]))
                empty.executemany(f"INSERT INTO {table} VALUES ({places})", lines)  # noqa: S608 (a name of ours)

    return {"inserts": cost_of(insert)}


def save_again_and_again(scratch: Path, entries: int) -> dict[str, Any]:
    """Save something ten times a second until told to stop; return the longest wait."""
    is_over = False

    def stop(*told: object) -> None:
        nonlocal is_over
        is_over = True

    signal.signal(signal.SIGTERM, stop)
    database, longest = sqlite3.connect(scratch / "portal.sqlite3", timeout=3600, isolation_level=None), 0.0
    print("ready", flush=True)
    while not is_over:
        began = time.monotonic()
        database.execute("UPDATE django_migrations SET name = name WHERE id = 1")
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.1)
    return {"longest": longest}


@contextmanager
def another_writer(scratch: Path) -> Iterator[dict[str, Any]]:
    told: dict[str, Any] = {}
    command = [sys.executable, __file__, "--part", "others", "--scratch", str(scratch)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as others:
        assert others.stdout
        others.stdout.readline()
        yield told
        others.terminate()
        answer, _ = others.communicate()
    told |= json.loads(answer)


PARTS: dict[str, Callable[[Path, int], dict[str, Any]]] = {"build": build, "ours": ours, "bare": bare}
HIDDEN = {"others": save_again_and_again}


def database_of() -> str:
    from django.db import connection

    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return str(connection.settings_dict["NAME"])


def cost_of(work: Callable[[], None]) -> dict[str, float]:
    """Return CPU with children's, time on the clock, and the highest memory of this process or a child so far."""
    before, began = os.times(), time.monotonic()
    work()
    after = os.times()
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"cpu": sum(after[:4]) - sum(before[:4]), "clock": time.monotonic() - began, "peak": peak / 1024}


if __name__ == "__main__":
    main()
