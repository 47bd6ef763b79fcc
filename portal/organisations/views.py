"""Pages of organisations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.core.paging import list_page
from portal.core.panels import panels_for
from portal.organisations.models import Organisation

PER_PAGE = 50


@require_safe
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
def show_organisation(request: HttpRequest, code: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.for_page(), code__iexact=code)
    return render(
        request,
        "organisations/detail.html",
        {
            "organisation": organisation,
            "records": organisation.adoption_records.public().select_related("entry", "evidence"),
            "entries": organisation.entries_here.model.objects.public().involving(organisation),
            "members": organisation.members_now(),
            "panels": panels_for(organisation),
        },
    )
