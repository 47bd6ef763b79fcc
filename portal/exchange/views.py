"""The page that explains the API."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.core.api.addresses import addresses
from portal.core.public_pages import public_page


@require_safe
@public_page
def show_api(request: HttpRequest) -> HttpResponse:
    """Say what the API has, by its views' own descriptions, and how to ask."""
    shown = {
        "reads": [one for one in addresses() if not one.scope],
        "by_key": [one for one in addresses() if one.scope],
        "root": reverse("api:entries").removesuffix("entries/"),
        "per_minute": settings.API_PER_MINUTE,
        "per_minute_by_key": settings.API_PER_MINUTE_BY_KEY,
        "site_url": settings.SITE_URL,
    }
    return render(request, "exchange/api.html", shown)
