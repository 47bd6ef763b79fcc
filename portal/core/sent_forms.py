"""Forms that were sent: whether one comes from this site, and what it held, so that nobody types it twice."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.deprecation import MiddlewareMixin

SECRETS = frozenset({"password", "password1", "password2", "oldpassword", "code", "credential"})


class FormsOfThisSite(MiddlewareMixin):
    """Before Django's own protection: a form that the browser says is of this site needs no fresh token.

    Its token is from before a sign-in when its writer was signed out meanwhile: the form is as good as
    it was. Where a browser says nothing, the token decides.
    """

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        if is_from_here(request):
            request.csrf_processing_done = True  # type: ignore[attr-defined]


def is_from_here(request: HttpRequest) -> bool:
    """Say whether the browser vouches that a page of this site sent a form; no other site's page can make it say so."""
    here = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") in here


def fields_sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the names and values of a form of this site. Of other sites' forms and of sign-ins nothing is given back.

    A page that gives them back has a fresh token, so a form from elsewhere must not come back in it.
    """
    if not is_from_here(request) or SECRETS & request.POST.keys():
        return []
    return pairs_of(request.POST)


def pairs_of(form: QueryDict, *, without: str = "") -> list[tuple[str, str]]:
    """Return the names and values of a form but its token, for hidden fields."""
    left_out = {"csrfmiddlewaretoken", without}
    return [(name, value) for name, values in form.lists() if name not in left_out for value in values]
