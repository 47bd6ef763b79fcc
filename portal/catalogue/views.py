"""The home page, a theme's page, the list of both kinds, and what the views of both kinds share."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.catalogue.cards import cards_for
from portal.catalogue.change_log import change_log
from portal.catalogue.filters import EntryFilterSet
from portal.catalogue.listing import list_entries
from portal.catalogue.models import Entry, Theme
from portal.catalogue.querysets import EntryQuerySet
from portal.catalogue.versions import NoSuchVersion, Version, get_version
from portal.core.panels import panels_for

CARDS_OF_A_THEME = 5


def show_list(
    request: HttpRequest,
    *,
    entries: EntryQuerySet,
    filterset: type[EntryFilterSet],
    template: str,
    **more: Any,
) -> HttpResponse:
    """Answer a list's address: one page of cards and the filters that lead to it."""
    return render(request, template, {"listing": list_entries(request.GET, entries, filterset), **more})


@require_safe
def show_catalogue(request: HttpRequest) -> HttpResponse:
    return show_list(
        request, entries=Entry.objects.all(), filterset=EntryFilterSet, template="catalogue/catalogue.html"
    )


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    shown = Entry.objects.public().best_evidenced().for_cards()[:3]
    return render(
        request,
        "catalogue/home.html",
        {
            "cards": cards_for(shown),
            "themes": Theme.objects.with_public_counts(),
            "counts": Entry.objects.public().count_by_kind(),
        },
    )


@require_safe
def show_theme(request: HttpRequest, slug: str) -> HttpResponse:
    theme = get_object_or_404(Theme.objects.with_public_counts(), slug=slug)
    entries = Entry.objects.public().filter(themes=theme).order_by("title")
    return render(
        request,
        "catalogue/theme.html",
        {
            "theme": theme,
            "panels": panels_for(theme),
            "cards": cards_for(entries.for_cards()[:CARDS_OF_A_THEME]),
        },
    )


def show_change_log(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Answer the address of a public entry's change log, which both kinds have."""
    return render(request, "catalogue/changes.html", {"entry": entry, "log": change_log(entry, request.GET)})


def version_or_404(entry: Entry, number: int) -> Version:
    try:
        return get_version(entry, number)
    except NoSuchVersion as problem:
        raise Http404(str(problem)) from problem
