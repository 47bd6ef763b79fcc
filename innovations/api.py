"""Innovations in the API."""

from typing import Any

from innovations.filters import InnovationFilters
from innovations.models import Innovation
from innovations.serializers import InnovationSerializer
from portal.benefits.api import EntryWithFigureSerializer
from portal.catalogue.api import EntryList, EntryOne


class InnovationList(EntryList):
    """Published innovations, with the filters and orders of their page."""

    serializer_class = EntryWithFigureSerializer
    filterset_class: Any = InnovationFilters


class InnovationOne(EntryOne):
    """One innovation by its slug, with its figures, sources and the case studies that use it."""

    serializer_class = InnovationSerializer
    model = Innovation
    noun, found_at = "published innovation", "/api/v1/innovations/"
