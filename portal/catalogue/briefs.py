"""An entry's two-page brief: a floor above makes it, the pages of entries and of editors hand on to it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

_views: dict[str, Callable[..., HttpResponseBase]] = {}


def show_briefs_with(*, published: Callable[..., HttpResponseBase], draft: Callable[..., HttpResponseBase]) -> None:
    """Have these views hand out the brief of a public entry and of a draft in memory."""
    _views.update(published=published, draft=draft)


def show_brief(request: HttpRequest, entry: Any) -> HttpResponseBase:
    return _views["published"](request, entry)


def show_brief_of_draft(request: HttpRequest, draft: Any, *, back: str) -> HttpResponseBase:
    """Hand out a draft's brief to somebody who may see it; `back` is the page to return to where it fails."""
    return _views["draft"](request, draft, back=back)
