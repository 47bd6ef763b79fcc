"""Closing an account, by somebody who may, and opening it again. Both hold from the next request on."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from portal.accounts.keys import revoke_key
from portal.accounts.mail import queue_mail
from portal.accounts.models import AccountEvent, Invitation, User
from portal.accounts.permissions import accounts_to_close
from portal.accounts.roles import is_last_administrator
from portal.accounts.sessions import end_all_sessions
from portal.accounts.trail import record

Kind = AccountEvent.Kind


class ClosingRefused(Exception):
    """An account can't be closed or opened again; the text says why, fit to show."""


def close_account(*, person: User, by: User, reason: str, request: HttpRequest | None) -> None:
    """Close an account: nobody signs in to it, its sessions end, its keys are revoked, its invitations withdrawn.

    Roles stay written down, and count for nothing until the account is opened again.
    """
    with transaction.atomic():
        _check_may(by, person, reason)
        if is_last_administrator(person):
            raise ClosingRefused("This is the only administrator. Invite another, who accepts, first.")
        if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
            raise ClosingRefused("This account is closed already.")
        for key in person.keys_made.select_related("network").filter(revoked_at=None):
            revoke_key(key=key, by=by, request=request)
        sent = Invitation.objects.filter(made_by=person, accepted_at=None, withdrawn_at=None)
        sent.update(withdrawn_at=timezone.now())
        record(Kind.CLOSED, person=person, by=by, request=request, note=reason)
        end_all_sessions(person, by=by, request=request, note="all of them, with the account")
        _tell(person, "closed")


def reopen_account(*, person: User, by: User, reason: str, request: HttpRequest | None) -> None:
    """Open an account again, with the roles it had. Keys and invitations stay ended."""
    with transaction.atomic():
        _check_may(by, person, reason)
        if not User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
            raise ClosingRefused("This account is open already.")
        record(Kind.REOPENED, person=person, by=by, request=request, note=reason)
        _tell(person, "open again")


def _check_may(by: User, person: User, reason: str) -> None:
    if not accounts_to_close(by).filter(pk=person.pk).exists():
        raise ClosingRefused("This account is not yours to close or to open. Ask an administrator.")
    if not reason.strip():
        raise ClosingRefused("Say why. It stands in the trail of accounts.")


def _tell(person: User, state: str) -> None:
    if person.email:
        text = render_to_string("accounts/closed.txt", {"state": state, "site_name": settings.SITE_NAME})
        queue_mail(to=person.email, subject=f"{settings.SITE_NAME}: your account is {state}", text=text)
