"""Whether a visitor has a session, asked without a query."""

from django.conf import settings
from django.http import HttpRequest


def brings_session(request: HttpRequest) -> bool:
    """Say whether the visitor names a session, which need not be read by now."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def has_session(request: HttpRequest) -> bool:
    """Say whether the visitor brought a session. Of a request refused early, which has a page too, none was read."""
    return brings_session(request) and hasattr(request, "session")
