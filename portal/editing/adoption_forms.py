"""The forms of adoption on the editing site: an event, and an address to ask."""

from typing import Any

from django import forms

from portal.adoption.models import AdoptionRecord, Contact
from portal.adoption.services import check_on
from portal.catalogue.models import Entry
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation

MAY_ADOPT = [Organisation.Kind.TRUST, Organisation.Kind.ICB]


class OrganisationByCode(forms.ModelChoiceField[Organisation]):
    """An organisation typed by its code: there are hundreds."""

    widget = forms.TextInput

    def __init__(self, **more: Any) -> None:
        more.setdefault("queryset", Organisation.objects.filter(kind__in=MAY_ADOPT))
        super().__init__(to_field_name="code", **more)
        self.error_messages["invalid_choice"] = (
            "There is no trust or board with this code. Look it up on the page of organisations."
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip().upper() if isinstance(value, str) else value)


class EventForm(forms.ModelForm[AdoptionRecord]):
    """One event of one entry. The source is one of the entry's own, or somebody who said so."""

    organisation = OrganisationByCode(label="Organisation’s code", help_text="A trust’s or board’s, as in RQM.")

    class Meta:
        model = AdoptionRecord
        fields = ["organisation", "stage", "on", "stop_reason", "extent", "note", "said_by", "evidence"]
        labels = {
            "on": "When",
            "stop_reason": "If it stopped, why",
            "extent": "How far",
            "said_by": "Who said so",
            "evidence": "Source",
        }
        help_texts = {
            "on": "A year (2023), a month (2023-06) or a day (2023-06-14).",
            "said_by": "A role, never a name. Readers see it. Leave it empty when a source says so.",
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, entry: Entry, **more: Any) -> None:
        super().__init__(*args, **more)
        self.instance.entry = entry
        cited = entry.evidence_links.values("evidence")
        self.fields["evidence"].queryset = Evidence.objects.filter(pk__in=cited)  # type: ignore[attr-defined]
        self.fields["on"].required = True

    def clean_on(self) -> str:
        check_on(self.cleaned_data["on"])
        return str(self.cleaned_data["on"])

    def _get_validation_exclusions(self) -> set[str]:
        """Hold the row to all its promises: the entry is not in the form, but is part of some."""
        return super()._get_validation_exclusions() - {"entry"}  # type: ignore[misc]


class ConsentForm(forms.ModelForm[Contact]):
    """Who agreed that an address is asked, when, and to what."""

    consent_for = forms.ChoiceField(
        label="What they agreed to",
        choices=Contact.Purpose,
        widget=forms.RadioSelect,
        error_messages={"required": "Without their consent to this nobody may be asked."},
    )

    class Meta:
        model = Contact
        fields = ["consent_by", "consent_on", "consent_for"]
        labels = {"consent_by": "Who agreed", "consent_on": "When"}
        help_texts = {"consent_by": "A role, never a name, as in: Head of e-rostering, by telephone. They are told."}
        widgets = {"consent_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["consent_by"].required = self.fields["consent_on"].required = True


class ContactForm(ConsentForm):
    organisation = OrganisationByCode(label="Organisation’s code")
    field_order = ["organisation", "email"]

    class Meta(ConsentForm.Meta):
        fields = ["organisation", "email", *ConsentForm.Meta.fields]
        labels = {**ConsentForm.Meta.labels, "email": "E-mail address"}
        help_texts = {
            **ConsentForm.Meta.help_texts,
            "email": "A shared or role address where there is one. No name is kept.",
        }
