"""Time the ledger's arithmetic against SQLite's join and sum of the same rows.

    .venv/bin/python bench/ledger.py             everything, about four minutes
    .venv/bin/python bench/ledger.py --quick     a tenth of the rows

Only CPU time is looked at, in medians, and only as a ratio within the run.
"""

import argparse
import math
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import worlds
from portal.benefits.calculations import Candidate, work_out

SIZES = (10_000, 25_000, 50_000, 100_000)
ALL_FIGURES, ALL_MEASURES = 212_815, 64
RUNS = 3
GOAL = 15

TABLES = """
create table organisation (id integer primary key, region_id integer);
create table entry (id integer primary key, live bool not null);
create table figure (id integer primary key, measure text, entry_id integer, place_id integer, value decimal);
"""
JOIN_AND_SUM = """
select measure, region_id, count(*), sum(value)
from figure
join entry on entry.id = entry_id and entry.live
join organisation on organisation.id = place_id
group by measure, region_id
"""

WORLDS: dict[str, Callable[[int], list[Candidate]]] = {
    "one measure, mixed": worlds.mixed,
    "one measure, all of one overlap group": worlds.one_key,
    "one measure, one place and overlap group, a day each": worlds.one_place_and_key,
}


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the median CPU time of the work."""
    return median(_timed(work) for _ in range(RUNS))


def _timed(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def joining_and_summing(figures: list[Candidate]) -> float:
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    organisations = ((place, worlds.region_of(place)) for place in worlds.KINDS)
    connection.executemany("insert into organisation values (?, ?)", organisations)
    connection.executemany("insert into entry values (?, true)", ((key,) for key in {row.entry for row in figures}))
    rows = ((row.measure, row.entry, row.place, float(row.value)) for row in figures)
    connection.executemany("insert into figure (measure, entry_id, place_id, value) values (?, ?, ?, ?)", rows)
    return cpu_seconds(lambda: connection.execute(JOIN_AND_SUM).fetchall())


def working_out(figures: list[Candidate], measures: int) -> float:
    setting = worlds.make_setting(measures)
    return cpu_seconds(lambda: work_out(figures, worlds.everything(), setting))


def growth(before: tuple[int, float], after: tuple[int, float]) -> float:
    """Return by what the time grows when the figures double; n log n would be about 2.1."""
    times, seconds = after[0] / before[0], after[1] / before[1]
    return seconds ** (1 / math.log2(times))


def compare(figures: list[Candidate], measures: int = 1) -> tuple[float, str]:
    """Return the seconds of a full working, and a line's cells about it."""
    ledger, sql = working_out(figures, measures), joining_and_summing(figures)
    return ledger, f"{len(figures):>9,} {ledger * 1000:>11,.0f} {sql * 1000:>9,.0f} {ledger / sql:>8.1f}"


def lines(make: Callable[[int], list[Candidate]], sizes: list[int]) -> Iterator[str]:
    before: tuple[int, float] | None = None
    for size in sizes:
        seconds, cells = compare(make(size))
        yield cells + (f" {growth(before, (size, seconds)):>8.1f}" if before else "")
        before = size, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    share = 10 if parser.parse_args().quick else 1
    head = f"{'figures':>9} {'ledger ms':>11} {'SQL ms':>9} {'ratio':>8} {'doubled':>8}"
    for name, make in WORLDS.items():
        print(f"{name}\n{head}", flush=True)
        for line in lines(make, [size // share for size in SIZES]):
            print(line, flush=True)
    print(f"{ALL_MEASURES} measures, mixed (goal: at most {GOAL})\n{head}")
    print(compare(worlds.mixed(ALL_FIGURES // share, measures=ALL_MEASURES), ALL_MEASURES)[1])


if __name__ == "__main__":
    main()
