"""The one form: what to call the pack and what it is for."""

from django import forms

from portal.briefings.models import BriefingPack


class PackForm(forms.Form):
    title = forms.CharField(
        label="Title on the cover",
        max_length=200,
        error_messages={
            "required": "Enter a title for the briefing pack",
            "max_length": "The title must be %(limit_value)d characters or fewer. It has %(show_value)d",
        },
    )
    purpose = forms.ChoiceField(
        label="What the pack is for",
        choices=BriefingPack.Purpose,
        initial=BriefingPack.Purpose.INFORMATION,
        error_messages={
            "required": "Choose what the briefing pack is for",
            "invalid_choice": "Choose what the briefing pack is for",
        },
    )
