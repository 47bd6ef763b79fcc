"""Pages of case studies."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from casestudies.filters import CaseStudyFilterSet
from casestudies.models import CaseStudy
from portal.catalogue.entry_page import entry_page
from portal.catalogue.models import Entry
from portal.catalogue.views import show_list
from portal.core.panels import panels_for


@require_safe
def show_case_studies(request: HttpRequest) -> HttpResponse:
    return show_list(
        request,
        entries=Entry.objects.filter(kind=Entry.Kind.CASE_STUDY),
        filterset=CaseStudyFilterSet,
        template="casestudies/list.html",
    )


@require_safe
def show_case_study(request: HttpRequest, slug: str) -> HttpResponse:
    case_study = get_object_or_404(CaseStudy.objects.public().for_page(), slug=slug)
    return render(
        request,
        "casestudies/detail.html",
        {
            "case_study": case_study,
            "page": entry_page(case_study),
            "panels": panels_for(case_study),
            "points": case_study.points_by_kind(),
            "innovations_used": [used for used in case_study.innovations_used.all() if used.live],
        },
    )
