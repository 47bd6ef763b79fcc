"""Time the whole ledger over a large database: loading and working out, then pages and JSON over HTTP.

    .venv/bin/python bench/ledger_database.py                      in a temporary folder, five minutes
    .venv/bin/python bench/ledger_database.py --scratch FOLDER     kept there, and used again
    .venv/bin/python bench/ledger_database.py --largest 100000     one measure with so many figures

Beside it, in the same run: SQLite's join and sum of the same rows, bare and through Datasette.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import worlds
from bench.servers import Cost, Server, WrongAnswer, free_port, running

ROOT = Path(__file__).resolve().parent.parent
FIGURES, MEASURES = 212_815, 64
RUNS = 3
COLD_TIMES, WARM_TIMES, SQL_TIMES = 7, 300, 50
GOAL_WORKING, GOAL_PAGE = 15, 0.02

# "cross join" and "+" keep SQLite from reading the figures in an index's order, which takes it three times as long.
JOIN_AND_SUM = """
select measure_id, region_id, count(*), sum(value)
from benefits_benefitfigure figure
cross join catalogue_entry entry on entry.id = figure.entry_id and entry.live
cross join organisations_organisation organisation on organisation.id = figure.place_id
group by +measure_id, region_id
"""
DATASETTE_SETTINGS = {
    "suggest_facets": "off",
    "sql_time_limit_ms": "600000",
    "facet_time_limit_ms": "600000",
    "facet_suggest_time_limit_ms": "600000",
}
OWN_SETTINGS = ("PORTAL_SHAPE", "DEBUG", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SITE_URL")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scratch", type=Path, help="folder for the database; without it a temporary one")
    parser.add_argument("--figures", type=int, default=FIGURES)
    parser.add_argument("--largest", type=int, default=0, help="how many of the figures are the first measure's")
    asked = parser.parse_args()
    scratch = asked.scratch or Path(tempfile.mkdtemp(prefix="bench-ledger-"))
    try:
        measure_everything(scratch.resolve(), asked.figures, asked.largest)
    finally:
        if not asked.scratch:
            shutil.rmtree(scratch)


def measure_everything(scratch: Path, figures: int, largest: int) -> None:
    set_up_django(scratch)
    from portal.benefits.models import BenefitFigure

    if not BenefitFigure.objects.exists():
        build(figures, largest)
    file = scratch / "portal.sqlite3"
    in_process(file)
    over_http(scratch, file)


def set_up_django(scratch: Path, database_url: str = "") -> None:
    for name in OWN_SETTINGS:
        os.environ.pop(name, None)
    os.environ |= {"VAR_DIR": str(scratch), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    os.environ["SITE_URL"] = "http://127.0.0.1"  # what is stored here is of the same release as what servers look for
    if database_url:
        os.environ["DATABASE_URL"] = database_url
    from django.core.management import call_command

    import portal.wsgi  # noqa: F401  sets Django up, and the collector as a web process has it

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def build(figures: int, largest: int) -> None:
    from bench import database

    started = time.monotonic()
    database.fill(worlds.mixed(figures, measures=MEASURES, largest=largest), worlds.measure_keys(MEASURES))
    print(f"Built {figures:,} figures in {time.monotonic() - started:.0f} s.")


def cpu_of(work: Callable[[], object]) -> float:
    """Return the median CPU seconds of the work."""
    times = []
    for _ in range(RUNS):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return median(times)


def in_process(file: Path) -> None:
    """Print what loading and working out all measures costs, against the bare SQL."""
    from portal.benefits import ledgers, questions
    from portal.benefits.calculations import work_out
    from portal.benefits.models import Measure
    from portal.organisations.models import Organisation

    asked = questions.ask(place=Organisation.objects.get(code=questions.EVERYWHERE))
    measures = list(Measure.objects.filter(key__in=worlds.measure_keys(MEASURES)))
    reading = ledgers.read_figures(measures, asked)
    connection = sqlite3.connect(file)
    sql = cpu_of(lambda: connection.execute(JOIN_AND_SUM).fetchall())
    loading = cpu_of(lambda: ledgers.read_figures(measures, asked))
    working = cpu_of(lambda: work_out(reading.candidates, asked.for_ledger(), reading.setting))
    print(f"\nAll {MEASURES} measures, {len(reading.candidates):,} figures")
    print(f"CPU, and times SQLite's join and sum (goal: working out at most {GOAL_WORKING})")
    for name, seconds in (("SQLite's join and sum", sql), ("loading", loading), ("working out", working)):
        print(f"{name:<24} {seconds * 1000:>8,.0f} ms {seconds / sql:>7.1f}")
    print(f"{'the whole':<24} {(loading + working) * 1000:>8,.0f} ms {(loading + working) / sql:>7.1f}", flush=True)


def over_http(scratch: Path, file: Path) -> None:
    """Print what pages and JSON cost, against Datasette answering the bare SQL."""
    sql = f"/{file.stem}.json?{urlencode({'sql': JOIN_AND_SUM, '_shape': 'array'})}"
    address = f"/impact/{worlds.measure_keys(1)[0]}"
    with datasette(scratch, file) as other, portal(scratch) as ours:
        print(f"\nOver HTTP, two web processes; ms, and times Datasette's p50 and CPU (goal: p50 {GOAL_PAGE} x D)")
        print(f"{'':<24} {'p50':>9} {'p95':>9} {'CPU':>9} {'p50/D':>9} {'CPU/D':>9}")
        base = other.cost_of(sql, SQL_TIMES)
        tell("Datasette, bare SQL", base, base)
        for name, path in (("JSON", f"{address}.json"), ("page", f"{address}/")):
            try:
                tell(f"{name}, cold", cold(ours, path), base)
                tell(f"{name}, new question", new_questions(ours, path), base)
                tell(f"{name}, warm", warm(ours, path), base)
            except WrongAnswer as problem:
                print(problem)
        for now, most in ours.memory():
            print(f"A web process holds {now:.0f} MB and held at most {most:.0f} MB.")


def datasette(scratch: Path, file: Path) -> AbstractContextManager[Server]:
    """Start Datasette from a virtual environment of its own."""
    home, port = scratch / "datasette", free_port()
    if not home.exists():
        venv.create(home, with_pip=True)
        wanted = ROOT / "bench" / "requirements.txt"
        subprocess.run([home / "bin" / "pip", "install", "-qq", "-r", wanted], check=True)
    settings = [word for name, value in DATASETTE_SETTINGS.items() for word in ("--setting", name, value)]
    command = [str(home / "bin" / "datasette"), "serve", str(file), "--port", str(port), *settings]
    return running(command, port, scratch / "datasette.log", **os.environ)


def portal(scratch: Path) -> AbstractContextManager[Server]:
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--only", "web"]
    environment = os.environ | {"PORT": str(port), "WEB_PROCESSES": "2", "API_PER_MINUTE": "10000000"}
    return running(command, port, scratch / "portal.log", **environment)


def cold(server: Server, path: str) -> Cost:
    """Return what the first answer after a publication costs: every kept answer is out of date."""
    from portal.catalogue.models import CatalogueVersion

    return each(server, [path] * COLD_TIMES, before=CatalogueVersion.move)


def new_questions(server: Server, path: str) -> Cost:
    """Return what questions cost that nobody has asked since the publication: a period of its own each."""
    days = range(1, COLD_TIMES + 1)
    return each(server, [f"{path}?from={worlds.FIRST_YEAR - 1}-04-{day:02}" for day in days], before=lambda: None)


def each(server: Server, addresses: list[str], *, before: Callable[[], None]) -> Cost:
    seconds, cpu = [], []
    for address in addresses:
        before()
        already = server.cpu()
        seconds.append(server.ask(address))
        cpu.append(server.cpu() - already)
    return Cost.of(seconds, cpu)


def warm(server: Server, path: str) -> Cost:
    server.warm(path)
    return server.cost_of(path, WARM_TIMES)


def tell(name: str, cost: Cost, base: Cost) -> None:
    times = " ".join(f"{seconds * 1000:>9,.1f}" for seconds in (cost.p50, cost.p95, cost.cpu))
    print(f"{name:<24} {times} {cost.p50 / base.p50:>9.4f} {cost.cpu / base.cpu:>9.4f}", flush=True)


if __name__ == "__main__":
    main()
