"""Case studies in the API."""

from typing import Any

from casestudies.filters import CaseStudyFilters
from casestudies.models import CaseStudy
from casestudies.serializers import CaseStudySerializer
from portal.benefits.api import EntryWithFigureSerializer
from portal.catalogue.api import EntryList, EntryOne


class CaseStudyList(EntryList):
    """Published case studies, with the filters and orders of their page."""

    serializer_class = EntryWithFigureSerializer
    filterset_class: Any = CaseStudyFilters


class CaseStudyOne(EntryOne):
    """One case study by its slug, with its figures, sources, participants and lessons."""

    serializer_class = CaseStudySerializer
    model = CaseStudy
    noun, found_at = "published case study", "/api/v1/case-studies/"
