"""A network's people on the editing site: who has which role, who is invited, and the trail of accounts."""

from typing import Any

from allauth.account.views import logout
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.auth import require_admin_access

from portal.accounts import invitations, roles
from portal.accounts.models import AccountEvent, Invitation, NetworkRole, User
from portal.accounts.permissions import (
    IN_A_NETWORK,
    ROLES_IN_ORDER,
    Action,
    accounts_to_close,
    may,
    may_read_account_trail,
    networks_where,
    roles_given_by,
)
from portal.core.paging import list_page
from portal.core.people import name_of
from portal.editing.gate import refused
from portal.organisations.models import Organisation

PER_PAGE = 50
LABELS = dict(NetworkRole.Role.choices)


class InvitationForm(forms.Form):
    """Whom to invite, to which role."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(label="Role")
    network = forms.ModelChoiceField(
        Organisation.objects.none(),
        required=False,
        empty_label="All networks",
        error_messages={"required": "Choose the network to invite to."},
    )

    def __init__(self, *args: Any, by: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        reach = networks_where(by, [Action.INVITE])
        for_all = roles_given_by(by, None)
        network, role = self.fields["network"], self.fields["role"]
        networks = Organisation.objects.filter(kind=Organisation.Kind.NETWORK).order_by("name")
        network.queryset = networks if None in reach else networks.filter(pk__in=[pk for pk in reach if pk])  # type: ignore[attr-defined]
        network.required = not for_all
        if network.required:
            network.empty_label = None  # type: ignore[attr-defined]
        given = [role for role in ROLES_IN_ORDER if role in IN_A_NETWORK | for_all]
        role.choices = [(role, LABELS[role]) for role in given]  # type: ignore[attr-defined]


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def show_people(request: HttpRequest) -> HttpResponse:
    """List the people of one's networks and the invitations; posted, invite somebody."""
    if not may(request.user, Action.INVITE):
        return refused(request)
    if request.method != "POST":
        return _page(request, InvitationForm(by=request.user))
    form = InvitationForm(request.POST, by=request.user)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        invitation = invitations.invite(by=request.user, request=request, **form.cleaned_data)  # type: ignore[arg-type]
    except invitations.InvitationRefused as problem:
        form.add_error("role", str(problem))
        return _page(request, form, status=400)
    messages.success(request, f"Invited. The mail to {invitation.email} is on its way.")
    return redirect("editing:people")


def _page(request: HttpRequest, form: InvitationForm, *, status: int = 200) -> HttpResponse:
    people = list(_people_of(request.user))
    page = list_page(_invitations_of(request.user), request.GET, per_page=PER_PAGE)
    closable = set(accounts_to_close(request.user).filter(network_roles__in=people).values_list("pk", flat=True))
    for row in people:
        row.may_close = row.user_id in closable
        given = roles_given_by(request.user, row.network_id)
        is_mine = row.user_id != request.user.pk and row.role in given
        row.may_become = [(role, LABELS[role]) for role in ROLES_IN_ORDER if role in given] if is_mine else []
    shown = {"form": form, "people": people, "page": page, "reads_trail": may_read_account_trail(request.user)}
    return render(request, "editing/people.html", shown, status=status)


def _people_of(person: Any) -> Any:
    rows = NetworkRole.objects.select_related("user", "network").order_by("network__name", "user__username")
    return _where_they_invite(rows, person)


def _invitations_of(person: Any) -> Any:
    rows = Invitation.objects.select_related("network", "made_by")
    return _where_they_invite(rows, person)


def _where_they_invite(rows: Any, person: Any) -> Any:
    """Keep the rows of the networks that a person invites to."""
    reach = networks_where(person, [Action.INVITE])
    return rows if None in reach else rows.filter(network__in=reach)


@require_admin_access
@require_POST
def withdraw_invitation(request: HttpRequest, invitation: int) -> HttpResponse:
    row = _invitations_of(request.user).filter(pk=invitation).first()
    if row is None or not may(request.user, Action.INVITE):
        return refused(request)
    try:
        invitations.withdraw(invitation=row, by=request.user, request=request)  # type: ignore[arg-type]
    except invitations.InvitationRefused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"Withdrawn. The link sent to {row.email} opens nothing now.")
    return redirect("editing:people")


@require_admin_access
@require_POST
def change_person(request: HttpRequest, row: int) -> HttpResponse:
    """Give somebody another role in their network, or (an empty role) none."""
    found = _people_of(request.user).filter(pk=row).first()
    if found is None or not may(request.user, Action.INVITE):
        return refused(request)
    role = request.POST.get("role", "")
    try:
        if role:
            roles.change_role(row=found, role=role, by=request.user, request=request)  # type: ignore[arg-type]
        else:
            roles.take_role_away(row=found, by=request.user, request=request)  # type: ignore[arg-type]
    except roles.RoleRefused as problem:
        messages.error(request, str(problem))
    else:
        told = LABELS[role].lower() if role else "without a role there"
        messages.success(request, f"{name_of(found.user)} is {told} from now on.")
    return redirect("editing:people")


@require_admin_access
@require_safe
def show_account_trail(request: HttpRequest) -> HttpResponse:
    """List what happened with all accounts, newest first, for administrators."""
    if not may_read_account_trail(request.user):
        return refused(request)
    page = list_page(AccountEvent.objects.all(), request.GET, per_page=PER_PAGE)
    rows = list(page.rows)
    numbers = {number for row in rows for number in (row.person, row.by) if number}
    people = {person.pk: name_of(person) for person in User.objects.filter(pk__in=numbers)}
    for row in rows:
        row.person_name = people.get(row.person, "A former account" if row.person else "Nobody known")
        row.by_name = people.get(row.by, "a former account") if row.by else ""
    return render(request, "editing/account_trail.html", {"page": page, "rows": rows})


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Sign out by the one door: this takes the place of Wagtail's own."""
    answer: HttpResponseBase = logout(request)
    return answer


def sign_in(request: HttpRequest) -> HttpResponse:
    """Lead on to the one door, where Wagtail's own was."""
    onward = request.META.get("QUERY_STRING", "")
    return redirect(reverse("account_login") + (f"?{onward}" if onward else ""))
