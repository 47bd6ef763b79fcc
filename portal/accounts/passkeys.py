"""The form that adds a passkey, in this site's words."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms


class AddPasskeyForm(AddWebAuthnForm):
    passwordless = forms.BooleanField(
        label="Sign in with it alone, without a password",
        required=False,
        initial=True,
        help_text="Your device then asks for your fingerprint, face or PIN. Without this it is a second factor only.",
    )
