"""What django-allauth shows and sends is in this site's words: a template of its own that comes anew fails."""

from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.template.loader import get_template

APPS = ("account", "mfa", "socialaccount", "usersessions")
THEIRS = Path(allauth.__file__).parent / "templates"
NEVER_SHOWN = {
    # Sign-in, confirmation, passwords and answers by codes, telephone numbers, trusted browsers: switched off.
    "account/base_confirm_code.html", "account/confirm_email_verification_code.html",
    "account/confirm_login_code.html", "account/confirm_password_reset_code.html",
    "account/confirm_phone_verification_code.html", "account/confirm_reauthentication_code.html",
    "account/request_login_code.html", "account/request_reauthentication_code.html", "account/phone_change.html",
    "account/messages/login_code_sent.txt", "account/messages/phone_verification_sent.txt",
    "account/messages/phone_verified.txt", "account/email/login_code_message.txt",
    "account/email/login_code_subject.txt", "account/email/password_reset_code_message.txt",
    "account/email/password_reset_code_subject.txt", "mfa/trust.html",
    # Accounts are made by a password or a provider, then given a passkey.
    "account/signup_by_passkey.html", "mfa/webauthn/signup_form.html",
    # One address is not changed for another: addresses are added and removed.
    "account/email_change.html", "account/verified_email_required.html",
    # Of providers there is one, whose buttons our own pages write; a redirect there is a page of ours.
    "socialaccount/snippets/login_extra.html", "socialaccount/snippets/provider_list.html",
    "socialaccount/login_redirect.html",
    # The page of addresses and that of a new password say it themselves.
    "account/snippets/warn_no_email.html", "account/snippets/already_logged_in.html",
    # Written whatever somebody does; the codes alone, for whoever downloads them.
    "mfa/recovery_codes/download.txt",
}  # fmt: skip
FRAMES = {
    "base_entrance.html",
    "base_manage.html",
    "base_manage_email.html",
    "base_manage_password.html",
    "base_manage_phone.html",
    "base.html",
    "login_script.html",
    "email_confirmation_signup_message.txt",
    "email_confirmation_signup_subject.txt",
    "account_connected_updated.txt",
}
"""They hold no words of their own: they lead to a template of ours, or have a title that each page replaces."""


def templates_of_allauth() -> list[str]:
    found = [path for app in APPS for ending in ("html", "txt") for path in (THEIRS / app).rglob(f"*.{ending}")]
    return sorted(str(path.relative_to(THEIRS)) for path in found)


@pytest.mark.parametrize("name", [name for name in templates_of_allauth() if name.rpartition("/")[2] not in FRAMES])
def test_what_is_shown_or_sent_is_ours(name: str) -> None:
    is_ours = Path(get_template(name).origin.name).is_relative_to(settings.BASE_DIR / "templates")
    assert is_ours != (name in NEVER_SHOWN), name
