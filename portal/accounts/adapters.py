"""Where django-allauth asks this project: mail by the worker, addresses as elsewhere here, secrets sealed."""

import secrets
from types import SimpleNamespace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.safestring import SafeString

from portal.accounts.backends import person_tried
from portal.accounts.invitations import is_invited
from portal.accounts.mail import queue_mail
from portal.accounts.models import AccountEvent
from portal.accounts.trail import record
from portal.core.client_address import client_address
from portal.core.people import name_of
from portal.core.sealed import seal, unseal
from portal.core.security_log import Refusal, note_refusal

WRONG_PAIR = "The name or the password is wrong."
WAYS_TO_SHOW = {
    "reauthenticate": "Your password",
    "mfa_reauthenticate": "Your authenticator app, or a recovery code",
    "mfa_reauthenticate:webauthn": "A passkey or security key",
}
WRONG_CODE = "This code is wrong, or was used already."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "cannot_remove_primary_email": "The main address can’t be removed. Make another the main one first.",
        "duplicate_email": "This address is your account’s already.",
        "email_password_mismatch": WRONG_PAIR,
        "username_password_mismatch": WRONG_PAIR,
        "enter_current_password": "This is not your password now.",  # nosec B105  # a sentence
        "incorrect_password": "This is not your password.",  # nosec B105  # a sentence
        "incorrect_code": WRONG_CODE,
        "invalid_login": WRONG_PAIR,
        "invalid_password_reset": "This link does not work. Have another sent.",  # nosec B105  # a sentence
        "max_email_addresses": "An account has %d addresses at most. Remove one first.",
        "too_many_login_attempts": "That was wrong too often. Wait five minutes, then try again.",
        "unverified_primary_email": "Confirm the address first: open the link in the mail that we sent there.",
        "rate_limited": "That was tried too often. Wait a while, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.OPEN_SIGN_UP or is_invited(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: no page waits for a mail server, and an unknown address takes as long as a known one."""
        site = SimpleNamespace(name=settings.SITE_NAME, domain=settings.SITE_URL)
        told = {"request": _request(), "email": email, "current_site": site, **context}
        mail = self.render_mail(template_prefix, email, told)
        queue_mail(to=email, subject=mail.subject, text=str(mail.body))

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell by mail alone; in the time of a new account, whose password is hashed."""
        make_password(_request().POST.get("password1"))
        super().send_account_already_exists_mail(email)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse who has failed too often, without looking at the password."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tried = person_tried(credentials)
            note_refusal(Refusal.LOCKED_OUT, request, account=tried.pk if tried else None)
            raise

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask again for password or factor before what matters; who has a provider's sign-in alone has neither."""
        person = _request().user
        has_something = person.has_usable_password() or bool(self.get_reauthentication_methods(person))  # type: ignore[union-attr]
        return has_something and super().is_reauthentication_required(app=app, **more)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": WAYS_TO_SHOW[method["id"]]} for method in methods]

    def get_client_ip(self, request: HttpRequest) -> str:
        address = client_address(request).partition("/")[0]
        return "0.0.0.0" if address == "unknown" else address  # noqa: S104  # nosec B104  # stands for no address; nothing is bound


def _request() -> HttpRequest:
    request: HttpRequest = context.request
    return request


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Whoever an OpenID Connect provider vouches for has a reader's account; roles are given here alone."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": "Turn your second factor off before you add an address, and on again after.",
        "cannot_delete_authenticator": "This one can’t be turned off.",
        "cannot_generate_recovery_codes": "Set up an app or a passkey first: the codes stand in for it.",
        "incorrect_code": WRONG_CODE,
        "unverified_email": "Confirm your e-mail address first: the link is in the mail that we sent there.",
    }

    def get_totp_issuer(self) -> str:
        return str(settings.SITE_NAME)

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": name_of(user)}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"

    def build_totp_svg(self, url: str) -> str:
        """Return the picture as part of a page: the policy of these pages allows no data: addresses."""
        drawing = super().build_totp_svg(url)
        return SafeString(drawing[drawing.index("<svg") :])  # nosec B703  # a drawing of squares alone

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; what no key opens any more is none that anybody could meet."""
        return unseal(encrypted_text) or secrets.token_hex()


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Any) -> None:
        super().end_sessions(sessions)
        if sessions:
            record(AccountEvent.Kind.SESSIONS_ENDED, person=sessions[0].user, request=_request(), note="the other ones")
