"""Marks on views: a page that is the same for every visitor, and a form that such a page may hold."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from modern_csrf.decorators import csrf_protect

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def public_page(view: View) -> View:
    """Say that a view's answer to GET depends on nothing but the catalogue, the day, the address and the session.

    It may then be told unchanged by its ETag, and shared among visitors without a session
    (`portal.catalogue.sharing`). It must show no form with a token; an answer that may not be
    shared all the same is `not_shared`.
    """
    view.is_public_page = True  # type: ignore[attr-defined]
    return view


def not_shared(response: HttpResponseBase) -> None:
    """Say that the next visitor must not get this answer of a public page: asking for it did something."""
    response.is_not_shared = True  # type: ignore[attr-defined]


def from_our_pages(view: View) -> View:
    """Take a form that has no token, by what browsers say of where it was sent from.

    Sec-Fetch-Site, or Origin where that is missing, must name this site; whoever sends neither is no
    browser that another site's page could misuse. A token would make each page with a button one
    visitor's own, and set a cookie for people who only read.
    """
    protected: Any = csrf_exempt(csrf_protect(view))
    return protected
