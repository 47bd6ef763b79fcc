"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

NAVIGATION = [
    ("Innovations", "innovations:list"),
    ("Case studies", "casestudies:list"),
    ("Impact", "benefits:impact"),
    ("Adoption", "adoption:spreading"),
    ("Evidence", "evidence:list"),
    ("Organisations", "organisations:list"),
]


def site(request: HttpRequest) -> dict[str, Any]:
    links = [(text, reverse(name)) for text, name in NAVIGATION]
    return {
        "site_name": settings.SITE_NAME,
        "navigation": [{"text": text, "href": href, "current": request.path.startswith(href)} for text, href in links],
    }
