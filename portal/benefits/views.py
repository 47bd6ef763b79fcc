"""Pages and files about measures, their totals and the working behind them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.benefits import pages
from portal.benefits.contradictions import every_contradiction
from portal.benefits.feeds import HeadlineTotalsFeed
from portal.benefits.files import ledger_as_csv, ledger_as_json, ledger_as_workbook
from portal.benefits.ledgers import total_of
from portal.benefits.models import BenefitFigure, Measure, NetworkClaim, WorkingTime
from portal.benefits.questions import BadQuestion, find_additive_measure, read_page, read_question
from portal.core.formatting import format_financial_year
from portal.core.kept_pages import kept_page, made_once
from portal.core.public_pages import public_page
from portal.core.workbooks import WORKBOOK

ATOM = "application/atom+xml; charset=utf-8"
View = Callable[..., HttpResponseBase]


def bad_questions_as_page(view: View) -> View:
    """Answer a question that can't be answered with a page that names the fields and what would do."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except BadQuestion as bad:
            return render(request, "benefits/problem.html", {"problems": bad.problems}, status=bad.status)

    return answer


def bad_questions_as_json(view: View) -> View:
    """Answer a question that can't be answered with a problem document (RFC 9457), field by field."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except BadQuestion as bad:
            errors = [{"field": item.field, "problem": item.problem, "fix": item.fix} for item in bad.problems]
            told = {"type": "about:blank", "title": "The question can't be answered", "status": bad.status}
            told |= {"detail": str(bad), "errors": errors}
            return JsonResponse(told, status=bad.status, content_type="application/problem+json")

    return answer


@require_safe
@public_page
@bad_questions_as_page
def show_impact(request: HttpRequest) -> HttpResponse:
    return kept_page(
        request,
        "benefits/impact.html",
        "benefits/impact_body.html",
        lambda: {"page": pages.impact_page(read_question(request.GET))},
    )


@require_safe
@public_page
@bad_questions_as_page
def show_measure_impact(request: HttpRequest, key: str) -> HttpResponse:
    def gather() -> dict[str, Any]:
        measure = find_additive_measure(key)
        return {"heading": measure.name, "page": pages.measure_page(measure, read_question(request.GET))}

    return kept_page(request, "benefits/measure_impact.html", "benefits/measure_impact_body.html", gather)


@require_safe
@public_page
@bad_questions_as_json
def measure_impact_json(request: HttpRequest, key: str) -> HttpResponse:
    body = made_once(
        request,
        lambda: ledger_as_json(
            total_of(find_additive_measure(key), read_question(request.GET)),
            settings.SITE_URL,
            page=read_page(request.GET),
        ),
    )
    return HttpResponse(body, content_type="application/json")


@require_safe
@public_page
@bad_questions_as_json
def measure_impact_csv(request: HttpRequest, key: str) -> StreamingHttpResponse:
    total = total_of(find_additive_measure(key), read_question(request.GET))
    answer = StreamingHttpResponse(ledger_as_csv(total, settings.SITE_URL), content_type="text/csv; charset=utf-8")
    return _named(answer, f"{key}.csv")


@require_safe
@public_page
@bad_questions_as_json
def measure_impact_workbook(request: HttpRequest, key: str) -> HttpResponse:
    total = total_of(find_additive_measure(key), read_question(request.GET))
    return _named(HttpResponse(ledger_as_workbook(total, settings.SITE_URL), content_type=WORKBOOK), f"{key}.xlsx")


def _named(answer: Any, name: str) -> Any:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
@public_page
@bad_questions_as_page
def show_contradictions(request: HttpRequest) -> HttpResponse:
    return kept_page(
        request,
        "benefits/contradictions.html",
        "benefits/contradictions_body.html",
        lambda: {"contradictions": every_contradiction(read_question(request.GET))},
    )


@require_safe
@public_page
def headline_feed(request: HttpRequest) -> HttpResponse:
    body = made_once(request, lambda: HeadlineTotalsFeed()(request).content)
    return HttpResponse(body, content_type=ATOM)


@require_safe
@public_page
def show_measures(request: HttpRequest) -> HttpResponse:
    return render(request, "benefits/measures.html", {"topics": pages.measures_by_topic()})


@require_safe
@public_page
def show_measure(request: HttpRequest, key: str) -> HttpResponse:
    measure = get_object_or_404(Measure.objects.public(), key=key)
    price_year = format_financial_year(measure.price_year) if measure.price_year else ""
    return render(request, "benefits/measure.html", {"page": pages.dictionary_page(measure), "price_year": price_year})


@require_safe
@public_page
def show_how_figures_work(request: HttpRequest) -> HttpResponse:
    figures = BenefitFigure.objects.public()
    return render(
        request,
        "benefits/how_figures_work.html",
        {
            "bases": figures.count_by_basis(),
            "working_time": WorkingTime.objects.first(),
            "network_claims": NetworkClaim.objects.select_related("measure", "place", "evidence"),
            "total": figures.count(),
        },
    )
