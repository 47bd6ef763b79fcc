"""Compare what pages of adoption cost with the same server answering the same bytes from a constant.

    .venv/bin/python bench/adoption.py                      in a temporary folder, three minutes
    .venv/bin/python bench/adoption.py --scratch FOLDER     kept there, and used again

The pages are those of a year of quarterly returns: 217 trusts with 20 entries.
"""

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ledger_database import set_up_django
from bench.servers import Cost, Server, free_port, running

ROOT = Path(__file__).resolve().parent.parent
TIMES = 300
GOAL = 10
LAST_ADDRESS = "/bench-constant/"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scratch", type=Path, help="folder for the database; without it a temporary one")
    parser.add_argument("--times", type=int, default=TIMES, help="how often each address is asked")
    asked = parser.parse_args()
    scratch = asked.scratch or Path(tempfile.mkdtemp(prefix="bench-adoption-"))
    try:
        measure(scratch.resolve(), asked.times)
    finally:
        if not asked.scratch:
            shutil.rmtree(scratch)


def measure(scratch: Path, times: int) -> None:
    set_up_django(scratch)
    build()
    pages = addresses()
    print(f"{'':<12} {'kB':>6} {'constant ms':>12} {'cold ms':>9} {'warm ms':>9} {'ratio':>7}   (CPU; goal: {GOAL})")
    with portal(scratch, "portal.wsgi:application") as ours:
        bodies, costs = {}, {}
        for name, address in pages.items():
            cold = _cold(ours, address)
            ours.warm(address)
            bodies[name] = ours.body_of(address)
            costs[name] = (cold, ours.cost_of(address, times))
    for name, (cold, warm) in costs.items():
        (scratch / "constant.html").write_bytes(bodies[name])
        with portal(scratch, "bench.constant:application") as constant:
            constant.warm(LAST_ADDRESS)
            base = constant.cost_of(LAST_ADDRESS, times)
        tell(name, len(bodies[name]), base, cold, warm)


def tell(name: str, size: int, base: Cost, cold: Cost, warm: Cost) -> None:
    numbers = f"{base.cpu * 1000:>12.2f} {cold.cpu * 1000:>9.1f} {warm.cpu * 1000:>9.2f} {warm.cpu / base.cpu:>7.1f}"
    print(f"{name:<12} {size / 1000:>6.0f} {numbers}", flush=True)


def build() -> None:
    """Load what the product ships, and the returns."""
    from django.core.management import call_command
    from django.utils import timezone

    from portal.adoption.models import AdoptionRecord
    from portal.adoption.services import load_returns
    from portal.catalogue.models import Entry
    from portal.organisations.models import Organisation
    from tests.adoption.scale import ENTRIES, returns

    call_command("load_entries", verbosity=0)
    if AdoptionRecord.objects.count() > 1000:
        return
    slugs = list(Entry.objects.filter(kind="innovation").order_by("slug").values_list("slug", flat=True)[:ENTRIES])
    codes = list(Organisation.objects.trusts().order_by("code").values_list("code", flat=True))
    print(load_returns(returns(codes, slugs, timezone.localdate())))


def addresses() -> dict[str, str]:
    from portal.catalogue.models import Entry

    slug = Entry.objects.filter(kind="innovation").order_by("slug").values_list("slug", flat=True)[0]
    return {
        "entry": f"/innovations/{slug}/",
        "adoption": f"/adoption/{slug}/",
        "spreading": "/adoption/",
        "trust": "/organisations/RQM/",
        "board": "/organisations/QRL/",
        "network": "/organisations/hin-nwc/",
    }


def portal(scratch: Path, application: str) -> AbstractContextManager[Server]:
    """Start one web process, as the supervisor does."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
    environment = os.environ | {"BENCH_CONSTANT": str(scratch / "constant.html"), "PYTHONPATH": str(ROOT)}
    return running(command, port, scratch / "portal.log", **environment)


def _cold(server: Server, address: str) -> Cost:
    from portal.catalogue.models import CatalogueVersion

    server.ask(address)
    CatalogueVersion.move()
    return server.cost_of(address, 1)


if __name__ == "__main__":
    main()
