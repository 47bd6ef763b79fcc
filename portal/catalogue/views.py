"""The home page, a theme's page, the list of both kinds, and what the views of both kinds share."""

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.catalogue.by_place import boards, map_of_boards
from portal.catalogue.cards import cards_of
from portal.catalogue.change_log import change_log
from portal.catalogue.citations import FORMATS, published_citation
from portal.catalogue.compare import compare_entries
from portal.catalogue.facets_html import facets_html, mould_of_facets
from portal.catalogue.files import found_as_csv, found_as_feed, found_as_json, found_as_json_feed
from portal.catalogue.filters import CatalogueFilters, EntryFilters
from portal.catalogue.finding.index import current_index
from portal.catalogue.finding.suggestions import suggested
from portal.catalogue.listing import list_entries
from portal.catalogue.models import CatalogueVersion, Entry, Theme
from portal.catalogue.versions import NoSuchVersion, Version, get_version
from portal.core.panels import panels_for
from portal.core.public_pages import not_shared, public_page

CARDS_OF_A_THEME = 5
READABLE = {"ensure_ascii": False}


def show_list(request: HttpRequest, *, filters: type[EntryFilters], template: str) -> HttpResponse:
    """Answer a list's address: one page of cards, the filters that lead to it, and where its files are."""
    listing = list_entries(request.GET, filters)
    mould = listing.index.kept(("facets", filters), lambda: mould_of_facets(listing.facets))
    shown = {"listing": listing, "facets": facets_html(mould, listing.facets), "files": request.path.rstrip("/")}
    response = render(request, template, shown)
    if listing.is_counted:
        not_shared(response)
    return response


def answer_with_file(request: HttpRequest, *, filters: type[EntryFilters], ending: str, title: str) -> HttpResponseBase:
    """Answer a list's question with a file: the list's address with an ending instead of its slash.

    CSV is everything found, sent as it is read; JSON a page of it; the feeds what is newest.
    """
    answer = filters(request.GET).answer
    listed = request.get_full_path().replace(f".{ending}", "/", 1)
    if ending == "atom":
        moved_at = CatalogueVersion.objects.values_list("moved_at", flat=True).first()
        feed = found_as_feed(
            answer, title=title, list_address=listed, address=request.get_full_path(), updated=moved_at
        )
        return HttpResponse(feed, content_type="application/atom+xml; charset=utf-8")
    if ending == "feed.json":
        told = found_as_json_feed(answer, title=title, list_address=listed, address=request.get_full_path())
        return JsonResponse(told, json_dumps_params=READABLE, content_type="application/feed+json")
    if ending == "json":
        told = found_as_json(answer, address=request.path)
        return JsonResponse(told, json_dumps_params=READABLE)
    file = StreamingHttpResponse(found_as_csv(answer), content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="{request.path.strip("/")}"'
    return file


@require_safe
@public_page
def show_catalogue_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    return answer_with_file(request, filters=CatalogueFilters, ending=ending, title="innovations and case studies")


@require_safe
@public_page
def suggest(request: HttpRequest) -> JsonResponse:
    """Name entries that go on as the words in `q` do; for the search box, while somebody types."""
    found = Entry.objects.public().listed(suggested(request.GET.get("q", ""), current_index()))
    told = [{"title": one.title, "kind": one.get_kind_display(), "address": one.get_absolute_url()} for one in found]
    return JsonResponse({"suggestions": told})


@require_safe
@public_page
def show_catalogue(request: HttpRequest) -> HttpResponse:
    return show_list(request, filters=CatalogueFilters, template="catalogue/catalogue.html")


@require_safe
@public_page
def show_comparison(request: HttpRequest) -> HttpResponse:
    comparison = compare_entries(request.GET.getlist("entry"))
    shown = {"comparison": comparison, "suggestions": comparison.suggestions()}
    return render(request, "catalogue/compare.html", shown)


@require_safe
@public_page
def show_places(request: HttpRequest) -> HttpResponse:
    found = boards()
    return render(request, "catalogue/places.html", {"boards": list(found.values()), "map": map_of_boards(found)})


@require_safe
@public_page
def show_home(request: HttpRequest) -> HttpResponse:
    shown = Entry.objects.public().best_evidenced()[:3]
    return render(
        request,
        "catalogue/home.html",
        {
            "cards": cards_of([entry.pk for entry in shown]),
            "themes": Theme.objects.with_public_counts(),
            "counts": Entry.objects.public().count_by_kind(),
        },
    )


@require_safe
@public_page
def show_theme(request: HttpRequest, slug: str) -> HttpResponse:
    theme = get_object_or_404(Theme.objects.with_public_counts(), slug=slug)
    entries = Entry.objects.public().filter(themes=theme).order_by("title").values_list("pk", flat=True)
    return render(
        request,
        "catalogue/theme.html",
        {
            "theme": theme,
            "panels": panels_for(theme),
            "cards": cards_of(list(entries[:CARDS_OF_A_THEME])),
        },
    )


def show_change_log(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Answer the address of a public entry's change log, which both kinds have."""
    return render(request, "catalogue/changes.html", {"entry": entry, "log": change_log(entry, request.GET)})


def answer_with_citation(entry: Entry, number: int, ending: str) -> HttpResponse:
    """Answer how a version of a public entry is cited, in the format of an address's ending."""
    written = FORMATS.get(ending)
    citation = published_citation(entry, number) if written else None
    if written is None or citation is None:
        raise Http404(f"“{entry.title}” has no version {number} cited as {ending}.")
    answer = HttpResponse(written.write(citation), content_type=f"{written.media_type}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{citation.key}.{ending}"'
    return answer


def version_or_404(entry: Entry, number: int) -> Version:
    try:
        return get_version(entry, number)
    except NoSuchVersion as problem:
        raise Http404(str(problem)) from problem
