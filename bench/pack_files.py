"""Compare downloading a pack and a brief that are made already with a file of the same size.

    .venv/bin/python bench/pack_files.py                 two minutes, most of them to make what is downloaded
    .venv/bin/python bench/pack_files.py --times 1000

Static: the same bytes as a static file of the portal. Constant: the portal's own server and middleware answering the
same bytes from memory. A pack is asked for by whoever knows its address, a standing pack and a brief by anyone.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ledger_database import set_up_django
from bench.servers import CONSTANT, portal

TIMES = 300
GOAL = 1.5
STATIC = "bench-static.pdf"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=TIMES, help="how often each address is asked")
    asked = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="bench-pack-files-"))
    try:
        set_up_django(scratch)
        measure(scratch, asked.times)
    finally:
        shutil.rmtree(scratch)


def measure(scratch: Path, times: int) -> None:
    print(f"CPU in ms of an answer. Goal: at most {GOAL} times the constant.")
    print(f"{'':<14}{'kB':>6}{'static':>9}{'constant':>10}{'made':>8}{'/ static':>10}{'/ constant':>12}")
    for name, address in make_files().items():
        with portal(scratch, "portal.wsgi:application") as ours:
            body = ours.body_of(address)
        (scratch / "constant").write_bytes(body)
        (scratch / "static" / STATIC).write_bytes(body)
        with portal(scratch, "bench.constant:application") as server:
            costs = []
            for asked in (f"/assets/{STATIC}", CONSTANT, address):
                server.warm(asked)
                costs.append(1000 * server.cost_of(asked, times).cpu)
        numbers = "".join(f"{cost:{width}.2f}" for cost, width in zip(costs, (9, 10, 8), strict=True))
        print(
            f"{name:<14}{len(body) / 1000:6.0f}{numbers}{costs[2] / costs[0]:10.2f}{costs[2] / costs[1]:12.2f}",
            flush=True,
        )


def make_files() -> dict[str, str]:
    """Make a pack of five entries, a standing pack and a brief; return their files' addresses."""
    from django.conf import settings
    from django.core.management import call_command

    from portal.briefings import making, standing, work
    from portal.briefings.models import BriefingPack
    from portal.briefings.options import PackOptions
    from portal.briefings.services import ask_for_pack
    from portal.catalogue.models import Entry

    call_command("load_entries", verbosity=0)
    settings.BRIEFINGS_SETTLE_SECONDS = 0
    standing.refresh_one()
    ready = BriefingPack.objects.exclude(standing="").get()
    entries = list(Entry.objects.public().order_by("pk")[:5])
    pack = ask_for_pack(slugs=[entry.slug for entry in entries], options=PackOptions(title="Bench"))
    while due := work.claim_due_pack():
        making.make_pack(due)
    return {
        "pack": f"{pack.get_absolute_url()}{pack.file_stem}.pdf",
        "standing pack": f"{ready.get_standing_url()}{ready.file_stem}.pdf",
        "brief": entries[0].get_brief_url(),
    }


if __name__ == "__main__":
    main()
