"""The filters of the organisations' list."""

from typing import Any

from django_filters import CharFilter, FilterSet

from portal.core.api import named, one_of, yes_or_no
from portal.organisations.models import Organisation


class OrganisationFilters(FilterSet):
    q = CharFilter(
        method="_named_like", max_length=100, help_text="Words of the name or of a former one, or a code; at most 100."
    )
    kind = one_of(Organisation.Kind)
    region = named(Organisation.objects.regions(), "code", "The code of an NHS region, as in Y56.")
    open = yes_or_no(
        "Open", "Closed", method="_open", help_text="Give yes for those that are open, no for those that closed."
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def _named_like(self, rows: Any, name: str, words: str) -> Any:
        return rows.named_like(words)

    def _open(self, rows: Any, name: str, wanted: str) -> Any:
        return rows.filter(closed_on__isnull=wanted == "yes")
