"""The filters of the API's list of adoption records."""

from django_filters import FilterSet

from portal.adoption.models import AdoptionRecord, Stage
from portal.catalogue.models import Entry
from portal.core.api import named, one_of
from portal.organisations.models import Organisation


class AdoptionFilters(FilterSet):
    entry = named(Entry.objects.public(), "slug", "The slug of an entry from /api/v1/entries/.")
    organisation = named(Organisation.objects.all(), "code", "The code of an organisation.")
    stage = one_of(Stage)

    class Meta:
        model = AdoptionRecord
        fields: list[str] = []
