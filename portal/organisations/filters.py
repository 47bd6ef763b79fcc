"""The filters of the organisations' list."""

from collections.abc import Mapping
from typing import Any

from django_filters import CharFilter, FilterSet

from portal.core.api import named, one_of, yes_or_no
from portal.core.selects import Select, choose_one
from portal.organisations.models import Organisation

OPEN_OR_CLOSED = [("yes", "Open"), ("no", "Closed")]


class OrganisationFilters(FilterSet):
    q = CharFilter(
        method="_named_like", max_length=100, help_text="Words of the name or of a former one, or a code; at most 100."
    )
    kind = one_of(Organisation.Kind)
    region = named(Organisation.objects.regions(), "code", "The code of an NHS region, as in Y56.")
    open = yes_or_no(
        *dict(OPEN_OR_CLOSED).values(),
        method="_open",
        help_text="Give yes for those that are open, no for those that closed.",
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def _named_like(self, rows: Any, name: str, words: str) -> Any:
        return rows.named_like(words)

    def _open(self, rows: Any, name: str, wanted: str) -> Any:
        return rows.filter(closed_on__isnull=wanted == "yes")


def selects_of(asked: Mapping[str, str]) -> list[Select]:
    """Return the fields of the list's form, beside its words and the kinds shown as links; one query."""
    regions = Organisation.objects.regions().values_list("code", "name")
    return [
        choose_one("region", "NHS region", regions, asked["region"], or_all="Every region"),
        choose_one("open", "Open or closed", OPEN_OR_CLOSED, asked["open"], or_all="Both"),
    ]
