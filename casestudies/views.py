"""Pages of case studies."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from casestudies.filters import CaseStudyFilters
from casestudies.models import CaseStudy
from casestudies.stored import CASE_STUDIES
from portal.catalogue import briefs
from portal.catalogue.entry_page import entry_page
from portal.catalogue.stored_pages import answer_with_page
from portal.catalogue.views import answer_with_citation, answer_with_file, show_change_log, show_list, version_or_404
from portal.core.panels import panels_for
from portal.core.public_pages import public_page


@require_safe
@public_page
def show_case_studies(request: HttpRequest) -> HttpResponse:
    return show_list(request, filters=CaseStudyFilters, template="casestudies/list.html")


@require_safe
@public_page
def show_case_studies_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    return answer_with_file(request, filters=CaseStudyFilters, ending=ending, title="case studies")


@require_safe
@public_page
def show_case_study(request: HttpRequest, slug: str) -> HttpResponse:
    if stored := answer_with_page(request, CASE_STUDIES, slug):
        return stored
    case_study = get_object_or_404(CaseStudy.objects.public().for_page(), slug=slug)
    return _show(request, case_study, page=entry_page(case_study), panels=panels_for(case_study))


@require_safe
@public_page
def show_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = version_or_404(get_object_or_404(CaseStudy.objects.public(), slug=slug), number)
    return _show(request, version.entry, page=entry_page(version.entry, as_published=True), version=version)


@require_safe
@public_page
def show_citation(request: HttpRequest, slug: str, number: int, ending: str) -> HttpResponse:
    return answer_with_citation(get_object_or_404(CaseStudy.objects.public(), slug=slug), number, ending)


def show_draft(request: HttpRequest, case_study: CaseStudy) -> HttpResponse:
    """Show a draft in memory as readers would see it; one that was never saved has no adoption yet."""
    return _show(request, case_study, page=entry_page(case_study, as_published=case_study.pk is None), is_draft=True)


@require_safe
@public_page
def show_brief(request: HttpRequest, slug: str) -> HttpResponseBase:
    return briefs.show_brief(request, get_object_or_404(CaseStudy.objects.public(), slug=slug))


@require_safe
@public_page
def show_changes(request: HttpRequest, slug: str) -> HttpResponse:
    return show_change_log(request, get_object_or_404(CaseStudy.objects.public(), slug=slug))


def _show(request: HttpRequest, case_study: Any, **shown: Any) -> HttpResponse:
    linked = [used for used in case_study.innovations_used.all() if used.live]
    return render(request, CASE_STUDIES.template, CASE_STUDIES.context(case_study) | {"linked": linked} | shown)
