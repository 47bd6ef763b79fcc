"""The filters of the API's list of adoption records."""

from django_filters import ChoiceFilter, FilterSet

from portal.adoption.models import AdoptionRecord, Stage
from portal.catalogue.models import Entry
from portal.core.api import named
from portal.organisations.models import Organisation


class AdoptionFilters(FilterSet):
    entry = named(Entry.objects.public(), "slug", "The slug of an entry from /api/v1/entries/.")
    organisation = named(Organisation.objects.all(), "code", "The code of an organisation.")
    stage = ChoiceFilter(choices=Stage.choices, help_text=f"Give one of {', '.join(Stage.values)}.")

    class Meta:
        model = AdoptionRecord
        fields: list[str] = []
