"""The builder: what the pack says beside its entries, a preview of it, and asking for it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.briefings import for_us, services, twin
from portal.briefings.basket import basket_of
from portal.briefings.forms import PackForm
from portal.briefings.models import BriefingPack
from portal.briefings.options import PackOptions
from portal.briefings.views.opening import private
from portal.briefings.visitors import key_to_ask_with, keys_of
from portal.catalogue.models import Entry
from portal.core.public_pages import from_our_pages
from portal.core.sent_forms import pairs_of
from portal.organisations.models import Organisation

PACKS_LISTED = 5


@private
@require_safe
def show_basket(request: HttpRequest) -> HttpResponse:
    basket = basket_of(request)
    basket.look_up()
    entries = _public(basket.slugs)
    return _page(request, PackForm(entries=entries, for_us=basket.for_us), entries, basket.slugs)


def _public(slugs: list[str]) -> list[Entry]:
    found = {entry.slug: entry for entry in Entry.objects.public().filter(slug__in=slugs)} if slugs else {}
    return [found[slug] for slug in slugs if slug in found]


def _page(
    request: HttpRequest,
    form: PackForm,
    entries: list[Entry],
    slugs: list[str],
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show these entries in this order, those that can't be in a pack apart, and the form."""
    shown = [entry.slug for entry in entries]
    packs = BriefingPack.objects.held_by(keys_of(request)).defer("data", "options")
    context = {
        "form": form,
        "refusal": refusal,
        "entries": entries,
        "moved": _place_of(request.GET.get("moved", ""), entries),
        "for_us": for_us.notes(basket_of(request).for_us),
        "unpublished": [slug for slug in slugs if slug not in shown],
        "organisations": list(Organisation.objects.to_choose()) if entries else [],
        "packs": packs[:PACKS_LISTED],
    }
    return render(request, "briefings/basket.html", context, status=status)


def _place_of(slug: str, entries: list[Entry]) -> dict[str, Any] | None:
    for number, entry in enumerate(entries, start=1):
        if entry.slug == slug:
            return {"title": entry.title, "number": number, "of": len(entries)}
    return None


@private
@require_http_methods(["GET", "HEAD", "POST"])
def make_pack(request: HttpRequest) -> HttpResponse:
    """Make a pack of the entries posted, or else of the basket's; a refusal shows the page again."""
    return _build(request, _ask)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def preview_pack(request: HttpRequest) -> HttpResponse:
    """Show what the pack would say, without making it."""
    return _build(request, _preview)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def change_pack(request: HttpRequest) -> HttpResponse:
    """Come back from the preview with all that was filled in."""
    return _build(request, None)


def _build(request: HttpRequest, go_on: Any) -> HttpResponse:
    if request.method != "POST":
        return redirect("briefings:basket")
    slugs = list(dict.fromkeys(request.POST.getlist("entry"))) or basket_of(request).slugs
    try:
        services.check_size(len(slugs))
    except services.NoEntriesChosen as refusal:
        return _page(request, _unbound(request), [], [], refusal=str(refusal), status=422)
    except services.TooManyEntries as refusal:
        kept = basket_of(request).slugs
        return _page(request, _unbound(request), _public(kept), kept, refusal=str(refusal), status=422)
    entries = _public(slugs)
    form = PackForm(request.POST, entries=entries, for_us=basket_of(request).for_us)
    is_valid = form.is_valid()
    if go_on is None or not is_valid:
        return _page(request, form, entries, slugs, status=422 if go_on else 200)
    try:
        answer: HttpResponse = go_on(request, slugs, form)
    except services.EntriesNotPublished as refusal:
        basket_of(request).remove(refusal.slugs)
        return _page(request, form, entries, slugs, refusal=str(refusal), status=422)
    except services.TooManyWaiting as refusal:
        return _page(request, form, entries, slugs, refusal=str(refusal), status=429)
    return answer


def _unbound(request: HttpRequest) -> PackForm:
    """Keep what was typed where the entries are what is wrong."""
    return PackForm(request.POST, for_us={})


def _ask(request: HttpRequest, slugs: list[str], form: PackForm) -> HttpResponse:
    by = key_to_ask_with(request)
    return redirect(services.ask_for_pack(slugs=slugs, options=form.options, by=by, is_private=form.is_private))


def _preview(request: HttpRequest, slugs: list[str], form: PackForm) -> HttpResponse:
    data = services.preview(slugs=slugs, options=form.options)
    posted = pairs_of(request.POST, without="entry")
    context = {"twin": twin.write_twin(data), "title": data["title"], "posted": posted, "slugs": slugs}
    return render(request, "briefings/preview.html", context)


@require_POST
@from_our_pages
def make_brief(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a pack of one entry, called as the entry is."""
    entry = get_object_or_404(Entry.objects.public(), slug=slug)
    options = PackOptions(title=entry.title)
    try:
        return redirect(services.ask_for_pack(slugs=[slug], options=options, by=key_to_ask_with(request)))
    except services.TooManyWaiting as refusal:
        messages.error(request, str(refusal))
        return redirect("briefings:mine")
