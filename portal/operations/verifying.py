"""Hold the rows against the files they name, the index against what readers see, and the trail against its seals."""

import hashlib
import re
from collections.abc import Iterator

from django.db import connection

from portal.accounts.trail import first_broken_link
from portal.briefings.models import BriefingPack
from portal.catalogue.finding.documents import stale_texts
from portal.catalogue.finding.engines import engine
from portal.catalogue.models import Entry
from portal.core.private_files import private_files
from portal.evidence.models import Evidence
from portal.exchange.models import DataFile

BY_CONTENT = re.compile(r"evidence/([0-9a-f]{64})/")
BLOCK = 1 << 20


def problems() -> Iterator[str]:
    """Yield what is wrong, each as a sentence that names the row."""
    yield from _of_packs()
    yield from _of_data_files()
    yield from _of_attachments()
    yield from _of_rows()
    yield from _of_index()
    yield from _of_trail()


def _of_packs() -> Iterator[str]:
    ready = BriefingPack.objects.filter(state=BriefingPack.State.READY).defer("data")
    for pack in ready.order_by("pk").iterator():
        wrong = _wrong_with(pack.file.name or "", size=pack.file_size, sha256=pack.file_sha256)
        if wrong:
            yield f"Pack {pack.pk} “{pack.title}”: {wrong}. Its page offers to make it again."


def _of_data_files() -> Iterator[str]:
    for file in DataFile.objects.public().select_related("release").order_by("pk"):
        wrong = _wrong_with(f"{file.release.folder}/{file.name}", size=file.size, sha256=file.sha256)
        if wrong:
            yield f"Data file {file.release.name}/{file.name}: {wrong}. Run manage.py make_data_files."


def _of_attachments() -> Iterator[str]:
    for source in Evidence.objects.exclude(attachment="").only("title", "attachment").order_by("pk").iterator():
        name = source.attachment.name or ""
        known = BY_CONTENT.match(name)
        wrong = _wrong_with(name, sha256=known[1] if known else "")
        if wrong:
            yield f"Source {source.pk} “{source.title}”: {wrong}. Attach its file again, or restore it from a backup."


def _wrong_with(name: str, *, size: int | None = None, sha256: str = "") -> str:
    """Say what is wrong with a file, or nothing. Without a known hash only its size can be compared."""
    digest, length = hashlib.sha256(), 0
    try:
        with private_files().open(name) as file:
            while block := file.read(BLOCK):
                digest.update(block)
                length += len(block)
    except FileNotFoundError:
        return f"the file {name} is lost"
    except OSError as error:
        return f"the file {name} can’t be read ({error.strerror or error})"
    if size is not None and length != size:
        return f"the file {name} has {length:,} bytes instead of {size:,}"
    if sha256 and digest.hexdigest() != sha256:
        return f"the file {name} was altered"
    return ""


def _of_rows() -> Iterator[str]:
    """Yield rows that name rows which are not there: SQLite lets a tool write such, PostgreSQL does not."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table, row, parent, _ in cursor.execute("PRAGMA foreign_key_check").fetchall():
                yield f"Row {row} of {table} names a row of {parent} that is not there. Restore a backup."


def _of_index() -> Iterator[str]:
    fix = "Run manage.py search_texts."
    for title in Entry.objects.filter(pk__in=stale_texts()).order_by("pk").values_list("title", flat=True):
        yield f"Search: “{title}” is not found by what readers see of it. {fix}"
    try:
        engine().check()
    except Exception as error:
        yield f"Search: the index is damaged ({error}). {fix}"


def _of_trail() -> Iterator[str]:
    broken = first_broken_link()
    if broken:
        where = f"row {broken.event}" if broken.event else "its end"
        yield (
            f"Trail of accounts: broken at {where}. {broken.why} If it was sealed with another SECRET_KEY, add that to "
            "SECRET_KEY_FALLBACKS; else find out who wrote to the database."
        )
