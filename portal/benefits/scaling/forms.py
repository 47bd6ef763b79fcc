"""The form of a reader's own number: for whom, and for how many people."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from portal.benefits.scaling.sites import EntryScaling, PopulationScales
from portal.core.formatting import format_number
from portal.core.templatetags.components import lower_first
from portal.organisations.models import Organisation

MOST_PEOPLE = 5_000_000


class OrganisationField(forms.CharField):
    """An organisation of today by its code, in capitals or not; empty is nobody's name."""

    def clean(self, value: Any) -> Organisation | None:
        code = super().clean(value)
        if not code:
            return None
        found = Organisation.objects.to_choose().filter(code__iexact=code).first()
        if found is None:
            problem = f"No organisation open today has the code “{code[:40]}”."
            raise forms.ValidationError(f"{problem} Choose one from the list, or none.")
        return found


class ForUsForm(forms.Form):
    """What an address asks of an entry's scaling, which can scale something; `headcount` is None before it is asked."""

    headcount = forms.CharField(required=False)
    organisation = OrganisationField(required=False)
    population = forms.CharField(required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, scaling: EntryScaling) -> None:
        super().__init__(data)
        self.scaling = scaling
        self.asked_of = self._asked_of()
        self.people = lower_first(self.asked_of.words)
        self.fields["headcount"].label = f"How many {self.people}?"

    @property
    def is_asked(self) -> bool:
        """Say whether the address asks for a number, or for an organisation, at all."""
        return bool({"headcount", "organisation"} & set(self.data))

    def _asked_of(self) -> PopulationScales:
        """Return the population asked about; the first where that one is unknown."""
        key = str(self.data.get("population", ""))
        return self.scaling.population(key) or self.scaling.populations[0]

    def clean_headcount(self) -> int | None:
        if not self.is_asked:
            return None
        text = self.cleaned_data["headcount"]
        what_would_do = f"Enter a whole number from 1 to {format_number(MOST_PEOPLE)}."
        if not text:
            raise forms.ValidationError(f"The number of {self.people} is missing. {what_would_do}")
        plain = text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", text, re.ASCII) else text
        if not re.fullmatch(r"\d{1,9}", plain, re.ASCII) or not 1 <= int(plain) <= MOST_PEOPLE:
            raise forms.ValidationError(f"“{text[:40]}” can’t be the number of {self.people}. {what_would_do}")
        return int(plain)

    def clean_population(self) -> str:
        key: str = self.cleaned_data["population"]
        if self.scaling.population(key) is None:
            words = " or ".join(f"“{row.words}”" for row in self.scaling.populations)
            raise forms.ValidationError(f"No figure here is for “{key[:60]}”. Choose {words}.")
        return key
