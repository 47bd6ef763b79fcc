"""The basket: choose entries, put them in order."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.briefings import services
from portal.briefings.basket import basket_of
from portal.catalogue.models import Entry
from portal.core.public_pages import from_our_pages


@require_POST
@from_our_pages
def add_to_basket(request: HttpRequest) -> HttpResponse:
    slugs = request.POST.getlist("entry")
    if not slugs or not _all_public(slugs):
        return render(request, "404.html", status=404)
    try:
        basket_of(request).add(slugs)
    except services.PackRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("briefings:basket")
    return _go_on(request)


@require_POST
@from_our_pages
def remove_from_basket(request: HttpRequest) -> HttpResponse:
    basket_of(request).remove(request.POST.getlist("entry"))
    return _go_on(request)


@require_POST
def move_in_basket(request: HttpRequest) -> HttpResponse:
    """Move one entry a step; its new place is said on the page."""
    steps = {"up": -1, "down": 1}.get(request.POST.get("direction", ""), 0)
    slug = request.POST.get("entry", "")
    basket_of(request).move(slug, steps)
    return redirect(reverse("briefings:basket", query={"moved": slug}))


@require_POST
def order_basket(request: HttpRequest) -> HttpResponse:
    """Take over the order that entries were dragged into."""
    basket_of(request).order(request.POST.getlist("entry"))
    return redirect(reverse("briefings:basket", query={"moved": request.POST.get("moved", "")}))


@require_POST
def clear_basket(request: HttpRequest) -> HttpResponse:
    basket_of(request).clear()
    return _go_on(request)


def _all_public(slugs: list[str]) -> bool:
    wanted = set(slugs)
    return Entry.objects.public().filter(slug__in=wanted).count() == len(wanted)


def _go_on(request: HttpRequest) -> HttpResponse:
    """Return to the page the visitor came from, if it is one of ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if is_ours else reverse("briefings:basket"))
