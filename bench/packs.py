"""Time the whole making of a pack, claim to file stored, against WeasyPrint alone on the same HTML.

    .venv/bin/python bench/packs.py                       1, 5, 20 and 100 entries, packs a minute, the longest wait
    .venv/bin/python bench/packs.py --entries 1 5         only these
    .venv/bin/python bench/packs.py --minute 0 --waits 0  without packs a minute, without the longest wait
    .venv/bin/python bench/packs.py --times 3             the median of three

The entries are the portal's own, those with most figures first. Whole task: a worker that has made a pack before claims
the row, has the renderer lay it out in a limited process, audits and stores the file. Alone: a process that imports
WeasyPrint and writes the PDF of the same HTML with the same options, and nothing else. CPU is that of a process with
all that it starts, less what watching the memory takes; memory that of the largest process.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ledger_database import OWN_SETTINGS, ROOT, set_up_django

ENTRIES = (1, 5, 20, 100)
GOAL = 1.10
MANY_SMALL = 12
ALONE = """
import json, pathlib, resource, sys, time
started = time.monotonic()
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse
html, css, output = (open(sys.argv[1]).read(), open(sys.argv[2], "rb").read(), sys.argv[3])
class OneSheet(URLFetcher):
    def fetch(self, url, headers=None):
        return URLFetcherResponse(url, css, {"Content-Type": "text/css"})
document = HTML(string=html, base_url="pack:///", url_fetcher=OneSheet())
open(output, "wb").write(document.write_pdf(pdf_variant="pdf/ua-1"))
status = pathlib.Path("/proc/self/status").read_text().splitlines()
peak = max(int(line.split()[1]) / 1000 for line in status if "VmHWM" in line)
both = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"cost": [time.monotonic() - started, sum(one.ru_utime + one.ru_stime for one in both), peak]}))
"""
# A worker that runs already: it has made the first pack that is due before what it costs is counted. What it does
# while nobody waits, the standing documents, is no part of a pack's making.
WORKER = """
import json, pathlib, threading, time
import django, psutil
django.setup()
from django.conf import settings
from portal.briefings import making, work
from portal.core import runner
settings.BRIEFINGS_RENDER_WALL_SECONDS = 3600  # CPU is measured: others on the machine shall not end it
runner.stay_warm()
making.make_pack(work.claim_due_pack())
me, peak, watched = psutil.Process(), 0, 0
def watch():
    global peak, watched
    while True:
        for child in me.children(recursive=True):
            try:
                status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
            except OSError:
                continue
            peak = max([peak, *(int(line.split()[1]) / 1000 for line in status.splitlines() if "VmHWM" in line)])
        watched = time.thread_time()
        time.sleep(0.1)
threading.Thread(target=watch, daemon=True).start()
def used():
    mine, theirs = me.cpu_times(), [child.cpu_times() for child in me.children()]
    theirs = sum(sum(times[:4]) for times in theirs)
    return mine.user + mine.system + theirs - watched
made, cpu, begun = 0, used(), time.time()
while pack := work.claim_due_pack():
    making.make_pack(pack)
    made += 1
