"""The brief in the form's preview panel: a link, because the panel asks again at every key that is pressed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show_way_to_brief(request: HttpRequest, draft: Any) -> HttpResponse:
    """Lead to the brief of the draft as it was last saved: making one takes a second of work, for two pages."""
    return render(request, "editing/brief_preview.html", {"draft": draft})
