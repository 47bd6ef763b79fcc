"""A published entry's brief, for everyone, and a draft's, for those whom the editing site's door lets in."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from portal.briefings.brief.content import brief_of_draft, brief_of_published
from portal.briefings.brief.making import BriefBusy, BriefNotMade, brief_once, kept_brief
from portal.catalogue.models import CatalogueVersion, Entry
from portal.core.remembered import remembered

PDF = "application/pdf"


def show_brief(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Hand out the brief of a public entry: the file there is, or one made now.

    It is a public page: while nothing public has changed, who asks again is told so, or gets the answer kept in memory.
    """
    try:
        path = kept_brief(_data(entry.pk), entry=entry.pk)
        pdf = path.read_bytes()
    except Entry.DoesNotExist as error:  # withdrawn this moment
        raise Http404 from error
    except BriefNotMade as problem:
        return _not_made(request, problem, title=entry.title, back=entry.get_absolute_url())
    except FileNotFoundError:  # replaced or removed this moment
        return _not_made(request, BriefBusy(), title=entry.title, back=entry.get_absolute_url())
    return _pdf(pdf, f"{entry.slug}-brief.pdf")


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    return HttpResponse(pdf, content_type=PDF, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _data(pk: int) -> dict[str, Any]:
    key = ("brief", CatalogueVersion.now(), timezone.localdate(), pk)
    data: dict[str, Any] = json.loads(remembered(key, lambda: json.dumps(brief_of_published(pk)).encode()))
    return data


def show_brief_of_draft(request: HttpRequest, draft: Entry, *, back: str) -> HttpResponse:
    """Hand out a draft's brief, made for this once; whether the person may see it is the caller's question."""
    try:
        pdf = brief_once(brief_of_draft(draft))
    except BriefNotMade as problem:
        return _not_made(request, problem, title=draft.title, back=back)
    answer = _pdf(pdf, f"{slugify(draft.slug) or 'entry'}-draft.pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


def _not_made(request: HttpRequest, problem: BriefNotMade, *, title: str, back: str) -> HttpResponse:
    """Say in a page what to do. 202: it comes if asked for again; 404: there is none now."""
    comes_later = isinstance(problem, BriefBusy)
    context = {"title": title, "problem": str(problem), "back": back}
    answer = render(request, "briefings/brief_not_made.html", context, status=202 if comes_later else 404)
    answer["Cache-Control"] = "private, no-store"
    if comes_later:
        answer["Retry-After"] = "30"
    return answer
