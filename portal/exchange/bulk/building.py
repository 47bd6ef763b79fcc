"""One making of the files: one at a time, under a name of its own, there whole or not at all (ADR 4)."""

import hashlib
import logging
import shutil
import time
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from portal.catalogue.models import CatalogueVersion
from portal.core.one_state import one_state
from portal.core.private_files import check_room, private_files
from portal.core.workbooks import WORKBOOK
from portal.exchange.bulk.dictionary import front_sheets, write_about
from portal.exchange.bulk.tables import TABLES, WALKS
from portal.exchange.bulk.writers import WORKBOOK_FILE, writing
from portal.exchange.models import DataFile, DataRelease

logger = logging.getLogger(__name__)

Format = DataFile.Format
State = DataRelease.State
SUMS = "SHA256SUMS"
STRAY_AFTER_SECONDS = 24 * 3600
FAILURES_KEPT = timedelta(days=30)
ENTRIES = ("innovations.jsonl", "case_studies.jsonl")


class AnotherRuns(Exception):
    """The files are being made already; the message is fit to show."""


class Kind(NamedTuple):
    """What a file is, before it is written."""

    name: str
    format: str
    media_type: str
    about: str
    is_whole: bool = False


ABOUT = [
    Kind("README.txt", Format.ABOUT, "text/plain; charset=utf-8", "What to read first."),
    Kind("dictionary.csv", Format.ABOUT, "text/csv; charset=utf-8", "The data dictionary: what each column is."),
    Kind("datapackage.json", Format.ABOUT, "application/json", "The same for programs, as a data package."),
]
TABLE_FILES = [
    *(Kind(f"{one.name}.csv", Format.CSV, "text/csv; charset=utf-8", one.about) for one in TABLES.values()),
    *(Kind(f"{one.name}.jsonl", Format.JSON_LINES, "application/jsonl; charset=utf-8", one.about) for one in WALKS),
]
ARCHIVES = [
    Kind("catalogue-csv.zip", Format.CSV, "application/zip", "Every table as CSV, one file each.", True),
    Kind("catalogue-jsonl.zip", Format.JSON_LINES, "application/zip", "Everything as JSON Lines.", True),
]
WHOLE = [*ARCHIVES, Kind(WORKBOOK_FILE, Format.WORKBOOK, WORKBOOK, "Every table as a sheet of one workbook.", True)]
CHECKSUMS = Kind(SUMS, Format.ABOUT, "text/plain; charset=utf-8", "SHA-256 of each file, for sha256sum -c.")


def make_files() -> DataRelease:
    """Make the files of the catalogue as it is now, and remove those of long ago. Raise AnotherRuns.

    Whatever else goes wrong is noted in the row, leaves nothing half done and is raised again.
    """
    release = _claim()
    try:
        return _make(release)
    except BaseException as problem:
        mine = DataRelease.objects.filter(pk=release.pk, lease=release.lease, state=State.RUNNING)
        mine.update(state=State.FAILED, finished_at=timezone.now(), error=str(problem)[:400] or repr(problem))
        raise
    finally:
        shutil.rmtree(release.unfinished, ignore_errors=True)


def _claim() -> DataRelease:
    now = timezone.now()
    DataRelease.objects.lost().update(state=State.FAILED, finished_at=now, error="The work stopped without a word.")
    until: Any = Now() + timedelta(seconds=settings.DATA_FILES_LEASE_SECONDS)
    name = f"{timezone.localtime(now):%Y-%m-%d-%H%M%S}"
    try:
        with transaction.atomic():
            return DataRelease.objects.create(name=name, lease=uuid.uuid4(), lease_until=until, began_at=now)
    except IntegrityError:
        raise AnotherRuns("The data files are being made already. Wait until that is done.") from None


def _make(release: DataRelease) -> DataRelease:
    folder = release.unfinished
    check_room(folder.parent, wanted=settings.DATA_FILES_FREE_BYTES)
    folder.mkdir(mode=0o750)
    with one_state():
        release.as_at = timezone.now()
        with writing(folder, front_sheets(release.as_at)) as rows:
            for walk in WALKS:
                for chunk in walk.chunks():
                    for row in chunk:
                        rows.add(walk, row)
        counted = rows.counted
    files = _finish(folder, release, counted)
    release.entries = sum(counted[name] for name in ENTRIES)
    _put_up(release, files)
    remove_old()
    return release


def _finish(folder: Path, release: DataRelease, rows: dict[str, int]) -> list[DataFile]:
    """Write what explains and gathers the tables, and return what there is."""
    assert release.as_at is not None  # noqa: S101  # nosec B101  # it was just set
    tables = [_told(folder, release, kind, rows[kind.name]) for kind in TABLE_FILES]
    write_about(folder, release.as_at, {file.name: (file.size, file.sha256) for file in tables})
    for archive in ARCHIVES:
        _gather(folder, archive)
    others = [_told(folder, release, kind) for kind in [*WHOLE, *ABOUT]]
    files = [*others[: len(WHOLE)], *tables, *others[len(WHOLE) :]]
    (folder / SUMS).write_text("".join(f"{file.sha256}  {file.name}\n" for file in files))
    return [*files, _told(folder, release, CHECKSUMS)]


def _gather(folder: Path, archive: Kind) -> None:
    names = [kind.name for kind in TABLE_FILES if kind.format == archive.format] + [kind.name for kind in ABOUT]
    with zipfile.ZipFile(folder / archive.name, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.write(folder / name, name)


def _told(folder: Path, release: DataRelease, kind: Kind, rows: int | None = None) -> DataFile:
    path = folder / kind.name
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return DataFile(release=release, rows=rows, size=path.stat().st_size, sha256=digest, **kind._asdict())


def _put_up(release: DataRelease, files: list[DataFile]) -> None:
    """Give the folder its name, then say that it is there; whoever was taken for lost meanwhile says nothing."""
    private_files().take_folder(release.unfinished, release.folder)
    now = timezone.now()
    with transaction.atomic():
        mine = DataRelease.objects.filter(pk=release.pk, lease=release.lease, state=State.RUNNING)
        finished = mine.update(state=State.READY, as_at=release.as_at, entries=release.entries, finished_at=now)
        if finished:
            DataFile.objects.bulk_create(files)
            CatalogueVersion.move([])
    if not finished:
        private_files().remove(release.folder)
        raise AnotherRuns("This took so long that another making began; its files are the ones to take.")
    release.state, release.finished_at = State.READY, now


def remove_old() -> int:
    """Remove releases but for the newest few, rows first, so that nobody is led to what goes; return how many.

    Whoever is downloading a file reads it to its end all the same. What no row knows goes a day later.
    """
    kept = DataRelease.objects.ready().order_by("-as_at").values_list("pk", flat=True)[: settings.DATA_FILES_KEPT]
    old = DataRelease.objects.ready().exclude(pk__in=list(kept))
    folders = [release.folder for release in old]
    for release in old:
        release.delete()
    DataRelease.objects.filter(state=State.FAILED, finished_at__lt=timezone.now() - FAILURES_KEPT).delete()
    for folder in [*folders, *_strays()]:
        private_files().remove(folder)
    return len(folders)


def _strays() -> list[str]:
    known = {release.folder for release in DataRelease.objects.exclude(state=State.FAILED)}
    old = private_files().older_than(time.time() - STRAY_AFTER_SECONDS, within=DataRelease.FOLDER)
    return [name for name in old if name not in known]
