"""Pages of organisations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.core.paging import list_page
from portal.core.panels import panels_for
from portal.core.public_pages import public_page
from portal.organisations.models import Organisation

PER_PAGE = 50


@require_safe
@public_page
def show_organisations(request: HttpRequest) -> HttpResponse:
    """List organisations by name; `kind` and `q` narrow the list."""
    wanted, words = request.GET.get("kind", ""), request.GET.get("q", "").replace("\x00", "")[:100].strip()
    known = wanted in Organisation.Kind.values
    found = Organisation.objects.named_like(words).of_kind(wanted if known else "").select_related("region")
    page = list_page(found, request.GET, per_page=PER_PAGE)
    ignored = [f"there is no kind of organisation “{wanted[:40]}”"] if wanted and not known else []
    return render(
        request,
        "organisations/list.html",
        {
            "page": page,
            "ignored": ignored + ([page.ignored] if page.ignored else []),
            "kinds": Organisation.objects.count_by_kind(),
            "wanted": wanted if known else "",
            "words": words,
        },
    )


@require_safe
@public_page
def show_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Show an organisation. The address of one that went over into another leads there, unless `closed` asks for it."""
    organisation = get_object_or_404(Organisation.objects.for_page(), code__iexact=code)
    successor = organisation.only_successor()
    if successor and "closed" not in request.GET:
        return redirect(f"{successor.get_absolute_url()}?from={organisation.code}")
    return render(
        request,
        "organisations/detail.html",
        {
            "organisation": organisation,
            "came_from": _came_from(request, organisation),
            "entries": organisation.entries_here.model.objects.public().involving(organisation),
            "members": organisation.members_now(),
            "panels": panels_for(organisation),
        },
    )


def _came_from(request: HttpRequest, organisation: Organisation) -> Organisation | None:
    """Return the predecessor whose old address led here."""
    code = request.GET.get("from", "")
    before = [row.predecessor for row in organisation.successions_in.all()]
    return next((row for row in before if row.code == code), None)
