"""The filters of the evidence's list."""

from django_filters import ChoiceFilter, FilterSet

from portal.evidence.models import Evidence


class EvidenceFilters(FilterSet):
    type = ChoiceFilter(choices=Evidence.Type.choices, help_text=f"Give one of {', '.join(Evidence.Type.values)}.")
    independence = ChoiceFilter(
        choices=Evidence.Independence.choices, help_text=f"Give one of {', '.join(Evidence.Independence.values)}."
    )

    class Meta:
        model = Evidence
        fields: list[str] = []
