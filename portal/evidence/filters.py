"""The filters of the evidence's list."""

from django_filters import FilterSet

from portal.core.api import one_of
from portal.evidence.models import Evidence


class EvidenceFilters(FilterSet):
    type = one_of(Evidence.Type)
    independence = one_of(Evidence.Independence)

    class Meta:
        model = Evidence
        fields: list[str] = []
