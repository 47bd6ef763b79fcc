"""Forms of accounts that django-allauth has none for."""

from django import forms
from django.http import HttpRequest

from portal.accounts.models import User


class NameAtSignUp(forms.Form):
    """What is asked beside address and password when somebody makes an account."""

    first_name = forms.CharField(
        label="Your name",
        required=False,
        max_length=150,
        help_text="Colleagues on the editing site see it; readers never do.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by django-allauth, which has taken over the fields already."""
