"""The form that makes a key to the API."""

from typing import Any

from django import forms

from portal.accounts.models import NetworkKey
from portal.accounts.permissions import Action, networks_where
from portal.organisations.models import Organisation

DAYS = [(30, "30 days"), (90, "90 days"), (365, "A year")]


class KeyForm(forms.ModelForm[NetworkKey]):
    scopes = forms.MultipleChoiceField(
        label="What it is for",
        choices=NetworkKey.Scope,
        widget=forms.CheckboxSelectMultiple,
        initial=[NetworkKey.Scope.READ],
        error_messages={"required": "Tick at least one thing that the key is for."},
    )
    days = forms.TypedChoiceField(label="How long it works", coerce=int, choices=DAYS, initial=90)

    class Meta:
        model = NetworkKey
        fields = ["name", "network"]
        labels = {"name": "System", "network": "Network"}
        help_texts = {"name": "Which system uses it, as in: rota system. The trail names it with you."}

    def __init__(self, *args: Any, by: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        networks = Organisation.objects.filter(kind=Organisation.Kind.NETWORK)
        reach = networks_where(by, [Action.KEEP_KEYS])
        if None not in reach:
            networks = networks.filter(pk__in=[pk for pk in reach if pk])
        field = forms.ModelChoiceField(
            networks, label="Network", help_text="Its entries alone are reached.", initial=networks.first()
        )
        self.fields["network"] = field
