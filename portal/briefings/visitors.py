"""Who is asking, as the keys by which packs are theirs: an account's number, or random for a browser."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from portal.briefings import services
from portal.briefings.basket import Basket
from portal.core.client_address import client_address
from portal.core.limits import counted

BROWSER = "browser"
PERSON = "person-"
"""A person's key begins with it; the account's number follows."""


def keys_of(request: HttpRequest) -> list[str]:
    """Return the keys that this visitor has; nothing is written, and a visitor without a session costs no query."""
    person = [key_of_person(request.user)] if request.user.is_authenticated else []
    browser = request.session.get(BROWSER)
    return [*person, *([browser] if isinstance(browser, str) else [])]


def key_to_ask_with(request: HttpRequest) -> str:
    """Return the person's key, or this browser's, which is drawn when it first asks for a pack.

    Raises TooManyFromHere: a browser is another as soon as its cookies are gone, so that its address counts too.
    """
    if request.user.is_authenticated:
        return key_of_person(request.user)
    _count_asking(request)
    browser: str = request.session.setdefault(BROWSER, secrets.token_urlsafe(24))
    return browser


def _count_asking(request: HttpRequest) -> None:
    """Count a pack asked for without an account. Where the counters are away, nobody is refused."""
    rate = settings.BRIEFINGS_ASKED_FROM_ONE_ADDRESS
    usage = counted(request, group="packs", caller=client_address(request), rate=rate)
    if usage and usage["should_limit"]:
        raise services.TooManyFromHere(most=rate[0], minutes=-(-usage["time_left"] // 60))


def take_along(*, request: HttpRequest, user: AbstractBaseUser, **signal: Any) -> None:
    """Whoever signs in finds the packs that this browser asked for before, and what it chose for the next."""
    if not request:
        return
    Basket(request.session, user).take_along()
    browser = request.session.get(BROWSER)
    if isinstance(browser, str):
        services.hand_over(from_key=browser, to_key=key_of_person(user))


def key_of_person(user: Any) -> str:
    return f"{PERSON}{user.pk}"
