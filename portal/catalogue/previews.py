"""How a draft looks to readers: each kind of entry says which view shows it, the catalogue hands it on."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

ShowDraft = Callable[[HttpRequest, Any], HttpResponse]
_views: dict[type, ShowDraft] = {}
_modes: dict[str, tuple[str, ShowDraft]] = {}


def show_drafts_with(model: type, view: ShowDraft) -> None:
    """Have `view` render drafts of this kind, in the template that readers get."""
    _views[model] = view


def add_preview_mode(name: str, label: str, view: ShowDraft) -> None:
    """Offer another way to look at a draft that was saved once, beside the page that readers get."""
    _modes[name] = label, view


def further_modes() -> list[tuple[str, str]]:
    return [(name, label) for name, (label, _) in _modes.items()]


def show_draft(request: HttpRequest, draft: Any, *, mode: str = "") -> HttpResponse:
    view = _modes[mode][1] if mode in _modes else _views[type(draft)]
    return view(request, draft)
