"""One's own account on one page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.models import NetworkRole
from portal.accounts.permissions import has_second_factor, lacks_second_factor
from portal.accounts.sessions import end_all_sessions
from portal.accounts.trail import events_of

EVENTS_SHOWN = 10


@login_required
@never_cache
@require_safe
def show_account(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    shown = {
        "roles": NetworkRole.objects.filter(user=person).select_related("network").order_by("network__name"),
        "has_second_factor": has_second_factor(person),
        "needs_second_factor": lacks_second_factor(person),
        "events": events_of(person)[:EVENTS_SHOWN],
    }
    return render(request, "accounts/account.html", shown)


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    end_all_sessions(request.user, by=request.user, request=request)  # type: ignore[arg-type]
    logout(request)
    messages.success(request, "You are signed out everywhere.")
    return redirect("account_login")
