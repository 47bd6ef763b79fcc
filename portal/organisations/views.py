"""Pages of organisations."""

from functools import partial
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.core.filtering import filter_leniently
from portal.core.kept_pages import kept_page
from portal.core.paging import list_page
from portal.core.panels import panels_for
from portal.core.public_pages import public_page
from portal.organisations.filters import OrganisationFilters, selects_of
from portal.organisations.models import Organisation
from portal.organisations.querysets import SHOWN_ON_PAGE

PER_PAGE = 50
MEMBERS_PER_PAGE = 100


@require_safe
@public_page
def show_organisations(request: HttpRequest) -> HttpResponse:
    """List organisations by name, narrowed by words, kind, region and whether they are open."""
    read = filter_leniently(OrganisationFilters, request.GET, Organisation.objects.select_related("region"))
    page = list_page(read.rows, request.GET, per_page=PER_PAGE)
    return render(
        request,
        "organisations/list.html",
        {
            "page": page,
            "ignored": read.ignored + ([page.ignored] if page.ignored else []),
            "kinds": read.rows_without("kind").count_by_kind(),
            "asked": read.asked,
            "selects": selects_of(read.asked),
        },
    )


@require_safe
@public_page
def show_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Show an organisation. The address of one that went over into another leads there, unless `closed` asks for it."""
    organisation = get_object_or_404(Organisation.objects.select_related("region"), code__iexact=code)
    successor = organisation.only_successor()
    if successor and "closed" not in request.GET:
        return redirect(f"{successor.get_absolute_url()}?from={organisation.code}")
    shown = partial(_shown_of, organisation, request)
    return kept_page(request, "organisations/detail.html", "organisations/detail_body.html", shown)


def _shown_of(organisation: Organisation, request: HttpRequest) -> dict[str, Any]:
    prefetch_related_objects([organisation], *SHOWN_ON_PAGE)
    entries = organisation.entries_here.model.objects.public().involving(organisation)
    members = list(organisation.members_now())  # some hundreds at most: counting them apart costs more
    return {
        "heading": organisation.name,
        "organisation": organisation,
        "came_from": _came_from(request, organisation),
        "entries": list_page(entries, request.GET, per_page=PER_PAGE),
        "members": list_page(members, request.GET, per_page=MEMBERS_PER_PAGE, name="members"),
        "panels": panels_for(organisation),
    }


def _came_from(request: HttpRequest, organisation: Organisation) -> Organisation | None:
    """Return the predecessor whose old address led here."""
    code = request.GET.get("from", "")
    before = [row.predecessor for row in organisation.successions_in.all()]
    return next((row for row in before if row.code == code), None)
