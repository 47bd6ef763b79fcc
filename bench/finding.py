"""Time finding over a large catalogue, side by side with Datasette and a plain django-filter list.

    .venv/bin/python bench/finding.py                          100,000 entries, in a temporary folder
    .venv/bin/python bench/finding.py --scratch FOLDER         kept there, and used again
    .venv/bin/python bench/finding.py --entries 10000
    .venv/bin/python bench/finding.py --database-url postgresql://portal@127.0.0.1:5432/bench

Without a database's address it is SQLite's. The cards and pages that the questions show are made beforehand, as the
worker does.

Each scenario is asked cold (no address twice, so that no cache helps) and as a natural mix (few
addresses often). Ratios within one run hold; single milliseconds don't.
"""

import argparse
import http.client
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from getpass import getuser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ledger_database import ROOT, cpu_of, datasette, portal, set_up_django
from bench.servers import AT_ONCE, Cost, Server, free_port, running

ENTRIES = 100_000
COLD, WARM, SLOW = 200, 300, 12
ASKED_OF_ALL = 20
FACETS = ("theme", "strand", "setting", "staff", "board", "kind")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scratch", type=Path, help="folder for the database; without it a temporary one")
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--times", type=int, default=COLD, help="how many cold questions of each kind")
    parser.add_argument("--opponents-times", type=int, default=SLOW, help="how many questions opponents get; 0: none")
    parser.add_argument("--database-url", default="", help="of an empty PostgreSQL database, or of one filled before")
    asked = parser.parse_args()
    scratch = asked.scratch or Path(tempfile.mkdtemp(prefix="bench-finding-"))
    try:
        measure(scratch.resolve(), asked.entries, asked.database_url, asked.times, asked.opponents_times)
    finally:
        if not asked.scratch:
            shutil.rmtree(scratch)


def measure(scratch: Path, entries: int, database_url: str, times: int, slow: int) -> None:
    scratch.mkdir(parents=True, exist_ok=True)
    set_up_django(scratch, database_url)
    from bench import catalogues
    from portal.catalogue.models import Entry

    if not Entry.objects.exists():
        started = time.monotonic()
        catalogues.fill(entries)
        catalogues.write_flat(scratch / "entries.sqlite3")
        print(f"Built {entries:,} entries in {time.monotonic() - started:.0f} s.", flush=True)
    in_memory()
    questions = Questions(catalogues.words_to_look_for(entries), entries, times)
    with portal(scratch) as ours:
        own = of_ours(ours, questions, scratch)
    if slow:
        compare(scratch, questions, own, slow)


def store_answers_of(questions: "Questions", browsed: list[dict[str, list[str]]], entries: list[int]) -> None:
    """Make and store what these questions show, as the worker does: all of a large catalogue takes an hour."""
    from django.http import QueryDict

    from portal.catalogue.filters import CatalogueFilters
    from portal.catalogue.models import StoredCard, StoredPage
    from portal.core.paging import list_page

    listed: dict[int, set[int]] = {10: set(), 25: set(entries)}
    for per_page, asked in ((10, browsed), (25, questions.listed)):
        for question in asked:
            query = QueryDict(urlencode(question, doseq=True))
            listed[per_page].update(list_page(CatalogueFilters(query).answer, query, per_page=per_page).rows)
    store_now(StoredCard, sorted(listed[10]))
    store_now(StoredPage, sorted(listed[25]))


def store_now(store: Any, ids: list[int]) -> None:
    from portal.catalogue import stored

    store.objects.all().delete()
    before, size = time.process_time(), 0
    for some in batched(ids, stored.STORED_AT_ONCE):
        rows = stored._makers[store](some)
        size += sum(len(value) for row in rows for value in vars(row).values() if isinstance(value, str | bytes))
        stored._store(store, rows)
    spent = (time.process_time() - before) / len(ids) * 1000
    kept = f", {size / len(ids) / 1000:.1f} kB each" if size else ""
    print(f"{len(ids):,} rows of {store.__name__} made, {spent:.1f} ms of CPU each{kept}.", flush=True)


def batched(pks: list[int], size: int) -> Iterator[list[int]]:
    return (pks[first : first + size] for first in range(0, len(pks), size))


def in_memory() -> None:
    """Print what a full build of the index costs, and what following one published entry does (S9)."""
    from portal.catalogue.finding import index
    from portal.catalogue.models import CatalogueMove, Entry

    before = time.process_time()
    held = index._build("bench", index.timezone.localdate())
    whole = time.process_time() - before
    one = Entry.objects.public().values_list("pk", flat=True)[500]
    follow = cpu_of(lambda: index._follow(held, "bench-2", index.BitMap([one])))
    print(
        f"Index of {len(held.public):,}: built in {whole:.2f} s of CPU; one entry followed in {follow * 1000:.0f} ms, "
        f"{follow / whole:.3f} of a build (goal 0.05). {CatalogueMove.objects.count()} moves.",
        flush=True,
    )


