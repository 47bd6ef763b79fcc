"""What is stored of innovations: their pages, and what the API says of them."""

from typing import Any

from innovations.models import Innovation
from innovations.serializers import InnovationSerializer
from portal.benefits.api import EntryWithFigureSerializer
from portal.catalogue.models import Entry
from portal.catalogue.stored_pages import KindOfEntry


def shown_of(innovation: Any) -> dict[str, Any]:
    return {"innovation": innovation}


def case_studies_of(innovation: int) -> Any:
    """Return the published case studies that use an innovation."""
    return Entry.objects.public().to_link_to().filter(casestudy__innovations_used=innovation)


INNOVATIONS = KindOfEntry(
    model=Innovation,
    template="innovations/detail.html",
    shown=shown_of,
    linked=case_studies_of,
    linked_title="Case studies that use it",
    linked_name="case_studies",
    row=EntryWithFigureSerializer,
    whole=InnovationSerializer,
)
