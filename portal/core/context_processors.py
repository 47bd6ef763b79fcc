"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.urls import reverse

from portal.core.mine import mine_of
from portal.core.sessions import has_session

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
        "open_sign_up": settings.OPEN_SIGN_UP,
        "mine": mine_of(request),
        "account_link": "Your account" if _has_signed_in(request) else "Sign in",
        "navigation": [{"text": text, "href": href, "current": request.path.startswith(href)} for text, href in links],
    }


def _has_signed_in(request: HttpRequest) -> bool:
    """Say whether the visitor's session is somebody's; one without a session costs no query."""
    return has_session(request) and SESSION_KEY in request.session
