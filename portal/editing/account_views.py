"""Accounts on the editing site: found, closed and opened again by those who may."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.auth import require_admin_access

from portal.accounts import closing
from portal.accounts.models import AccountEvent, NetworkKey, User
from portal.accounts.permissions import Action, accounts_to_close, may
from portal.core.paging import list_page
from portal.core.people import name_of
from portal.editing.gate import refused

PER_PAGE = 50
CLOSED_OR_OPENED = [AccountEvent.Kind.CLOSED, AccountEvent.Kind.REOPENED]


class AccountSearch(forms.Form):
    """Which accounts to list."""

    who = forms.CharField(label="Name, user name or e-mail address", required=False, max_length=150)
    closed = forms.BooleanField(label="Closed accounts alone", required=False)

    def found_in(self, accounts: QuerySet[User]) -> QuerySet[User]:
        if not self.is_valid():
            return accounts.none()
        if who := self.cleaned_data["who"].replace("\x00", "").strip():
            accounts = accounts.filter(
                Q(username__icontains=who) | Q(first_name__icontains=who) | Q(email__icontains=who)
            )
        return accounts.filter(is_active=False) if self.cleaned_data["closed"] else accounts


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=150,
        help_text="Administrators read it in the trail of accounts, which nobody can change. Name no other person.",
    )


@require_admin_access
@require_safe
def show_accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts that one may close."""
    if not may(request.user, Action.INVITE):
        return refused(request)
    search = AccountSearch(request.GET)
    found = search.found_in(accounts_to_close(request.user)).prefetch_related("network_roles__network")
    page = list_page(found.order_by("username"), request.GET, per_page=PER_PAGE)
    return render(request, "editing/accounts.html", {"search": search, "page": page})


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def show_account(request: HttpRequest, person: int) -> HttpResponse:
    """Show an account with what closing it ends; posted with a reason, close it, or open it again."""
    found = accounts_to_close(request.user).filter(pk=person).first()
    if found is None:
        return refused(request)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        change = closing.close_account if request.POST.get("step") == "close" else closing.reopen_account
        try:
            change(person=found, by=request.user, reason=form.cleaned_data["reason"], request=request)  # type: ignore[arg-type]
        except closing.ClosingRefused as problem:
            form.add_error(None, str(problem))
        else:
            state = "closed" if request.POST.get("step") == "close" else "open again"
            messages.success(request, f"The account of {name_of(found)} is {state}. They are told by e-mail.")
            return redirect("editing:account", person)
    return render(request, "editing/account.html", {"form": form, **_shown(found)}, status=400 if form.errors else 200)


def _shown(person: User) -> dict[str, Any]:
    events = AccountEvent.objects.filter(person=person.pk, kind__in=CLOSED_OR_OPENED)
    last = events.first()
    by = User.objects.filter(pk=last.by or 0).first() if last else None
    return {
        "person": person,
        "roles": person.network_roles.select_related("network").order_by("network__name"),
        "keys": NetworkKey.objects.filter(made_by=person, revoked_at=None).count(),
        "last": last,
        "last_by": name_of(by, otherwise="a former account"),
    }
