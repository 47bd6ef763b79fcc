"""How this site answers for django-allauth's views: never kept, and never with a redirect to another site."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from portal.core.security_log import Refusal, note_refusal

View = Callable[..., HttpResponseBase]


def answered_here(view: View) -> View:
    """Note what was limited, and lead on to a provider by a page, not a redirect. For `decorate_urlpatterns`.

    A form's redirects stay within the policy's form-action, which names this site alone: providers send
    people on to hosts that nobody here knows.
    """

    @wraps(view)
    def answer_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            note_refusal(Refusal.TOO_MANY, request)
        if answer.status_code != HTTPStatus.FOUND or _is_of_this_site(answer["Location"]):
            return answer
        onward = render(request, "accounts/leaving.html", {"address": answer["Location"]})
        onward.cookies = answer.cookies
        return onward

    return never_cache(answer_here)


def _is_of_this_site(address: str) -> bool:
    return address.startswith("/") and not address.startswith("//")
