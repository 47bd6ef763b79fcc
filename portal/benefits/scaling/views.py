"""What could this mean for us? A benefit that sites observed, for a reader's own number of people."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.benefits.scaling.forms import ForUsForm
from portal.benefits.scaling.ranges import INDICATIVE, people_text, ranges_for
from portal.benefits.scaling.reasons import (
    WHAT_IT_TAKES,
    benefits_not_scaled,
    other_figures,
    why_no_range,
    why_not_at_a_glance,
)
from portal.benefits.scaling.sites import EntryScaling, may_scale, scaling_of
from portal.catalogue.models import Entry
from portal.core.panels import Panel
from portal.core.public_pages import public_page
from portal.organisations.models import Organisation

ROWS_SHOWN = 100


@require_safe
@public_page
def show_for_us(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the range for the number in the address, the form before there is one, or why there is none."""
    entry = get_object_or_404(Entry.objects.public(), slug=slug)
    scaling = scaling_of(entry)
    context = {"entry": entry, "what_it_takes": WHAT_IT_TAKES, **_not_scaled(scaling)}
    if not scaling.can_scale:
        return render(request, "benefits/for_us.html", context | {"why_not": why_no_range(scaling)})
    form = ForUsForm(request.GET, scaling=scaling)
    context |= {"form": form, "choices": list(Organisation.objects.to_choose()), **_answer(form)}
    return render(request, "benefits/for_us.html", context, status=400 if form.errors else 200)


def _not_scaled(scaling: EntryScaling) -> dict[str, Any]:
    rows = benefits_not_scaled(scaling)
    return {
        "not_scaled": rows[:ROWS_SHOWN],
        "not_shown": max(0, len(rows) - ROWS_SHOWN),
        "other_figures": other_figures(scaling),
    }


def _answer(form: ForUsForm) -> dict[str, Any]:
    """Return the ranges; without a good number, what they would rest on."""
    people = form.cleaned_data["headcount"] if form.is_valid() else None
    return {
        "people": people_text(people, form.asked_of.words) if people else "",
        "headcount": people,
        "organisation": form.cleaned_data.get("organisation"),
        "ranges": ranges_for(form.asked_of, people),
        "indicative": INDICATIVE,
    }


def for_us_panel(entry: Entry) -> Panel:
    """Make the part of an entry's page that leads here; makes queries only where something may scale."""
    figures = list(entry.figures.all())
    scaling = scaling_of(entry) if may_scale(figures) else None
    context: dict[str, Any] = {"address": address_of(entry.slug)}
    if scaling and scaling.can_scale:
        first = scaling.populations[0]
        context |= {"form": ForUsForm(None, scaling=scaling), "sites": first.scales[0].scale.sites}
    else:
        context["why_not"] = why_no_range(scaling) if scaling else why_not_at_a_glance(figures)
    return Panel("components/for_us.html", context)


def address_of(slug: str, **said: Any) -> str:
    """Return the page's address, with what is asked."""
    query = urlencode({name: value for name, value in said.items() if value})
    return reverse("benefits:for_us", args=[slug]) + (f"?{query}" if query else "")