ended = time.time()
print(json.dumps({"made": made, "cost": [ended - begun, used() - cpu, peak], "between": [begun, ended]}))
runner.end_idle()
"""


class Cost(NamedTuple):
    """Seconds on the clock and of CPU, and the largest process of all in megabytes."""

    wall: float
    cpu: float
    peak: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="+", default=ENTRIES)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--minute", type=int, default=MANY_SMALL, help="packs of one entry to drain; 0: none")
    parser.add_argument("--waits", type=int, default=5, help="packs asked for while a large one is made; 0: none")
    asked = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="bench-packs-"))
    try:
        set_up_django(scratch)
        measure(scratch, asked)
    finally:
        shutil.rmtree(scratch)


def measure(scratch: Path, asked: argparse.Namespace) -> None:
    from django.core.management import call_command

    call_command("load_entries", verbosity=0)
    print("entries  pages   whole s  CPU   MB | alone s   CPU   MB | CPU, MB: whole / alone (goal 1.10)", flush=True)
    for entries in asked.entries:
        one_size(scratch, entries, asked.times)
    if asked.minute:
        for workers in (1, 2):
            packs_a_minute(scratch, asked.minute, workers)
    if asked.waits:
        longest_wait(scratch, asked.waits)


def one_size(scratch: Path, entries: int, times: int) -> None:
    html = scratch / "pack.html"
    whole, alone = [], []
    for number in range(times):
        clear_the_queue()
        queue(1, f"Before the bench of {entries}, run {number}")
        pack = queue(entries, f"Bench of {entries}, run {number}")
        html.write_text(html_of(pack))
        whole.append(cost_of(WORKER, scratch=scratch))
        pack.refresh_from_db()
        assert pack.state == "ready", pack.error
        sheet = ROOT / "templates" / "briefings" / "pack" / "pack.css"
        alone.append(cost_of(ALONE, str(html), str(sheet), str(scratch / "alone.pdf"), scratch=scratch))
    ours, bare = median(whole), median(alone)
    print(
        f"{entries:7} {pack.page_count:6} {ours.wall:9.1f} {ours.cpu:5.1f} {ours.peak:4.0f} |"
        f" {bare.wall:7.1f} {bare.cpu:5.1f} {bare.peak:4.0f} | {ours.cpu / bare.cpu:.2f}, {ours.peak / bare.peak:.2f}"
        f"{'' if ours.cpu <= GOAL * bare.cpu else '  over the goal'}",
        flush=True,
    )


def median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


def clear_the_queue() -> None:
    """Forget what else is due, such as the standing packs that loading the entries asked for."""
    from portal.briefings.models import BriefingPack

    BriefingPack.objects.exclude(state="ready").delete()


def queue(entries: int, title: str) -> Any:
    """Queue a pack of the entries that say most; of more than there are, as many as there are."""
    from django.db.models import Count

    from portal.briefings.options import PackOptions
    from portal.briefings.services import ask_for_pack
    from portal.catalogue.models import Entry

    longest = Entry.objects.public().annotate(said=Count("figures")).order_by("-said", "pk")
    slugs = list(longest.values_list("slug", flat=True)[:entries])
    return ask_for_pack(slugs=slugs, options=PackOptions(title=title, purpose="approval"))


def html_of(pack: Any) -> str:
    from portal.briefings.rendering import write_html

    return write_html(pack.document())


def cost_of(*program: str, scratch: Path) -> Cost:
    """Run a program that ends by itself and says what it cost."""
    command = [sys.executable, "-c", *program]
    told = subprocess.run(command, cwd=ROOT, env=environment(scratch), stdout=subprocess.PIPE, check=True).stdout
    return Cost(*json.loads(told)["cost"])


def environment(scratch: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
    return {**kept, "VAR_DIR": str(scratch), "DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONPATH": str(ROOT)}


def packs_a_minute(scratch: Path, packs: int, workers: int) -> None:
    """Drain so many packs of one entry with one or two worker processes."""
    clear_the_queue()
    for number in range(packs + workers):
        queue(1, f"One of many, {workers} workers, {number}")
    command = [sys.executable, "-c", WORKER]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment(scratch), stdout=subprocess.PIPE) for _ in range(workers)
    ]
    told = [json.loads(worker.communicate()[0]) for worker in running]
    made = sum(one["made"] for one in told)
    assert made == packs, f"{made} of {packs}"
    begun, ended = min(one["between"][0] for one in told), max(one["between"][1] for one in told)
    print(
        f"{workers} worker{'s' if workers > 1 else ''}: {60 * packs / (ended - begun):.1f} packs of one entry a minute",
        flush=True,
    )


def longest_wait(scratch: Path, packs: int) -> None:
    """Ask for packs of one entry, one after the other, behind one of a hundred that a real worker is making."""
    clear_the_queue()
    command = [sys.executable, "-m", "portal.core.children", str(os.getpid()), sys.executable]
    command += ["-m", "celery", "-A", "portal.celery", "worker", "--pool=threads", "-c", "2", "--loglevel=ERROR"]
    settings = environment(scratch) | {"KEEP_READY": "false"}
    worker = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        alone = [seconds_until(queue(1, f"Alone {number}"), "ready") for number in range(packs)]
        large = queue(100, "Large")
        seconds_until(large, "running")
        waits = [seconds_until(queue(1, f"Behind {number}"), "ready") for number in range(packs)]
        large.refresh_from_db()
        assert large.state == "running", "The large pack was made before the small ones: nothing was measured."
    finally:
        worker.terminate()
        worker.wait()
    print(
        f"One entry, asked for to ready, the longest of {packs}: {max(waits):.1f} s behind a hundred entries, "
        f"{max(alone[1:] or alone):.1f} s with nobody before it",
        flush=True,
    )


def seconds_until(pack: Any, state: str) -> float:
    started = time.monotonic()
    while pack.state != state:
        assert pack.state in ("queued", "running"), pack.error
        time.sleep(0.05)
        pack.refresh_from_db(fields=["state", "error"])
    return time.monotonic() - started


if __name__ == "__main__":
    main()
