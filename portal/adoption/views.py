"""Pages of adoption: what is spreading, and who uses one entry."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.adoption.files import as_json
from portal.adoption.kept import kept_organisations, kept_stories
from portal.adoption.pages import entry_adoption
from portal.adoption.spreading import spreading_page
from portal.catalogue.models import Entry
from portal.catalogue.sharing import mark_shown
from portal.core.kept_pages import kept_page
from portal.core.public_pages import public_page

EVERY_ROW = 1000


@require_safe
@public_page
def show_adoption(request: HttpRequest) -> HttpResponse:
    """Show what is spreading, by kind of organisation and place, as at a day."""

    kept = kept_stories(mark_shown(request))

    def gather() -> dict[str, Any]:
        shown = spreading_page(request.GET, kept)
        beyond = f" (page {shown.list.number})" if shown.list.number > 1 else ""
        return {"heading": f"What is spreading{beyond}", "shown": shown}

    of = kept.told, timezone.localdate()
    return kept_page(request, "adoption/spreading.html", "adoption/spreading_body.html", gather, of=of)


@require_safe
@public_page
def show_entry_adoption(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who uses one entry: coverage, maps, spread and the list with its filters."""
    kept = kept_organisations(mark_shown(request))
    entry = get_object_or_404(Entry.objects.public().with_specific(), slug=slug)

    def gather() -> dict[str, Any]:
        shown = entry_adoption(entry, request.GET, kept=kept)
        return {"heading": f"Who uses {entry.title}", "shown": shown, "path": request.path}

    of = kept.state_of(entry.pk), timezone.localdate()
    return kept_page(request, "adoption/entry.html", "adoption/entry_body.html", gather, of=of)


@require_safe
@public_page
def entry_adoption_json(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the same as plain values; a question that can't be answered is a problem document (RFC 9457)."""
    entry = get_object_or_404(Entry.objects.public().with_specific(), slug=slug)
    page = entry_adoption(entry, request.GET, per_page=EVERY_ROW)
    if page.asked.problems:
        errors = [problem._asdict() for problem in page.asked.problems]
        told = {"type": "about:blank", "title": "The question can't be answered", "status": 400, "errors": errors}
        return JsonResponse(told, status=400, content_type="application/problem+json")
    return JsonResponse(as_json(page))
