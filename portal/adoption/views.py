"""Pages of adoption: what is spreading, and who uses one entry."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from portal.adoption.files import as_json
from portal.adoption.pages import entry_adoption
from portal.adoption.spreading import spreading_page
from portal.catalogue.models import Entry
from portal.catalogue.sharing import what_is_shown
from portal.core.public_pages import public_page
from portal.core.remembered import remembered

EVERY_ROW = 1000
ASKED = ("as_at", "kind", "place", "stage", "page")
"""What a question may say; anything else in an address is another's."""


def _page(request: HttpRequest, template: str, shown: str, gather: Callable[[], dict[str, Any]]) -> HttpResponse:
    """Render a page whose body is the same for everyone, made once for each catalogue version, day and question."""
    asked = tuple(request.GET.get(name, "") for name in ASKED)
    key = (shown, what_is_shown(request), request.path, asked)
    body = remembered(key, lambda: render_to_string(shown, gather()).encode())
    # Our own template's output, escaped when it was rendered.
    return render(request, template, {"body": SafeString(body.decode())})


@require_safe
@public_page
def show_adoption(request: HttpRequest) -> HttpResponse:
    """Show what is spreading, by kind of organisation and place, as at a day."""

    def gather() -> dict[str, Any]:
        return {"shown": spreading_page(request.GET.dict())}

    return _page(request, "adoption/spreading.html", "adoption/spreading_body.html", gather)


@require_safe
@public_page
def show_entry_adoption(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who uses one entry: coverage, maps, spread and the list with its filters."""
    entry = get_object_or_404(Entry.objects.public().with_specific(), slug=slug)

    def gather() -> dict[str, Any]:
        return {"shown": entry_adoption(entry, request.GET), "path": request.path}

    return _page(request, "adoption/entry.html", "adoption/entry_body.html", gather)


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
