"""Two hundred readers at once, while an editor publishes and twenty packs are made: errors, and how long people wait.

.venv/bin/python bench/load.py [--seconds 60] [--readers 200] [--database-url postgresql://...] [--redis-url redis://...]

The portal runs as bin/run starts it: two web processes of four threads, one worker, the real entries. First one
reader asks the mix, then all of them ask the same mix; told are the errors, the p50 and p99 of both with
their ratio, how long after each publication every answer said the new title, and how the packs ended, which are
waited for. Ends with 1 where anything was not answered, said late or not made once.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parent.parent
WORDS = (
    "passport",
    "bank",
    "rostering",
    "sleep",
    "automation",
    "apprentices",
    "mental health",
    "prescribing",
    "agency",
)
PACKS = 20
ANSWERED = (200, 202, 302)
"""202 says that a brief is being made."""
PAUSE = 1.0
"""Seconds a reader looks at a page, on average, before the next."""
HALF = 0.5
PATIENCE = 120
FOR_PACKS = 600
"""Seconds in which the packs must be made, counted from the end of the reading."""
IN_A_ROW = 18
GOAL = 1.0
"""Seconds after which a publication must be seen everywhere."""


@dataclass
class Told:
    """What answers came: seconds each took, and how many had which status; 0 is a line that was closed."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def errors(self) -> int:
        return sum(times for status, times in self.statuses.items() if status not in ANSWERED)

    def percentiles(self) -> tuple[float, float]:
        hundredths = quantiles(self.seconds, n=100, method="inclusive")
        return hundredths[49], hundredths[98]


async def ask(port: int, path: str, body: str | None = None) -> tuple[int, bytes]:
    """Return status and whole answer, over a connection of its own; 0 where none came."""
    kind = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n"
    head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n"
    if body is not None:
        head += f"{kind}Content-Length: {len(body)}\r\n"
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"{head}\r\n{body or ''}".encode())
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return 0, b""
    status = answer[9:12]
    return (int(status) if status.isdigit() else 0), answer


class Mix:
    """What readers do: four in ten browse or search, four open an entry, one its brief, one the API or a file."""

    def __init__(self, entries: list[str], themes: list[str], seed: int) -> None:
        self._entries, self._themes, self._chance = entries, themes, random.Random(seed)

    def next(self) -> str:
        chance, entry = self._chance, self._chance.choice(self._entries)
        turn = chance.random()
        if turn < 0.2:
            return f"/catalogue/?theme={chance.choice(self._themes)}&page={chance.choice((1, 1, 2))}"
        if turn < 0.4:
            return f"/catalogue/?q={quote(chance.choice(WORDS))}"
        if turn < 0.8:
            return entry
        if turn < 0.9:
            return chance.choice(("/", "/adoption/", "/impact/", "/organisations/"))
        return chance.choice((f"{entry}brief.pdf", "/api/v1/entries/", "/catalogue.csv"))


async def read_on(port: int, mix: Mix, until: float, told: Told) -> None:
    while time.monotonic() < until:
        path = mix.next()
        begun = time.monotonic()
        status, _ = await ask(port, path)
        told.seconds.append(time.monotonic() - begun)
        told.statuses[status] += 1
        await asyncio.sleep(random.expovariate(1 / PAUSE))


async def publish_now_and_then(port: int, entry: int, until: float, late: list[float]) -> None:
    """Publish another title every few seconds, and take the time until all answers in a row say it.

    Asked in turn are the entry's page, what the API says of it, and a search for words that only this title has.
    """
    from django.db import connection

    from portal.catalogue.models import Entry
    from portal.catalogue.services import publish_entry

    def publish(title: str) -> tuple[str, ...]:
        row = Entry.objects.get(pk=entry).specific
        row.title = title
        publish_entry(entry=row, reason="It has another title.")
        connection.close()
        return row.get_absolute_url(), f"/api/v1{row.get_absolute_url()}", f"/catalogue/?q={quote(title.split()[0])}"

    number = 0
    while time.monotonic() < until:
        number += 1
        title = f"Quokka{number} of a busy day"
        paths = await asyncio.to_thread(publish, title)
        done, in_a_row = time.monotonic(), 0
        while in_a_row < IN_A_ROW:
            asked = time.monotonic()
            status, page = await ask(port, path := paths[in_a_row % len(paths)])
            if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                sys.exit(f"{path} answered {status}: it will never say what was published.")
            says_it = b" of a busy day" in page and title.split()[0].encode() in page
            in_a_row = in_a_row + 1 if says_it else 0
            if not says_it:
                late.append(asked - done)
        late.append(0.0)
        await asyncio.sleep(5)


