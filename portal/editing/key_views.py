"""Keys to the API on the editing site: made and shown once, listed, revoked."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.auth import require_admin_access

from portal.accounts.keys import make_key, revoke_key
from portal.accounts.models import NetworkKey
from portal.accounts.permissions import Action, may, networks_where
from portal.core.paging import list_page
from portal.editing.gate import refused
from portal.editing.key_forms import KeyForm

PER_PAGE = 50


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def show_keys(request: HttpRequest) -> HttpResponse:
    """List the keys of one's networks, and make one: the answer to that alone shows the key."""
    if not may(request.user, Action.KEEP_KEYS):
        return refused(request)
    form = KeyForm(request.POST if request.method == "POST" else None, by=request.user)
    if not form.is_valid():
        return _page(request, form, status=400 if form.is_bound else 200)
    asked = form.cleaned_data
    row, key = make_key(
        network=asked["network"],
        name=asked["name"],
        scopes=asked["scopes"],
        days=asked["days"],
        by=request.user,  # type: ignore[arg-type]
        request=request,
    )
    return _page(request, KeyForm(by=request.user), made=row, key=key)


def _page(request: HttpRequest, form: KeyForm, *, status: int = 200, **made: Any) -> HttpResponse:
    shown = {
        "form": form,
        "page": list_page(_keys_of(request.user), request.GET, per_page=PER_PAGE),
        "site_url": settings.SITE_URL,
        **made,
    }
    return render(request, "editing/keys.html", shown, status=status)


def _keys_of(person: Any) -> QuerySet[NetworkKey]:
    """Return the keys that a person may revoke, newest first; those that work before all others."""
    keys = NetworkKey.objects.select_related("network", "made_by", "revoked_by")
    reach = networks_where(person, [Action.KEEP_KEYS])
    return keys if None in reach else keys.filter(network__in=[pk for pk in reach if pk])


@require_admin_access
@require_POST
def revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    key = _keys_of(request.user).filter(prefix=prefix).first()
    if key is None:
        return refused(request)
    revoke_key(key=key, by=request.user, request=request)  # type: ignore[arg-type]
    messages.success(request, f"Revoked. “{key}” can no longer use the key that begins with {key.prefix}.")
    return redirect("editing:keys")
