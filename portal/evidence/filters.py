"""The filters of the evidence's list."""

from collections.abc import Mapping

from django_filters import FilterSet

from portal.core.api import one_of
from portal.core.selects import Select, choose_one
from portal.evidence.models import Evidence


class EvidenceFilters(FilterSet):
    type = one_of(Evidence.Type)
    independence = one_of(Evidence.Independence)

    class Meta:
        model = Evidence
        fields: list[str] = []


def selects_of(asked: Mapping[str, str]) -> list[Select]:
    """Return the fields of the list's form, beside the types shown as links."""
    choices = Evidence.Independence.choices
    return [choose_one("independence", "Who stands behind it", choices, asked["independence"], or_all="Anybody")]
