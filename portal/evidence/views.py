"""Pages of evidence."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.filtering import filter_leniently
from portal.core.paging import list_page
from portal.core.public_pages import public_page
from portal.evidence.calculations import FIRST
from portal.evidence.filters import EvidenceFilters, selects_of
from portal.evidence.models import Evidence, RuleInForce
from portal.evidence.querysets import get_rule
from portal.evidence.rule_page import tell_rule

PER_PAGE = 25


@require_safe
@public_page
def show_evidence_list(request: HttpRequest) -> HttpResponse:
    """List the evidence that published entries cite, newest first, narrowed by its type and who stands behind it."""
    read = filter_leniently(EvidenceFilters, request.GET, Evidence.objects.public().for_list())
    page = list_page(read.rows, request.GET, per_page=PER_PAGE)
    return render(
        request,
        "evidence/list.html",
        {
            "page": page,
            "ignored": read.ignored + ([page.ignored] if page.ignored else []),
            "types": read.rows_without("type").count_by_type(),
            "asked": read.asked,
            "selects": selects_of(read.asked),
        },
    )


@require_safe
@public_page
def show_strength_rule(request: HttpRequest) -> HttpResponse:
    """Explain the rule of evidence strength in force, in words and as tables, and since when each version was."""
    history = list(RuleInForce.objects.all())
    rule = get_rule(history[0].version) if history else FIRST
    return render(request, "evidence/strength.html", {"told": tell_rule(rule), "first": FIRST, "history": history})
