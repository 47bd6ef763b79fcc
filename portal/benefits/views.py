"""Pages about figures and measures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.benefits.models import BenefitFigure, Measure, NetworkClaim, WorkingTime


@require_safe
def show_how_figures_work(request: HttpRequest) -> HttpResponse:
    figures = BenefitFigure.objects.public()
    return render(
        request,
        "benefits/how_figures_work.html",
        {
            "measures": Measure.objects.with_public_counts(),
            "bases": figures.count_by_basis(),
            "working_time": WorkingTime.objects.first(),
            "network_claims": NetworkClaim.objects.select_related("measure", "place", "evidence"),
            "total": figures.count(),
        },
    )
