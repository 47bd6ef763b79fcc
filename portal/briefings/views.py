"""Pages of the basket and of a pack: choose, ask, watch, download."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from portal.briefings import for_us, services
from portal.briefings.basket import Basket, PacksOfThisBrowser
from portal.briefings.forms import PackForm
from portal.briefings.models import BriefingPack
from portal.catalogue.models import Entry
from portal.core.public_pages import from_our_pages

private = cache_control(private=True, no_store=True)


# --- the basket -----------------------------------------------------------------------------


@private
@require_safe
def show_basket(request: HttpRequest) -> HttpResponse:
    return _basket_page(request, PackForm(), Basket(request.session).slugs)


def _basket_page(
    request: HttpRequest, form: PackForm, slugs: list[str], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """Show these entries in this order, those that can't be in a pack apart, and the form."""
    public = {entry.slug: entry for entry in Entry.objects.public().filter(slug__in=slugs)}
    packs = BriefingPack.objects.with_tokens(PacksOfThisBrowser(request.session).tokens)
    context = {
        "form": form,
        "refusal": refusal,
        "entries": [public[slug] for slug in slugs if slug in public],
        "for_us": for_us.notes(Basket(request.session).for_us),
        "unpublished": [slug for slug in slugs if slug not in public],
        "packs": packs.defer("data"),
    }
    return render(request, "briefings/basket.html", context, status=status)


@require_POST
@from_our_pages
def add_to_basket(request: HttpRequest) -> HttpResponse:
    slugs = request.POST.getlist("entry")
    if not slugs or not _all_public(slugs):
        return _not_found(request)
    try:
        Basket(request.session).add(slugs)
    except services.PackRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("briefings:basket")
    return _go_on(request)


@require_POST
@from_our_pages
def remove_from_basket(request: HttpRequest) -> HttpResponse:
    Basket(request.session).remove(request.POST.getlist("entry"))
    return _go_on(request)


@require_POST
def move_in_basket(request: HttpRequest) -> HttpResponse:
    steps = {"up": -1, "down": 1}.get(request.POST.get("direction", ""), 0)
    Basket(request.session).move(request.POST.get("entry", ""), steps)
    return _go_on(request)


@require_POST
def clear_basket(request: HttpRequest) -> HttpResponse:
    Basket(request.session).clear()
    return _go_on(request)


def _all_public(slugs: list[str]) -> bool:
    wanted = set(slugs)
    return Entry.objects.public().filter(slug__in=wanted).count() == len(wanted)


def _not_found(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html", status=404)


def _go_on(request: HttpRequest) -> HttpResponse:
    """Return to the page the visitor came from, if it is one of ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if is_ours else reverse("briefings:basket"))


# --- asking for a pack ----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def make_pack(request: HttpRequest) -> HttpResponse:
    """Make a pack of the entries posted, or else of the basket's; a refusal shows the page again."""
    if request.method != "POST":
        return redirect("briefings:basket")
    form = PackForm(request.POST)
    slugs = list(dict.fromkeys(request.POST.getlist("entry"))) or Basket(request.session).slugs
    try:
        services.check_size(len(slugs))
        if not form.is_valid():
            return _basket_page(request, form, slugs, status=422)
        pack = services.ask_for_pack(slugs=slugs, for_us=Basket(request.session).for_us, **form.cleaned_data)
    except services.TooManyEntries as refusal:
        return _basket_page(request, form, Basket(request.session).slugs, refusal=str(refusal), status=422)
    except services.EntriesNotPublished as refusal:
        Basket(request.session).remove(refusal.slugs)
        return _basket_page(request, form, slugs, refusal=str(refusal), status=422)
    except services.NoEntriesChosen as refusal:
        return _basket_page(request, form, [], refusal=str(refusal), status=422)
    return _show_new(request, pack)


@require_POST
@from_our_pages
def make_brief(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a pack of one entry, called as the entry is."""
    entry = get_object_or_404(Entry.objects.public(), slug=slug)
    pack = services.ask_for_pack(slugs=[slug], title=entry.title, purpose=BriefingPack.Purpose.INFORMATION)
    return _show_new(request, pack)


def _show_new(request: HttpRequest, pack: BriefingPack) -> HttpResponse:
    PacksOfThisBrowser(request.session).remember(pack.token)
    return redirect(pack)


# --- one pack -------------------------------------------------------------------------------


@private
@require_safe
def show_pack(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far a pack is. The panel asks for this page again each second until it is finished."""
    pack = get_object_or_404(BriefingPack, token=token)
    if pack.is_expired:
        return render(request, "briefings/expired.html", {"pack": pack}, status=410)
    context = {
        "pack": pack,
        "steps": _steps(pack),
        "waiting": BriefingPack.objects.waiting_before(pack).count() if pack.state == pack.State.QUEUED else 0,
        # Said once a stage, not once a second: a screen reader reads out whatever is put there.
        "announces": request.GET.get("heard") != f"{pack.state}-{pack.stage}",
    }
    return render(request, "briefings/pack.html", context)


def _steps(pack: BriefingPack) -> list[dict[str, Any]]:
    """Return the stages with their word and whether each is done, under way or to come."""
    stages = list(pack.Stage)
    at = stages.index(pack.Stage(pack.stage)) if pack.state == pack.State.RUNNING else -1
    words = {True: "done", False: "to come"}
    return [
        {"text": stage.label, "state": "under way" if number == at else words[number < at]}
        for number, stage in enumerate(stages)
    ]


@require_POST
def retry_pack(request: HttpRequest, token: str) -> HttpResponse:
    pack = get_object_or_404(BriefingPack, token=token)
    return _show_new(request, services.retry_pack(pack=pack))


@require_GET
@private
def download_pack(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    pack = get_object_or_404(BriefingPack.objects.defer("data"), token=token)
    if pack.is_expired or pack.state != pack.State.READY:
        return redirect(pack) if not pack.is_expired else show_pack(request, token)
    try:
        file = pack.file.open("rb")
    except FileNotFoundError:
        services.report_lost_file(pack=pack)
        return redirect(pack)
    response = FileResponse(file, as_attachment=True, filename=f"{pack.file_stem}.pdf", content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response
