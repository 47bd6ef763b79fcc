"""What is stored of case studies: their pages, and what the API says of them."""

from typing import Any

from casestudies.models import CaseStudy
from casestudies.serializers import CaseStudySerializer
from portal.benefits.api import EntryWithFigureSerializer
from portal.catalogue.models import Entry
from portal.catalogue.stored_pages import KindOfEntry


def shown_of(case_study: Any) -> dict[str, Any]:
    return {"case_study": case_study, "points": case_study.points_by_kind()}


def innovations_used_in(case_study: int) -> Any:
    """Return the published innovations that a case study uses."""
    return Entry.objects.public().to_link_to().filter(innovation__case_studies=case_study)


CASE_STUDIES = KindOfEntry(
    model=CaseStudy,
    template="casestudies/detail.html",
    shown=shown_of,
    linked=innovations_used_in,
    linked_title="Innovations it uses",
    linked_name="innovations_used",
    row=EntryWithFigureSerializer,
    whole=CaseStudySerializer,
)
