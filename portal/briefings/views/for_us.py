"""Put an entry in the basket together with the reader's own number of people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from portal.benefits.scaling.forms import ForUsForm
from portal.benefits.scaling.ranges import people_text
from portal.benefits.scaling.sites import scaling_of
from portal.benefits.scaling.views import address_of
from portal.briefings.basket import basket_of
from portal.briefings.for_us import ForUs
from portal.briefings.services import PackRefused
from portal.catalogue.models import Entry
from portal.core.public_pages import from_our_pages


@require_POST
@from_our_pages
def add_for_us(request: HttpRequest, slug: str) -> HttpResponse:
    """Add what the form of the entry's range holds; where that won't do, its page says why."""
    entry = get_object_or_404(Entry.objects.public(), slug=slug)
    asked = {name: request.POST.get(name, "") for name in ("headcount", "organisation", "population")}
    scaling = scaling_of(entry)
    form = ForUsForm(asked, scaling=scaling) if scaling.can_scale else None
    if form is None or not form.is_valid():
        return redirect(address_of(slug, **asked))
    people, organisation = form.cleaned_data["headcount"], form.cleaned_data["organisation"]
    chosen = ForUs(people, form.asked_of.words, organisation.code if organisation else "")
    try:
        basket_of(request).add_for_us(slug, chosen)
    except PackRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("briefings:basket")
    messages.success(request, f"In your basket, with the range for {people_text(people, form.asked_of.words)}.")
    return redirect(address_of(slug, **asked))
