"""The filters of the innovations' list: those of every entry, and kind."""

from typing import ClassVar

from innovations.models import Innovation
from portal.catalogue.filters import EntryFilters
from portal.catalogue.finding.fields import FacetFilter


class InnovationFilters(EntryFilters):
    within = ("kind", Innovation.kind_of_entry)
    kind = FacetFilter("Kind", "innovation_kind")

    class Meta(EntryFilters.Meta):
        model = Innovation
        fields: ClassVar[list[str]] = ["kind"]
