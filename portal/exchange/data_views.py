"""The page that offers the data files, and the files."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portal.core.licence import NOT_COVERED, licence
from portal.core.public_pages import public_page
from portal.core.views import storage_away
from portal.exchange.bulk.dictionary import NOTES
from portal.exchange.bulk.tables import TABLES
from portal.exchange.linked_data import dataset
from portal.exchange.models import DataFile, DataRelease


@require_safe
@public_page
def show_data(request: HttpRequest) -> HttpResponse:
    """List the newest files with what checks and explains them."""
    files = list(DataFile.objects.newest())
    shown = {
        "release": files[0].release if files else None,
        "whole": [file for file in files if file.is_whole],
        "about": [file for file in files if file.format == DataFile.Format.ABOUT],
        "tables": _by_format(file for file in files if file.rows is not None),
        "dictionary": TABLES.values(),
        "notes": NOTES,
        "licence": licence(),
        "not_covered": NOT_COVERED,
        "site_url": settings.SITE_URL,
        "linked_data": dataset(files),
    }
    return render(request, "exchange/data.html", shown)


def _by_format(files: Any) -> list[tuple[str, list[DataFile]]]:
    return [(str(label), list(rows)) for label, rows in groupby(files, key=lambda file: file.get_format_display())]


@require_safe
@public_page
def lead_to_newest(request: HttpRequest, name: str) -> HttpResponse:
    """Lead to the newest file of a name. The answer may not be kept: tomorrow it is another."""
    file = DataFile.objects.newest().filter(name=name).first()
    if file is None:
        raise Http404(f"There is no data file “{name}”. See /data/ for those there are.")
    answer = HttpResponseRedirect(file.get_absolute_url())
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def download(request: HttpRequest, release: str, name: str) -> HttpResponseBase:
    """Hand out one file. What its address holds never changes, so whoever has it need not ask again."""
    file = DataFile.objects.public().filter(release__name=release, name=name).first()
    if file is None:
        return _not_there(request, release)
    etag = f'"{file.sha256}"'
    unchanged: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    try:
        # Opened before anything is said: a file that is removed now is still read to its end.
        opened = file.open()
    except FileNotFoundError:
        return _not_there(request, release)
    except OSError:
        return storage_away(request)
    whole = FileResponse(opened, as_attachment=True, filename=file.name, content_type=file.media_type)
    whole["ETag"] = etag
    whole["Cache-Control"] = "public, max-age=604800, immutable"
    whole["X-Robots-Tag"] = "noindex"
    return whole


def _not_there(request: HttpRequest, release: str) -> HttpResponse:
    """Answer 410 for what was removed, and 404 for what there never was."""
    newest = DataRelease.objects.newest()
    if newest is None or not release[:4].isdigit() or release >= newest.name:
        raise Http404("There is no such data file. See /data/ for those there are.")
    return render(request, "exchange/data_gone.html", status=410)
