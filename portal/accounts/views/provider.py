"""Leaving for another provider's sign-in."""

from http import HTTPStatus

from allauth.socialaccount.providers.openid_connect.views import login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache


@never_cache
def leave_for_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Answer the press of the button with a page that leads on, instead of a redirect.

    A form's redirects stay within the policy's form-action, which names this site alone: providers send
    people on to hosts that nobody here knows.
    """
    answer: HttpResponseBase = login(request, provider_id)
    if answer.status_code != HTTPStatus.FOUND or answer["Location"].startswith("/"):
        return answer
    onward = render(request, "accounts/leaving.html", {"address": answer["Location"]})
    onward.cookies = answer.cookies
    return onward
