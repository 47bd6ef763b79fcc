"""Compare what pages of adoption cost with the same server answering the same bytes from a constant.

    .venv/bin/python bench/adoption.py                      in a temporary folder, three minutes
    .venv/bin/python bench/adoption.py --scratch FOLDER     kept there, and used again

The pages are those of a year of quarterly returns: 217 trusts with 20 entries. Each is asked for four
ways: after a change that may concern everything (a file of returns); after one entry was published, before
the worker stored its page; and again while nothing changes, by visitors without a session, who share an
answer, and by one with a basket, who shares none.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ledger_database import set_up_django
from bench.servers import CONSTANT, Server, portal

if TYPE_CHECKING:
    from portal.catalogue.models import Entry

TIMES = 300
CHANGES = 5
GOAL = 10


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
    print(f"CPU in ms of an answer. Goal: asked again, at most {GOAL} times the constant.")
    head = f"{'':<10}{'kB':>6}{'constant':>10}{'all changed':>13}{'published':>11}"
    print(f"{head}{'again':>8}{'times':>7}{'basket':>8}{'times':>7}")
    cookie = basket()
    with portal(scratch, "portal.wsgi:application") as ours:
        bodies, costs = {}, {}
        for name, address in pages.items():
            changed = [_cost_after(how, ours, address) for how in (_change_all, _publish_one)]
            _let_the_worker_store()
            ours.warm(address)
            bodies[name] = ours.body_of(address)
            costs[name] = (*changed, ours.cost_of(address, times), ours.cost_of(address, times, cookie))
    for name, (all_changed, published, again, with_basket) in costs.items():
        (scratch / "constant").write_bytes(bodies[name])
        with portal(scratch, "bench.constant:application") as constant:
            constant.warm(CONSTANT)
            base = constant.cost_of(CONSTANT, times)
        line = f"{name:<10}{len(bodies[name]) / 1000:>6.0f}{base.cpu * 1000:>10.2f}"
        line += f"{all_changed * 1000:>13.1f}{published * 1000:>11.1f}"
        for cost in (again, with_basket):
            line += f"{cost.cpu * 1000:>8.2f}{cost.cpu / base.cpu:>7.1f}"
        print(line, flush=True)


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
    slug = _entry_shown().slug
    return {
        "entry": f"/innovations/{slug}/",
        "adoption": f"/adoption/{slug}/",
        "spreading": "/adoption/",
        "trust": "/organisations/RQM/",
        "board": "/organisations/QRL/",
        "region": "/organisations/Y62/",
        "network": "/organisations/hin-nwc/",
    }


def basket() -> str:
    """Return the cookie of a visitor without an account who has an entry in the basket."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore

    from portal.briefings.basket import Basket

    session = SessionStore()
    session[Basket.KEY] = [_entry_shown().slug]
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _entry_shown() -> "Entry":
    from portal.catalogue.models import Entry

    return Entry.objects.filter(kind="innovation").order_by("slug")[0]


def _cost_after(change: Callable[[], None], server: Server, address: str) -> float:
    """Return the mean CPU of the first answer after a change; the process has answered before."""
    server.ask(address)
    costs = []
    for _ in range(CHANGES):
        change()
        costs.append(server.cost_of(address, 1).cpu)
    return mean(costs)


def _change_all() -> None:
    from portal.catalogue.models import CatalogueVersion

    CatalogueVersion.move()


def _publish_one() -> None:
    from portal.catalogue.models import CatalogueVersion

    CatalogueVersion.move([_entry_shown().pk])


def _let_the_worker_store() -> None:
    from portal.catalogue.stored import store_answers

    store_answers()


if __name__ == "__main__":
    main()