class Questions:
    """Questions that nobody has asked before, and the same for each server's own parameters."""

    def __init__(self, words: list[str], entries: int, times: int) -> None:
        self.entries, self.times = entries, times
        self._chance = random.Random(7)
        self._words = words
        self.listed = [self._filters() for _ in range(times // 2)]

    def browsing(self, how_many: int) -> list[dict[str, list[str]]]:
        return [self._filters() | {"page": [str(1 + n % 40)]} for n in range(how_many)]

    def searching(self, how_many: int) -> list[dict[str, list[str]]]:
        return [
            self._filters(1) | {"q": [" ".join(self._chance.sample(self._words, self._chance.choice((1, 1, 2))))]}
            for _ in range(how_many)
        ]

    def _filters(self, most: int = 2) -> dict[str, list[str]]:
        values = {
            "theme": [f"themes-{self._chance.randint(1, 13)}"],
            "setting": [f"care_settings-{self._chance.randint(1, 10)}"],
            "staff": [f"staff_groups-{self._chance.randint(1, 12)}"],
            "icb": [f"PLACE{self._chance.randint(9, 50)}"],
            "kind": [self._chance.choice(("innovation", "case_study"))],
        }
        return {name: values[name] for name in self._chance.sample(sorted(values), self._chance.randint(1, most))}


def at(path: str, question: dict[str, list[str]], more: str = "") -> str:
    return f"{path}?{urlencode(question, doseq=True)}{more}"


def for_datasette(question: dict[str, list[str]]) -> str:
    names = {"icb": "board", "q": "_search"}
    asked = {names.get(name, name): value for name, value in question.items() if name != "page"}
    facets = "".join(f"&_facet={facet}" for facet in FACETS)
    return at("/entries/entries", asked, f"{facets}&_size=10")


def of_ours(server: Server, questions: Questions, scratch: Path) -> dict[str, Cost]:
    """Print what our own answers cost; the first ones, which build the index in each process, are not counted."""
    times = questions.times
    browsing, searching = questions.browsing(times), questions.searching(times)
    pks = random.Random(3).sample(range(1, questions.entries + 1), 2 * times)
    store_answers_of(questions, [*browsing, *searching], pks)
    for _ in range(20):  # both processes have started by then
        server.ask("/about/")
    server.warm("/catalogue/?theme=themes-1")
    costs: dict[str, Cost] = {}

    def tell(name: str, addresses: list[str], clients: int = 1) -> None:
        costs[name] = cost_of(server, addresses, clients)
        say(name, costs[name])

    print(f"\n{'':<34} {'p50':>9} {'p95':>9} {'CPU':>9}   ms")
    tell("S1 browse, cold", [at("/catalogue/", one) for one in browsing])
    browsed_often = list(natural([at("/catalogue/", one) for one in browsing[:30]]))
    tell("S2 browse, natural mix", browsed_often)
    tell("S2 browse, eight clients", browsed_often, AT_ONCE)
    tell("S3 search, cold", [at("/catalogue/", one) for one in searching])
    entries = [f"/{kind_of(pk)}/entry-{pk}/" for pk in pks[:times]]
    tell("S4 entry, cold", entries)
    tell("S4 entry, natural mix", list(natural(entries[:30])))
    details = [f"/api/v1/{kind_of(pk)}/entry-{pk}/" for pk in pks[times:]]
    tell("S5 API, list, cold", [at("/api/v1/entries/", one) for one in questions.listed])
    tell("S5 API, one entry, cold", details)
    tell("S5 API, one entry, natural mix", list(natural(details[:30])))
    tell("Found as JSON, cold", [at("/catalogue.json", one) for one in rare(questions)])
    costs["S6"] = unchanged(server, at("/catalogue/", browsing[0]))
    say("S6 asked again, 304", costs["S6"])
    edited_everywhere(server, pks[0])
    (scratch / "constant.html").write_bytes(whole(server, at("/catalogue/", browsing[0])))
    for now, most in server.memory():
        print(f"A web process holds {now:.0f} MB and held at most {most:.0f} MB.")
    return costs


def kind_of(pk: int) -> str:
    return "case-studies" if pk % 3 else "innovations"


def edited_everywhere(server: Server, pk: int) -> None:
    """Change one entry's title as a publication does, and see that no process answers with the old one (S6, S9)."""
    from portal.catalogue.models import CatalogueVersion, Entry

    address, title = Entry.objects.get(pk=pk).specific.get_absolute_url(), f"Edited {time.time_ns()}"
    for _ in range(ASKED_OF_ALL):
        server.ask(address)
    Entry.objects.filter(pk=pk).update(title=title)
    CatalogueVersion.move([pk])
    before = server.cpu()
    answers = [server.body_of(address) for _ in range(ASKED_OF_ALL)]
    if not all(title.encode() in answer for answer in answers):
        raise SystemExit("A process answered with what an entry said before it was edited.")
    spent = (server.cpu() - before) * 1000
    print(f"After an edit {ASKED_OF_ALL} answers of all processes said the new title; {spent:.0f} ms of CPU in all.")


def rare(questions: Questions) -> list[dict[str, list[str]]]:
    return [{"q": [word]} for word in dict.fromkeys(questions._words) if len(word) > 5][-questions.times // 5 :]


def natural(addresses: list[str]) -> Iterator[str]:
    """Yield few addresses often and many seldom, as people ask."""
    chance = random.Random(5)
    weights = [1 / (rank + 1) for rank in range(len(addresses))]
    return iter(chance.choices(addresses, weights=weights, k=WARM))


def compare(scratch: Path, questions: Questions, own: dict[str, Cost], slow: int) -> None:
    browsing, searching = questions.browsing(slow), questions.searching(slow)
    with datasette(scratch, scratch / "entries.sqlite3") as other:
        d_browse = cost_of(other, [for_datasette(one) for one in browsing])
        d_search = cost_of(other, [for_datasette(one) for one in searching])
        d_entry = cost_of(other, [f"/entries/entries/{pk}" for pk in range(100, 150)])
    n = None
    if program := shutil.which("nginx"):
        with nginx(program, scratch) as file:
            n = cost_of(file, ["/constant.html"] * WARM, AT_ONCE)
    else:
        print("nginx is not installed: S2 is not set beside it.")
    with plain(scratch) as list_:
        w_browse = cost_of(list_, [at("/plain/", one) for one in browsing])
        h = cost_of(list_, ["/constant/"] * WARM)
    for name, cost in (
        ("D browse", d_browse),
        ("D search", d_search),
        ("D entry", d_entry),
        ("plain list", w_browse),
        ("H", h),
    ):
        say(name, cost)
    print("\nRatios, in brackets the goal")
    ratio("S1 p50 / D", own["S1 browse, cold"].p50 / d_browse.p50, 0.0008)
    ratio("S1 p50 / plain list", own["S1 browse, cold"].p50 / w_browse.p50, 0.012)
    ratio("S1 CPU / H", own["S1 browse, cold"].cpu / h.cpu, 2.5)
    ratio("S2 p50 / D", own["S2 browse, natural mix"].p50 / d_browse.p50, 0.0002)
    if n:
        say("N, eight clients", n)
        ratio("S2 CPU / N, eight clients", own["S2 browse, eight clients"].cpu / n.cpu, 6)
    ratio("S3 CPU / D", own["S3 search, cold"].cpu / d_search.cpu, 0.008)
    ratio("S3 p95 / D", own["S3 search, cold"].p95 / d_search.p95, 0.005)
    ratio("S4 cold p50 / D", own["S4 entry, cold"].p50 / d_entry.p50, 0.25)
    ratio("S4 warm p50 / D", own["S4 entry, natural mix"].p50 / d_entry.p50, 0.05)
    ratio("S5 list p50 / D", own["S5 API, list, cold"].p50 / d_browse.p50, 0.008)
    ratio("S5 one, cold p50 / D", own["S5 API, one entry, cold"].p50 / d_entry.p50, 0.5)
    ratio("S5 one, warm p50 / D", own["S5 API, one entry, natural mix"].p50 / d_entry.p50, 0.15)
    ratio("S6 CPU / H", own["S6"].cpu / h.cpu, 1.5)


def plain(scratch: Path) -> AbstractContextManager[Server]:
    import os

    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4",
               "--timeout", "600", "--chdir", str(ROOT), "bench.plain_list:application"]  # fmt: skip
    return running(command, port, scratch / "plain.log", **os.environ)


def nginx(program: str, scratch: Path) -> AbstractContextManager[Server]:
    """Start nginx, which answers the scratch folder's files."""
    port, told = free_port(), scratch / "nginx.conf"
    told.write_text(
        f"""daemon off; user {getuser()}; worker_processes 2; pid {scratch}/nginx.pid; error_log stderr;
        events {{}} http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {scratch}; }} }}"""
    )
    return running([program, "-c", str(told)], port, scratch / "nginx.log")


def cost_of(server: Server, addresses: list[str], clients: int = 1) -> Cost:
    """Return what these answers cost, asked by so many at once."""
    before = server.cpu()
    with ThreadPoolExecutor(clients) as asking:
        seconds = list(asking.map(server.ask, addresses))
    return Cost.of(seconds, [(server.cpu() - before) / len(addresses)])


def whole(server: Server, address: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", server._port)
    connection.request("GET", address)
    return connection.getresponse().read()


def unchanged(server: Server, address: str) -> Cost:
    """Return what it costs to say that nothing changed."""

    def ask(tag: str | None) -> tuple[float, str]:
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", server._port)
        connection.request("GET", address, headers={"If-None-Match": tag} if tag else {})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if tag and answer.status != 304:
            raise SystemExit(f"{address} answered {answer.status} instead of 304.")
        return time.perf_counter() - started, answer.headers["ETag"]

    tag = ask(None)[1]
    before = server.cpu()
    seconds = [ask(tag)[0] for _ in range(WARM)]
    return Cost(statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1], (server.cpu() - before) / WARM)


def say(name: str, cost: Cost) -> None:
    print(
        f"{name:<34} " + " ".join(f"{seconds * 1000:>9,.1f}" for seconds in (cost.p50, cost.p95, cost.cpu)), flush=True
    )


def ratio(name: str, value: float, goal: float) -> None:
    print(f"{name:<24} {value:>9.5f} ({goal})", flush=True)


if __name__ == "__main__":
    main()
