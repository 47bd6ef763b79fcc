"""django-allauth's forms with their fields named in this site's words, and without words inside the fields."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkey
from django import forms


class Named(forms.Form):
    """A form whose fields have these names."""

    names: dict[str, str] = {}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, field in self.fields.items():
            field.label = self.names.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


NEW_PASSWORD = {"password1": "New password", "password2": "New password once more"}
SIX_DIGITS = "Six digits of the app"


class SignInForm(Named, account.LoginForm):
    names = {"login": "User name or e-mail address"}


class SignUpForm(Named, account.SignupForm):
    names = {"email": "E-mail address"}


class AddAddressForm(Named, account.AddEmailForm):
    names = {"email": "E-mail address"}


class ChangePasswordForm(Named, account.ChangePasswordForm):
    names = {"oldpassword": "Password now", **NEW_PASSWORD}


class SetPasswordForm(Named, account.SetPasswordForm):
    names = NEW_PASSWORD


class AskForPasswordForm(Named, account.ResetPasswordForm):
    names = {"email": "E-mail address"}


class ChoosePasswordForm(Named, account.ResetPasswordKeyForm):
    names = NEW_PASSWORD


class PasswordAgainForm(Named, account.ReauthenticateForm):
    pass


class CodeForm(Named, factor.AuthenticateForm):
    names = {"code": f"{SIX_DIGITS}, or a recovery code"}


class CodeAgainForm(Named, factor.ReauthenticateForm):
    names = CodeForm.names


class AddAppForm(Named, app.ActivateTOTPForm):
    names = {"code": SIX_DIGITS}


class AddPasskeyForm(Named, passkey.AddWebAuthnForm):
    names = {"name": "Name of the passkey"}
    passwordless = forms.BooleanField(
        label="Sign in with it alone, without a password",
        required=False,
        initial=True,
        help_text="Your device then asks for your fingerprint, face or PIN. Without this it is a second factor only.",
    )


class RenamePasskeyForm(Named, passkey.EditWebAuthnForm):
    names = {"name": "Name of the passkey"}