async def ask_for_packs(port: int, slugs: list[str]) -> list[int]:
    forms = [
        urlencode({"entry": slugs[number % len(slugs)], "title": f"Pack {number}", "purpose": "information"})
        for number in range(PACKS)
    ]
    return [(await ask(port, "/packs/", f"{form}&who_opens=anyone"))[0] for form in forms]


async def measure(port: int, readers: int, seconds: float) -> bool:
    """Read, publish and ask for packs; tell of it, and return whether all was as it must be."""
    from django.db import connection

    from portal.briefings.models import BriefingPack
    from portal.catalogue.models import Entry, Theme

    rows = list(Entry.objects.public().order_by("pk").with_specific())
    entries, slugs = [row.get_absolute_url() for row in rows], [row.slug for row in rows]
    themes = list(Theme.objects.values_list("slug", flat=True))

    alone = Told()
    mixes = [Mix(entries, themes, number) for number in range(readers)]
    await read_on(port, Mix(entries, themes, 0), time.monotonic() + seconds * HALF, alone)

    many, late = Told(), []
    until = time.monotonic() + seconds
    asked, *_ = await asyncio.gather(
        ask_for_packs(port, slugs),
        publish_now_and_then(port, rows[0].pk, until, late),
        *(read_on(port, mix, until, many) for mix in mixes),
    )
    connection.close()
    say_waits(alone, many, late, seconds)

    # Those that the worker keeps ready by itself come after people's.
    ours = BriefingPack.objects.filter(standing="")
    began = time.monotonic()
    while (waiting := ours.exclude(state__in=["ready", "failed"]).count()) and time.monotonic() - began < FOR_PACKS:
        await asyncio.sleep(1)
    ended = Counter(ours.values_list("state", "attempts"))
    print(f"packs asked for: {dict(Counter(asked))}; made {time.monotonic() - began:.0f} s after the reading ended")
    print(f"  as they ended, with attempts: {dict(ended)}, waiting {waiting}")
    connection.close()
    once = ended == Counter({("ready", 1): PACKS})
    return once and not (alone.errors() or many.errors()) and max(late) <= GOAL


def say_waits(alone: Told, many: Told, late: list[float], seconds: float) -> None:
    for name, told in (("one reader", alone), ("all readers", many)):
        p50, p99 = told.percentiles()
        answers = len(told.seconds)
        print(f"{name}: {answers} answers, errors {told.errors()}, p50 {p50 * 1e3:.0f} ms, p99 {p99 * 1e3:.0f} ms")
        print(f"  statuses {dict(told.statuses)}")
    print(f"answers a second: {len(many.seconds) / seconds:.0f}")
    print(f"p99 of all readers to one reader's: {many.percentiles()[1] / alone.percentiles()[1]:.1f}")
    print(
        f"publications: {late.count(0.0)}, the latest old answer was asked for {max(late):.2f} s after (goal: {GOAL})"
    )


@contextmanager
def site(scratch: Path, port: int) -> Iterator[None]:
    """Run the whole portal on the scratch folder."""
    for command in (["collectstatic", "--noinput"], ["migrate", "--noinput"], ["load_entries"]):
        subprocess.run([sys.executable, "manage.py", *command, "-v0"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with (scratch / "portal.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, stdout=log, stderr=log)
    try:
        asyncio.run(_wait_for(port))
        yield
    finally:
        process.terminate()
        process.wait()


async def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while (await ask(port, "/"))[0] != 200:
        if time.monotonic() > until:
            sys.exit("The portal did not start; its log is in the scratch folder.")
        await asyncio.sleep(0.2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--redis-url", default="")
    chosen = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from bench.servers import free_port

    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        os.environ |= {
            "VAR_DIR": folder,
            "PORT": str(port),
            "WEB_PROCESSES": "2",
            "API_PER_MINUTE": "10000000",
            "DATABASE_URL": chosen.database_url,
            "REDIS_URL": chosen.redis_url,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        }
        import django

        django.setup()
        with site(Path(folder), port):
            is_well = asyncio.run(measure(port, chosen.readers, chosen.seconds))
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
