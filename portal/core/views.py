"""Pages about the portal itself, and pages that stand in for an answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.gallery import gallery


@require_safe
def show_about(request: HttpRequest) -> HttpResponse:
    return render(request, "core/about.html")


@require_safe
def show_accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "core/accessibility.html")


@require_safe
def show_privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "core/privacy.html")


@require_safe
def show_components(request: HttpRequest) -> HttpResponse:
    """Every component with its variants; the accessibility checks run over this page too."""
    return render(request, "core/components.html", gallery())


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that no page of this site is known to have sent."""
    return render(request, "403_csrf.html", status=403)
