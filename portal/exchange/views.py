"""The page that explains the API."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.public_pages import public_page
from portal.exchange.api_urls import ADDRESSES


@require_safe
@public_page
def show_api(request: HttpRequest) -> HttpResponse:
    """Say what the API has, by its views' own descriptions, and how to ask."""
    shown = {"addresses": ADDRESSES, "root": reverse("api:entries").removesuffix("entries/")}
    return render(request, "exchange/api.html", {**shown, "site_url": settings.SITE_URL})
