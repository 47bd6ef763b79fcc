"""Pages of innovations."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from innovations.filters import InnovationFilters
from innovations.models import Innovation
from innovations.stored import INNOVATIONS
from portal.catalogue import briefs
from portal.catalogue.entry_page import entry_page
from portal.catalogue.stored_pages import answer_with_page
from portal.catalogue.views import answer_with_citation, answer_with_file, show_change_log, show_list, version_or_404
from portal.core.panels import panels_for
from portal.core.public_pages import public_page


@require_safe
@public_page
def show_innovations(request: HttpRequest) -> HttpResponse:
    return show_list(request, filters=InnovationFilters, template="innovations/list.html")


@require_safe
@public_page
def show_innovations_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    return answer_with_file(request, filters=InnovationFilters, ending=ending, title="innovations")


@require_safe
@public_page
def show_innovation(request: HttpRequest, slug: str) -> HttpResponse:
    if stored := answer_with_page(request, INNOVATIONS, slug):
        return stored
    innovation = get_object_or_404(Innovation.objects.public().for_page(), slug=slug)
    linked = [case_study for case_study in innovation.case_studies.all() if case_study.live]
    return _show(request, innovation, page=entry_page(innovation), panels=panels_for(innovation), linked=linked)


@require_safe
@public_page
def show_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = version_or_404(get_object_or_404(Innovation.objects.public(), slug=slug), number)
    return _show(request, version.entry, page=entry_page(version.entry, as_published=True), version=version)


@require_safe
@public_page
def show_citation(request: HttpRequest, slug: str, number: int, ending: str) -> HttpResponse:
    return answer_with_citation(get_object_or_404(Innovation.objects.public(), slug=slug), number, ending)


def show_draft(request: HttpRequest, innovation: Innovation) -> HttpResponse:
    """Show a draft in memory as readers would see it; one that was never saved has no adoption yet."""
    return _show(request, innovation, page=entry_page(innovation, as_published=innovation.pk is None), is_draft=True)


@require_safe
@public_page
def show_brief(request: HttpRequest, slug: str) -> HttpResponseBase:
    return briefs.show_brief(request, get_object_or_404(Innovation.objects.public(), slug=slug))


@require_safe
@public_page
def show_changes(request: HttpRequest, slug: str) -> HttpResponse:
    return show_change_log(request, get_object_or_404(Innovation.objects.public(), slug=slug))


def _show(request: HttpRequest, innovation: Any, **shown: Any) -> HttpResponse:
    return render(request, INNOVATIONS.template, INNOVATIONS.context(innovation) | shown)
