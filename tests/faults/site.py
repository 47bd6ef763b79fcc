"""A site in processes of its own over the test's database, asked over HTTP, and ended as no server should be."""

import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from tests.commands.processes import ADDRESS_LINE, Running, free_port, wait_until

PATIENCE = 60
Answer = tuple[int, Mapping[str, str], bytes]


class Cut(Exception):
    """The line was closed before an answer was whole."""


class Site:
    """`manage.py serve --only web` on a port of its own, until it is ended."""

    def __init__(self, *, environment: Mapping[str, str], folder: Path, processes: int = 2) -> None:
        self.port = free_port()
        self._environment = {**environment, "PORT": str(self.port), "WEB_PROCESSES": str(processes)}
        self._folder = folder
        self.start()

    def start(self) -> None:
        command = [sys.executable, "manage.py", "serve", "--only", "web"]
        self.running = Running(command, environment=self._environment, folder=self._folder)
        self.running.wait_for(ADDRESS_LINE, seconds=PATIENCE)

    def master(self) -> psutil.Process:
        """Return the web server's first process, which minds the others."""
        return psutil.Process(self.running.process.pid).children()[0]

    def workers(self) -> list[psutil.Process]:
        return self.master().children()

    def ask(self, path: str, *, method: str = "GET", body: Any = None, seconds: float = 40, **headers: str) -> Answer:
        """Return status, headers and the whole body. Raises Cut where no whole answer came."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request(method, path, body=body, headers=given)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Cut(str(error)) from error
        finally:
            connection.close()

    def status(self, path: str, **more: Any) -> int:
        """Return the status; 0 where no whole answer came."""
        try:
            return self.ask(path, **more)[0]
        except Cut:
            return 0

    def answers(self, path: str = "/", *, seconds: float = 15) -> bool:
        return wait_until(lambda: self.status(path) == 200, seconds=seconds)

    @property
    def said(self) -> str:
        return self.running.said

    def end(self) -> None:
        self.running.end()


@dataclass
class Writer:
    """A network's system that begins draft after draft by key, and writes down what the site said yes to.

    The list of what was acknowledged is kept here, beside the site: whatever happens to the site, each of
    these must be found in it, whole.
    """

    site: Site
    key: str
    name: str = "w"
    acknowledged: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    cut: int = 0
    longest: float = 0.0
    """Seconds that one of them took."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def write_one(self) -> int:
        """Begin one draft. Return the status, 0 where no whole answer came."""
        slug = f"{self.name}-{len(self.acknowledged) + len(self.refused) + self.cut}"
        try:
            took, (status, _, _) = timed(lambda: self._write(slug))
            self.longest = max(self.longest, took)
        except Cut:
            self.cut += 1
            return 0
        if status == 201:
            self.acknowledged.append(slug)
        else:
            self.refused.append(status)
        return status

    def _write(self, slug: str) -> Answer:
        return self.site.ask(
            f"/api/v1/drafts/innovations/{slug}/",
            method="PUT",
            body=json.dumps({"title": title_of(slug), "summary": SUMMARY}),
            content_type="application/json",
            authorization=f"Bearer {self.key}",
        )

    def _write_on(self) -> None:
        while not self._ended.is_set():
            if self.write_one() == 0:
                time.sleep(0.05)

    @contextmanager
    def writing(self) -> Iterator["Writer"]:
        thread = threading.Thread(target=self._write_on)
        thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            thread.join()

    def assert_nothing_lost(self) -> None:
        """Hold the site's database against the list: each acknowledged draft is there whole, and none is torn."""
        from innovations.models import Innovation

        rows = {row.slug: row for row in Innovation.objects.filter(slug__startswith=f"{self.name}-")}
        assert self.acknowledged, f"nothing was written: refused {self.refused[:5]}, cut {self.cut}"
        assert set(self.acknowledged) <= rows.keys(), "acknowledged and lost"
        for slug, row in rows.items():
            draft = row.get_latest_revision_as_object()
            assert row.latest_revision is not None, f"{slug}: a row without its draft"
            assert (draft.title, draft.summary) == (title_of(slug), SUMMARY)


SUMMARY = "Shows who is free at night. " * 20


FORM = {"sec_fetch_site": "same-origin", "content_type": "application/x-www-form-urlencoded"}
RECOMMENDATION = "The board is asked to approve <three> rotas & a bank."


def ask_for_pack(site: Site, entry: Any, title: str = "Options") -> Answer:
    """Ask for a pack of an entry, as the builder's form does."""
    form = {"entry": entry.slug, "title": title, "purpose": "approval", "who_opens": "anyone"}
    return site.ask("/packs/", method="POST", body=urlencode({**form, "recommendation": RECOMMENDATION}), **FORM)


def title_of(slug: str) -> str:
    return f"Night rota {slug}"


@contextmanager
def readers(site: Site, *paths: str, threads: int = 2) -> Iterator[list[tuple[str, int]]]:
    """Read these pages over and over meanwhile; the answers' statuses are told as they come, 0 for a cut line."""
    told: list[tuple[str, int]] = []
    ended = threading.Event()

    def read_on() -> None:
        while not ended.is_set():
            for path in paths:
                told.append((path, site.status(path)))
            time.sleep(0.01)

    reading = [threading.Thread(target=read_on) for _ in range(threads)]
    for thread in reading:
        thread.start()
    try:
        yield told
    finally:
        ended.set()
        for thread in reading:
            thread.join()


def kill(process: psutil.Process) -> None:
    """End a process as the kernel does: nothing is closed, told or tidied."""
    with suppress(psutil.NoSuchProcess):
        os.kill(process.pid, 9)


def timed(do: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many seconds it took, and what it returned."""
    began = time.monotonic()
    told = do()
    return time.monotonic() - began, told
