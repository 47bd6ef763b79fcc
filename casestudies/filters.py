"""The filters of the case studies' list: those of every entry, their own themes, and the arrangement."""

from typing import ClassVar

from casestudies.models import CaseStudy
from portal.catalogue.filters import EntryFilters
from portal.catalogue.finding.fields import FacetFilter


class CaseStudyFilters(EntryFilters):
    within = ("kind", CaseStudy.kind_of_entry)
    theme = FacetFilter("Theme", "case_study_theme")
    arrangement = FacetFilter("Arrangement", "arrangement")

    class Meta(EntryFilters.Meta):
        model = CaseStudy
        fields: ClassVar[list[str]] = ["theme"]
