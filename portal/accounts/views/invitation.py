"""The page behind an invitation's link. Opening it changes nothing: programs that look through mail open it too."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts import invitations
from portal.accounts.permissions import lacks_second_factor


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation; posted, take it, or go on to sign in or make an account first."""
    invitation = invitations.invitation_of(token)
    if invitation is None or not invitation.is_open:
        mine = invitation is not None and request.user.is_authenticated and invitation.accepted_by == request.user
        return redirect("editing:start") if mine else render(request, "accounts/invitation_over.html", status=410)
    if request.method == "POST":
        return (
            _take(request, invitation, token) if request.user.is_authenticated else _enter(request, invitation, token)
        )
    shown = {"invitation": invitation, "is_for_me": _is_for_me(request, invitation)}
    return render(request, "accounts/invitation.html", shown)


def _is_for_me(request: HttpRequest, invitation: invitations.Invitation) -> bool:
    return request.user.is_authenticated and invitations.is_for(invitation, request.user)


def _take(request: HttpRequest, invitation: invitations.Invitation, token: str) -> HttpResponse:
    try:
        invitations.accept(invitation=invitation, by=request.user, request=request)  # type: ignore[arg-type]
    except invitations.InvitationRefused as problem:
        messages.error(request, str(problem))
        return redirect("accounts:invitation", token)
    messages.success(request, "You have the role. Welcome.")
    return redirect("mfa_index" if lacks_second_factor(request.user) else "editing:start")


def _enter(request: HttpRequest, invitation: invitations.Invitation, token: str) -> HttpResponse:
    """Send whoever holds the link to sign in, or to make an account; the form says which they pressed.

    Which of the two they need isn't said: the link may be in other hands than the mailbox.
    """
    invitations.remember(request, token)
    back = urlencode({"next": reverse("accounts:invitation", args=[token])})
    return redirect(f"{reverse('account_signup' if 'new' in request.POST else 'account_login')}?{back}")
