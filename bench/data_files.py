"""Time the making of the data files, and watch its memory as rows go by.

    .venv/bin/python bench/data_files.py                            4,000 entries, a database of its own: some minutes
    .venv/bin/python bench/data_files.py --entries 100000           the size the issue names: an hour or more
    .venv/bin/python bench/data_files.py --folder DIR --rows 2000   a database that is there (of bench/finding.py, say),
                                                                    and no more than so many rows of each walk

The entries are those of bench/finding.py, with their figures, evidence and adoption. The making is a process of its
own, as in life; memory is what the kernel counts: now, and at its highest so far.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ledger_database import ROOT

TOLD_EVERY = 5
MAKING = """
import itertools, pathlib, resource, sys, time
import django
django.setup()
from portal.exchange.bulk import building, tables
most, told_every = int(sys.argv[1]), int(sys.argv[2])
chunks, started = tables.Walk.chunks, time.monotonic()
def tell(what):
    status = dict(line.split(":", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
    now, peak = (int(status[name].split()[0]) / 1000 for name in ("VmRSS", "VmHWM"))
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{what:28} {now:7.0f} {peak:7.0f} {cpu.ru_utime + cpu.ru_stime:7.0f} {time.monotonic() - started:7.0f}",
          flush=True)
def watched(walk):
    lots = itertools.islice(chunks(walk), most // tables.AT_ONCE if most else None)
    for number, lot in enumerate(lots, start=1):
        yield lot
        if number % (1 if number < told_every else told_every) == 0:
            tell(f"{walk.name} {number * tables.AT_ONCE}")
tables.Walk.chunks = watched
tell("before")
release = building.make_files()
tell("all")
print(f"{release.entries} entries, {sum(file.size for file in release.files.all()) / 1e6:.0f} MB of files")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=4000)
    parser.add_argument("--folder", type=Path, help="a folder with a database that is there already; it is migrated")
    parser.add_argument("--rows", type=int, default=0, help="at most so many rows of each walk; 0: all")
    asked = parser.parse_args()
    if asked.folder:
        measure(asked.folder, asked.rows)
        return
    scratch = Path(tempfile.mkdtemp(prefix="bench-data-files-"))
    try:
        run(scratch, "manage.py", "migrate", "-v0")
        run(scratch, "-c", f"import django; django.setup(); from bench.catalogues import fill; fill({asked.entries})")
        measure(scratch, asked.rows)
    finally:
        shutil.rmtree(scratch)


def measure(folder: Path, rows: int) -> None:
    run(folder, "manage.py", "migrate", "-v0")
    print(f"{'rows of':28} {'MB now':>7} {'highest':>7} {'CPU s':>7} {'clock s':>7}", flush=True)
    run(folder, "-c", MAKING, str(rows), str(TOLD_EVERY))


def run(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()
