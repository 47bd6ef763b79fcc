"""One's own account on one page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.forms import DetailsForm
from portal.accounts.models import NetworkRole
from portal.accounts.organisation import set_organisation
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
        "searches": person.saved_searches.all(),
        "events": events_of(person)[:EVENTS_SHOWN],
    }
    return render(request, "accounts/account.html", shown)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_details(request: HttpRequest) -> HttpResponse:
    """Change one's name and organisation."""
    person: Any = request.user
    mails = {name: getattr(person, name) for name in ("wants_pack_mail", "wants_digest")}
    said = {"first_name": person.get_full_name(), "organisation": person.organisation_id, **mails}
    edits = person.network_roles.exists()
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=said, edits=edits)
    if not form.is_valid():
        return render(request, "accounts/details.html", {"form": form}, status=400 if form.is_bound else 200)
    person.first_name, person.last_name = form.cleaned_data["first_name"], ""
    for name in mails:
        setattr(person, name, form.cleaned_data.get(name, mails[name]))
    person.save(update_fields=["first_name", "last_name", *mails])
    set_organisation(person, form.cleaned_data["organisation"], request.session)
    messages.success(request, "Your details are saved.")
    return redirect("accounts:account")


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    end_all_sessions(request.user, by=request.user, request=request)  # type: ignore[arg-type]
    logout(request)
    messages.success(request, "You are signed out everywhere.")
    return redirect("account_login")
