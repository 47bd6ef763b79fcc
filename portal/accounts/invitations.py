"""Invitations: a network's people are asked by e-mail, and take their role with one press of a button."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from portal.accounts.mail import queue_mail
from portal.accounts.models import AccountEvent, Invitation, NetworkRole, User
from portal.accounts.permissions import ROLES_IN_ORDER, roles_given_by
from portal.accounts.roles import set_role, told_role
from portal.accounts.trail import record
from portal.core.people import name_of
from portal.organisations.models import Organisation

Kind = AccountEvent.Kind
SALT = "accounts.invitation"
OPEN_FOR = timedelta(days=14)
SESSION_KEY = "invitation"


class InvitationRefused(Exception):
    """An invitation can't be made, taken or withdrawn; the text says why, fit to show."""


def invite(
    *, email: str, role: str, network: Organisation | None, by: User | None, request: HttpRequest | None
) -> Invitation:
    """Ask somebody to take a role; the mail with the link goes out by the worker. `by` nobody is the operator."""
    if by and role not in roles_given_by(by, network.pk if network else None):
        raise InvitationRefused("You can’t give this role. Choose one that is not above what you may give.")
    now = timezone.now()
    with transaction.atomic():
        same = Invitation.objects.filter(email__iexact=email, network=network, accepted_at=None, withdrawn_at=None)
        same.update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            email=email,
            role=role,
            network=network,
            made_by=by,
            by_operator=by is None,
            made_at=now,
            expires_at=now + OPEN_FOR,
        )
        record(Kind.INVITED, person=by, request=request, note=_told(invitation))
        queue_mail(to=email, subject=f"{settings.SITE_NAME}: an invitation", text=_text_of(invitation))
    return invitation


def _told(invitation: Invitation) -> str:
    return f"{invitation.pk}: {told_role(invitation.role, invitation.network)}"


def _text_of(invitation: Invitation) -> str:
    link = settings.SITE_URL + reverse("accounts:invitation", args=[token_of(invitation)])
    told = {
        "invitation": invitation,
        "by": name_of(invitation.made_by, otherwise="Whoever runs it"),
        "link": link,
        "site_name": settings.SITE_NAME,
    }
    return render_to_string("accounts/invitation.txt", told)


def token_of(invitation: Invitation) -> str:
    return signing.dumps(invitation.pk, salt=SALT)


def invitation_of(token: str) -> Invitation | None:
    try:
        pk = signing.loads(token, salt=SALT, max_age=OPEN_FOR + timedelta(days=90))
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("network", "made_by").filter(pk=pk).first()


def withdraw(*, invitation: Invitation, by: User, request: HttpRequest | None) -> None:
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not still_open.update(withdrawn_at=timezone.now()):
        raise InvitationRefused("This invitation was accepted or withdrawn already.")
    record(Kind.WITHDRAWN, person=by, request=request, note=_told(invitation))


def accept(*, invitation: Invitation, by: User, request: HttpRequest | None) -> None:
    """Give whoever was invited the role, once. Who has a higher one already keeps it."""
    if not is_for(invitation, by):
        raise InvitationRefused(
            f"This invitation is for {invitation.email}. Sign in with the account that has this address, "
            "or add the address to yours and confirm it."
        )
    if not _maker_still_may(invitation):
        raise InvitationRefused("Whoever invited you can no longer give this role. Ask to be invited again.")
    with transaction.atomic():
        still_open = Invitation.objects.filter(
            pk=invitation.pk, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
        )
        if not still_open.update(accepted_at=timezone.now(), accepted_by=by):
            raise InvitationRefused("This invitation is no longer open. Ask to be invited again.")
        record(Kind.ACCEPTED, person=by, request=request, note=_told(invitation))
        has = NetworkRole.objects.filter(user=by, network=invitation.network).first()
        if has is None or ROLES_IN_ORDER.index(has.role) < ROLES_IN_ORDER.index(invitation.role):
            set_role(
                person=by, network=invitation.network, role=invitation.role, by=invitation.made_by, request=request
            )


def is_for(invitation: Invitation, person: Any) -> bool:
    """Say whether a person has shown that the address invited is theirs."""
    return EmailAddress.objects.filter(user=person, email__iexact=invitation.email, verified=True).exists()


def _maker_still_may(invitation: Invitation) -> bool:
    maker = invitation.made_by
    if invitation.by_operator:
        return True
    return maker is not None and invitation.role in roles_given_by(maker, invitation.network_id)


# --- somebody without an account ----------------------------------------------------------------


def remember(request: HttpRequest, token: str) -> None:
    """Let whoever holds an open invitation make an account, also where readers can't."""
    request.session[SESSION_KEY] = token


def is_invited(request: HttpRequest) -> bool:
    invitation = invitation_of(str(request.session.get(SESSION_KEY, "")))
    return invitation is not None and invitation.is_open
