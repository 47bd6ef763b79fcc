"""The home page, the list of both kinds, and the view that every list shares."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.catalogue.cards import card_for
from portal.catalogue.filters import EntryFilterSet
from portal.catalogue.listing import list_entries
from portal.catalogue.models import Entry, Theme
from portal.catalogue.querysets import EntryQuerySet


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
            "cards": [card_for(entry) for entry in shown],
            "themes": Theme.objects.with_public_counts(),
            "counts": Entry.objects.public().count_by_kind(),
        },
    )
