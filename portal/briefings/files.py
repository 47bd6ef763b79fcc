"""The files of a pack: the stored PDF, and the other formats written from the same frozen content."""

from typing import Any, NamedTuple

from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from portal.briefings import services, storage
from portal.briefings.formats import FORMATS
from portal.briefings.models import BriefingPack, file_stem, private_files
from portal.core.views import storage_away

PDF = "pdf"
PDF_TYPE = "application/pdf"


class PackFile(NamedTuple):
    label: str
    address: str
    kind: str


def files_of(pack: BriefingPack, base: str) -> list[PackFile]:
    """Return what can be downloaded of a pack that is ready, with addresses under `base`."""
    if pack.state != pack.State.READY:
        return []
    labels = {PDF: "PDF", **{kind: one.label for kind, one in FORMATS.items()}}
    return [PackFile(label, f"{base}{pack.file_stem}.{kind}", kind) for kind, label in labels.items()]


class ReadyFile(NamedTuple):
    """A stored PDF that anybody who asks for it may have.

    Read in plain SQL: building the query and the pack's row would cost more than all else of the answer.
    """

    title: str
    content_hash: str
    name: str

    @classmethod
    def of_pack(cls, token: str) -> "ReadyFile | None":
        """Return the file of a pack whose address opens it; None of a private, unfinished or expired one."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        return cls._read("token = %s AND NOT is_private AND expires_at > %s", token, now)

    @classmethod
    def of_standing(cls, key: str) -> "ReadyFile | None":
        """Return the newest issue's file of a standing pack."""
        return cls._read("standing = %s", key)

    @classmethod
    def _read(cls, condition: str, *values: Any) -> "ReadyFile | None":
        select = "SELECT title, content_hash, file FROM briefings_briefingpack WHERE state = 'ready' AND "
        with connection.cursor() as cursor:
            cursor.execute(f"{select}{condition} ORDER BY id DESC LIMIT 1", values)
            row = cursor.fetchone()
        return cls(*row) if row else None

    def answer(self) -> HttpResponseBase | None:
        """Hand the file out; None where it can't be opened, which the pack itself has to say."""
        try:
            return pdf_answer(private_files().open(self.name), self.title)
        except OSError:
            return None


class NoSuchFormat(Exception):
    """A pack has no file of this kind."""


class FileLost(Exception):
    """The file of a ready pack is gone; its row says so by now, and it can be made again."""


class StorageAway(Exception):
    """What keeps the files can't be reached for a while."""


def file_answer(pack: BriefingPack, kind: str) -> HttpResponseBase:
    """Return one file of a ready pack as an answer; raise NoSuchFormat, FileLost or StorageAway."""
    if kind == PDF:
        return pdf_answer(_opened(pack), pack.title)
    if kind not in FORMATS:
        raise NoSuchFormat
    written = FORMATS[kind]
    answer = HttpResponse(written.write(pack.document()), content_type=written.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{pack.file_stem}.{kind}"'
    return _unlisted(answer)


def pdf_answer(file: Any, title: str) -> HttpResponseBase:
    name = f"{file_stem(title)}.pdf"
    return _unlisted(FileResponse(file, as_attachment=True, filename=name, content_type=PDF_TYPE))


def _opened(pack: BriefingPack) -> Any:
    try:
        return storage.open_file(pack)
    except FileNotFoundError as error:
        if storage.is_there():
            services.report_lost_file(pack=pack)
            raise FileLost from error
        raise StorageAway from error
    except OSError as error:
        raise StorageAway from error


def hand_out(request: HttpRequest, pack: BriefingPack, kind: str, *, back: str) -> HttpResponseBase:
    """Answer with one file of a ready pack; a page that says what to do where the storage is away or lost it."""
    try:
        return file_answer(pack, kind)
    except NoSuchFormat:
        return render(request, "404.html", status=404)
    except FileLost:
        return redirect(back)
    except StorageAway:
        return storage_away(request)


def _unlisted(answer: HttpResponseBase) -> HttpResponseBase:
    answer["X-Robots-Tag"] = "noindex"
    return answer
