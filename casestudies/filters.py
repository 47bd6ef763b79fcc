"""The filters of the case studies' list: those of every entry, and the arrangement."""

from casestudies.models import CaseStudy
from portal.catalogue.filters import SHARED, Filter, FilterSet

CASE_STUDIES = FilterSet(
    (Filter("theme", "Theme", "case_study_theme"), *SHARED, Filter("arrangement", "Arrangement", "arrangement")),
    within=("kind", CaseStudy.kind_of_entry),
)
