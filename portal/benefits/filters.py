"""The filters of the API's lists of measures and figures."""

from typing import Any

from django_filters import FilterSet

from portal.benefits.models import Basis, BenefitFigure, Measure
from portal.catalogue.models import Entry
from portal.core.api import named, one_of, yes_or_no
from portal.organisations.models import Organisation


class MeasureFilters(FilterSet):
    topic = one_of(Measure.Topic)
    additive = yes_or_no(
        "Adds up",
        "Does not add up",
        method="_additive",
        help_text="Give yes for measures that add up, no for the others.",
    )

    class Meta:
        model = Measure
        fields: list[str] = []

    def _additive(self, rows: Any, name: str, wanted: str) -> Any:
        return rows.filter(additive=wanted == "yes")


class FigureFilters(FilterSet):
    measure = named(Measure.objects.public(), "key", "The key of a measure from /api/v1/measures/.")
    entry = named(Entry.objects.public(), "slug", "The slug of an entry from /api/v1/entries/.")
    place = named(
        Organisation.objects.all(),
        "code",
        "The code of the organisation that the figure names, from /api/v1/organisations/; not what lies in it.",
    )
    basis = one_of(Basis)
    role = one_of(BenefitFigure.Role)
    achievement = one_of(BenefitFigure.Achievement)

    class Meta:
        model = BenefitFigure
        fields: list[str] = []
