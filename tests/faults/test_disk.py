"""Faults 21 and 27 to 30: the disk is full, has no names left, or may only be read."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest
from django.conf import settings
from django.db import connection

from portal.briefings.models import BriefingPack
from tests.briefings.samples import queue_pack
from tests.briefings.test_worker import files_of, wait_for
from tests.commands.processes import Running, wait_until
from tests.factories import InnovationFactory
from tests.faults.site import FORM, PATIENCE, Site, ask_for_pack, kill
from tests.faults.test_database_faults import assert_kept_for_later, copy_of, opened

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def mount(*arguments: str) -> None:
    told = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if told.returncode:
        pytest.skip(f"this machine lets nobody mount: {told.stderr.strip()}")


@contextmanager
def small_disk(folder: Path, **limits: Any) -> Iterator[Path]:
    """Lay a disk of its own over a folder, in memory."""
    folder.mkdir(exist_ok=True)
    mount("-t", "tmpfs", "-o", ",".join(f"{name}={value}" for name, value in limits.items()), "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all the room there is."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    return filler


def take_the_name(folder: Path) -> Path:
    """Make the one file that a disk with two inodes has room for, beside its own folder."""
    taken = folder / "taken"
    taken.touch()
    return taken


@pytest.fixture
def database_on(request: pytest.FixtureRequest) -> Any:
    """Copy this test's database to another disk, and return its address."""
    if connection.vendor != "sqlite":
        pytest.skip("a server's disk is not ours to fill")

    def copy(folder: Path) -> str:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy_of(Path(connection.settings_dict["NAME"]), folder / "portal.sqlite3")
        return f"sqlite:///{quote(str(folder / 'portal.sqlite3'))}"

    return copy


def packs_in(database: Path) -> int:
    with opened(database) as reader:
        return int(reader.execute("SELECT count(*) FROM briefings_briefingpack").fetchone()[0])


def test_fault_27_with_a_full_disk_the_database_is_read_and_writes_are_refused_plainly(
    start_site, database_on, tmp_path: Path
):
    entry = InnovationFactory(published=True)
    with small_disk(tmp_path / "disk", size="64m") as disk:
        site = start_site(processes=1, DATABASE_URL=database_on(disk))
        assert ask_for_pack(site, entry)[0] == 302
        filler = fill(disk)

        refused = None
        for number in range(60):
            refused = ask_for_pack(site, entry, f"Options {number}")
            if refused[0] == 503:
                break
        assert_kept_for_later(refused)
        for path in ("/", f"/innovations/{entry.slug}/", "/catalogue/?q=rota", "/api/v1/entries/"):
            assert site.status(path) == 200, path

        filler.unlink()
        before = packs_in(disk / "portal.sqlite3")
        assert ask_for_pack(site, entry, "After")[0] == 302
        assert packs_in(disk / "portal.sqlite3") == before + 1
        site.end()


def test_fault_21_a_database_that_may_only_be_read_is_read(start_site, database_on, tmp_path: Path):
    entry = InnovationFactory(published=True)
    folder = tmp_path / "read-only"
    folder.mkdir()
    url = database_on(folder)
    site = start_site(processes=1, DATABASE_URL=url)
    assert ask_for_pack(site, entry)[0] == 302
    mount("--bind", str(folder), str(folder))
    mount("-o", "remount,ro,bind", str(folder))
    try:
        # What a process had open before it may still write.
        for process in site.workers():
            kill(process)
        assert site.answers()
        for path in ("/", f"/innovations/{entry.slug}/", "/catalogue/?q=rota", "/api/v1/entries/"):
            assert site.status(path) == 200, path
        assert_kept_for_later(ask_for_pack(site, entry, "Refused"))
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
    site.end()


class LoggedSite(Site):
    """A site whose output goes to a file, as under a supervisor that keeps logs."""

    def __init__(self, log: Path, **more: Any) -> None:
        self._log = log
        super().__init__(**more)

    def start(self) -> None:
        command = ["sh", "-c", 'exec "$@" >>"$0" 2>&1', str(self._log)]
        command += [sys.executable, "manage.py", "serve", "--only", "web"]
        self.running = Running(command, environment=self._environment, folder=self._folder)
        assert self.answers(seconds=PATIENCE)
        first = psutil.Process(self.running.process.pid)
        self.running.family = [first, *first.children(recursive=True)]


def test_fault_29_a_full_disk_of_logs_and_temporary_files_changes_nothing(
    site_environment: dict[str, str], checkout: Path, tmp_path: Path
):
    entry = InnovationFactory(published=True)
    with small_disk(tmp_path / "disk", size="16m") as disk:
        environment = {**site_environment, "TMPDIR": str(disk), "METRICS_TOKEN": "", "LOG_LEVEL": "DEBUG"}
        site = LoggedSite(disk / "log", environment=environment, folder=checkout, processes=2)
        try:
            filler = fill(disk)
            for path in ("/", f"/innovations/{entry.slug}/", "/catalogue/?q=rota", "/api/v1/entries/", "/nowhere/"):
                assert site.status(path) == (404 if path == "/nowhere/" else 200), path
            assert ask_for_pack(site, entry)[0] == 302
            # What is larger than the memory for uploads goes to the temporary folder. It is refused before it was
            # received, so without a proxy in front its sender may see no more than a closed line.
            assert site.status("/packs/", method="POST", body=LARGE_FORM, **FORM | LARGE) in {503, 0}
            kill(site.workers()[0])
            assert wait_until(lambda: len(site.workers()) == 2, seconds=20)
            assert [site.status(f"/?{number}") for number in range(8)] == [200] * 8
            filler.unlink()
            assert site.ask("/packs/", method="POST", body=LARGE_FORM, **FORM | LARGE)[0] == 422
        finally:
            site.end()


BOUNDARY = "of-a-large-form"
LARGE = {"content_type": f"multipart/form-data; boundary={BOUNDARY}"}
LARGE_FORM = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n{"x" * 6_000_000}'
    f"\r\n--{BOUNDARY}--\r\n"
).encode()


@pytest.mark.long
@pytest.mark.worker
@pytest.mark.parametrize(("limits", "use_up"), [({"size": "60m"}, fill), ({"nr_inodes": "2"}, take_the_name)])
def test_fault_28_and_30_a_pack_without_room_fails_with_the_reason_and_is_made_later(start_worker, limits, use_up):
    pack = queue_pack(InnovationFactory(published=True))
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(exist_ok=True)
    with small_disk(media / "packs", **limits) as disk:
        filler = use_up(disk)
        start_worker()
        wait_for(pack, "failed", "ready")
        assert pack.state == "failed"
        assert "could not be stored (No space left on device)" in pack.error
        assert pack.retry_at
        assert files_of(pack) == []

        filler.unlink()
        BriefingPack.objects.update(retry_at=pack.created_at)
        assert wait_until(lambda: BriefingPack.objects.get().state == "ready", seconds=60)
        assert files_of(pack) == [f"{pack.token}.pdf"]
