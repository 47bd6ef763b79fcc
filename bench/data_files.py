"""Time the making of the data files, and its memory, at growing sizes of the catalogue.

    .venv/bin/python bench/data_files.py                     1,000 and 4,000 entries: some minutes
    .venv/bin/python bench/data_files.py --entries 100000    the size the issue names: about an hour

The entries are those of bench/finding.py, with their figures, evidence and adoption. Each making is a process of its
own, as in life; its memory is the peak of what the kernel counts.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ledger_database import ROOT

MAKING = """
import json, pathlib, resource, time
import django
django.setup()
from portal.exchange.bulk.building import make_files
started = time.monotonic()
release = make_files()
status = pathlib.Path("/proc/self/status").read_text().splitlines()
peak = max(int(line.split()[1]) / 1000 for line in status if "VmHWM" in line)
used = resource.getrusage(resource.RUSAGE_SELF)
size = sum(file.size for file in release.files.all())
print(json.dumps([release.entries, time.monotonic() - started, used.ru_utime + used.ru_stime, peak, size / 1e6]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="+", default=[1000, 4000])
    print("entries  seconds   CPU  peak MB  files MB", flush=True)
    for entries in parser.parse_args().entries:
        scratch = Path(tempfile.mkdtemp(prefix="bench-data-files-"))
        try:
            one_size(scratch, entries)
        finally:
            shutil.rmtree(scratch)


def one_size(scratch: Path, entries: int) -> None:
    """Fill a database of its own in one process, and make the files in another."""
    filling = f"from bench.catalogues import fill; fill({entries})"
    run(f"import django; django.setup(); {filling}", scratch, migrate=True)
    made, seconds, cpu, peak, size = json.loads(run(MAKING, scratch).splitlines()[-1])
    print(f"{made:7} {seconds:8.0f} {cpu:5.0f} {peak:8.0f} {size:9.0f}", flush=True)


def run(program: str, scratch: Path, *, migrate: bool = False) -> str:

    environment = {**os.environ, "VAR_DIR": str(scratch), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    if migrate:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
