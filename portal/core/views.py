"""Pages about the portal itself, and pages that stand in for an answer."""

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from django.views.defaults import bad_request, server_error

from portal.core.api.problems import GoneAway, Problem, problem_answer
from portal.core.away import is_away
from portal.core.gallery import gallery
from portal.core.sent_forms import fields_sent


@require_safe
def show_about(request: HttpRequest) -> HttpResponse:
    return render(request, "core/about.html")


@require_safe
def show_accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "core/accessibility.html")


@require_safe
def show_privacy(request: HttpRequest) -> HttpResponse:
    cookies = {"session_cookie": settings.SESSION_COOKIE_NAME, "form_cookie": settings.CSRF_COOKIE_NAME}
    kept = {
        "trail_days": settings.TRAIL_DAYS,
        "pack_days": settings.BRIEFINGS_KEEP_DAYS,
        "search_months": settings.MISSED_SEARCHES_KEEP_MONTHS,
        "link_days": settings.CONFIRMATION_LINKS_KEEP_DAYS,
    }
    return render(request, "core/privacy.html", {**cookies, **kept})


@require_safe
def show_components(request: HttpRequest) -> HttpResponse:
    """Every component with its variants; the accessibility checks run over this page too."""
    return render(request, "core/components.html", gallery())


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that no page of this site is known to have sent."""
    return render(request, "403_csrf.html", status=403)


API = "/api/v1/"


def failed(request: HttpRequest) -> HttpResponse:
    """Answer where a view failed, which Django logs: a program gets what programs read."""
    if is_away(sys.exception()):
        return away(request)
    if not request.path.startswith(API):
        return server_error(request)
    problem = Problem("server", "The fault is ours and has been recorded.", "Try again in a few minutes.")
    return problem_answer(500, "Something went wrong", [problem])


RETRY_AFTER = 30


def away(request: HttpRequest) -> HttpResponse:
    """Answer where something the portal needs is away for a while; what a person typed is kept in the page."""
    if request.path.startswith(API):
        problem = Problem("server", "Something the portal needs is busy or away.", "Send the same again in a minute.")
        answer = problem_answer(GoneAway.status_code, GoneAway.title, [problem])
    else:
        # Without the frame around other pages, which reads the database.
        is_form = request.method == "POST"
        shown = {"is_form": is_form, "sent": fields_sent(request) if is_form else [], "path": request.get_full_path()}
        page = render_to_string("503.html", {**shown, "has_files": is_form and bool(request.FILES)})
        answer = HttpResponse(page, status=GoneAway.status_code)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def storage_away(request: HttpRequest) -> HttpResponse:
    """Answer where a file is wanted and the place where files are kept can't be reached."""
    answer = render(request, "storage_away.html", status=503)
    answer["Retry-After"] = "300"
    return answer


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django refused before any view read it."""
    if not request.path.startswith(API):
        return bad_request(request, exception)
    problem = Problem("request", "This request can't be read.", "Send it as the description in openapi.yaml says.")
    return problem_answer(400, "The question can't be answered", [problem])
