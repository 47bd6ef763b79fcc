"""What is told by signals, written into the trail."""

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa import signals as second_factor
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as provider
from django.contrib.auth import signals as auth
from django.dispatch import Signal
from django.http import HttpRequest

from portal.accounts.backends import person_tried
from portal.accounts.models import AccountEvent, User
from portal.accounts.organisation import remember_organisation
from portal.accounts.sessions import end_other_sessions
from portal.accounts.trail import record

Kind = AccountEvent.Kind
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes stand in for one of these, and are none by themselves."""


def signed_in(request: HttpRequest, user: User, **signal: Any) -> None:
    told = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    how = dict.fromkeys(one.get("provider") or one.get("type") or one["method"] for one in told)
    record(Kind.SIGNED_IN, person=user, request=request, note=", ".join(how))
    remember_organisation(user, request.session)


def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **signal: Any) -> None:
    """Note whose account was tried; what was typed may be a password in the wrong field and is not kept."""
    record(Kind.FAILED, person=person_tried(credentials), request=request, note="password")


def failed_second_factor(request: HttpRequest, user: User, **signal: Any) -> None:
    record(Kind.FAILED, person=user, request=request, note="second factor")


def signed_out(request: HttpRequest, user: User | None, **signal: Any) -> None:
    if user:
        record(Kind.SIGNED_OUT, person=user, request=request)


def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **signal: Any) -> None:
    """Sessions from before the first factor were opened without one: they end."""
    record(Kind.FACTOR_ADDED, person=user, request=request, note=str(authenticator.get_type_display()))
    if authenticator.type in FACTORS and Authenticator.objects.filter(user=user, type__in=FACTORS).count() == 1:
        end_other_sessions(request, user, note="those without a second factor")


def factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **signal: Any) -> None:
    record(Kind.FACTOR_REMOVED, person=user, request=request, note=str(authenticator.get_type_display()))


def _noted(kind: AccountEvent.Kind, note: str = "") -> Any:
    def write(request: HttpRequest, user: User | None = None, **signal: Any) -> None:
        told: Any = signal.get("email_address") or signal.get("sociallogin") or signal.get("socialaccount")
        record(kind, person=user or told.user, request=request, note=note)

    return write


RECEIVERS: list[tuple[Signal, Any]] = [
    (auth.user_logged_in, signed_in),
    (auth.user_login_failed, failed),
    (auth.user_logged_out, signed_out),
    (account.user_signed_up, _noted(Kind.SIGNED_UP)),
    (account.password_set, _noted(Kind.PASSWORD, "set")),
    (account.password_changed, _noted(Kind.PASSWORD, "changed")),
    (account.password_reset, _noted(Kind.PASSWORD, "reset by e-mail")),
    (account.email_confirmed, _noted(Kind.ADDRESS, "confirmed")),
    (account.email_added, _noted(Kind.ADDRESS, "added")),
    (account.email_removed, _noted(Kind.ADDRESS, "removed")),
    (account.email_changed, _noted(Kind.ADDRESS, "changed")),
    (second_factor.authenticator_added, factor_added),
    (second_factor.authenticator_removed, factor_removed),
    (second_factor.authenticator_reset, _noted(Kind.FACTOR_RESET)),
    (second_factor.authentication_failed, failed_second_factor),
    (provider.social_account_added, _noted(Kind.LINKED)),
    (provider.social_account_removed, _noted(Kind.UNLINKED)),
]


def connect_all() -> None:
    for signal, receiver in RECEIVERS:
        signal.connect(receiver, weak=False)
