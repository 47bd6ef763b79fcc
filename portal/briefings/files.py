"""The files of a pack: the stored PDF, and the other formats written from the same frozen content."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from portal.briefings import services, storage
from portal.briefings.formats import FORMATS
from portal.briefings.models import BriefingPack

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


def hand_out(request: HttpRequest, pack: BriefingPack, kind: str, *, back: str) -> HttpResponseBase:
    """Answer with one file of a ready pack; a page that says what to do where the storage is away or lost it."""
    if kind == PDF:
        return _pdf(request, pack, back)
    if kind not in FORMATS:
        return render(request, "404.html", status=404)
    written = FORMATS[kind]
    answer = HttpResponse(written.write(pack.document()), content_type=written.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{pack.file_stem}.{kind}"'
    return _guarded(answer)


def _pdf(request: HttpRequest, pack: BriefingPack, back: str) -> HttpResponseBase:
    try:
        file = pack.file.open("rb")
    except FileNotFoundError:
        if storage.is_there():
            services.report_lost_file(pack=pack)
            return redirect(back)
        return _storage_away(request)
    except OSError:
        return _storage_away(request)
    name = f"{pack.file_stem}.pdf"
    return _guarded(FileResponse(file, as_attachment=True, filename=name, content_type=PDF_TYPE))


def _storage_away(request: HttpRequest) -> HttpResponse:
    answer = render(request, "briefings/storage_away.html", status=503)
    answer["Retry-After"] = "300"
    return answer


GUARDS: Mapping[str, Any] = {
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    # Were a file shown in the browser after all, it could run and load nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def _guarded(answer: HttpResponseBase) -> HttpResponseBase:
    for name, value in GUARDS.items():
        answer[name] = value
    return answer
