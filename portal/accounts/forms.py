"""Forms of accounts that django-allauth has none for."""

from typing import Any

from django import forms
from django.http import HttpRequest

from portal.accounts.models import User
from portal.organisations.models import Organisation


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


class DetailsForm(forms.Form):
    """What people say of themselves; all of it may be left out."""

    first_name = NameAtSignUp.base_fields["first_name"]
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Your organisation",
        required=False,
        empty_label="None",
        help_text="Pages that ask for an organisation offer yours first. Nobody else sees it.",
    )

    wants_pack_mail = forms.BooleanField(
        label="E-mail me when an entry in one of my packs has changed", required=False, help_text="At most once a day."
    )
    wants_digest = forms.BooleanField(
        label="E-mail me what waits for me and which reviews are due", required=False, help_text="Once a week."
    )

    def __init__(self, *args: Any, edits: bool, **more: Any) -> None:
        """`edits`: whether they have a role, without which there is no week to tell of."""
        super().__init__(*args, **more)
        if not edits:
            del self.fields["wants_digest"]
        self.fields["organisation"].queryset = Organisation.objects.to_choose()  # type: ignore[attr-defined]
