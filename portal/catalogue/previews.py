"""How a draft looks to readers: each kind of entry says which view shows it, the catalogue hands it on."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

ShowDraft = Callable[[HttpRequest, Any], HttpResponse]
_views: dict[type, ShowDraft] = {}


def show_drafts_with(model: type, view: ShowDraft) -> None:
    """Have `view` render drafts of this kind, in the template that readers get."""
    _views[model] = view


def show_draft(request: HttpRequest, draft: Any) -> HttpResponse:
    return _views[type(draft)](request, draft)
