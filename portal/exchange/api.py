"""What the API tells of innovations and case studies together, and what is at no address of it."""

from typing import Any, ClassVar

from rest_framework.views import APIView

from portal.benefits.api import EntryWithFigureSerializer
from portal.catalogue.api import EntryList
from portal.catalogue.filters import CatalogueFilters
from portal.core.api import NotThere, Problem
from portal.core.api.views import Reading


class CatalogueList(EntryList):
    """Published entries of both kinds, with the filters and orders of the catalogue's page."""

    serializer_class = EntryWithFigureSerializer
    filterset_class: Any = CatalogueFilters


class Nothing(Reading):
    """Answers addresses that there are not in the API's own way."""

    schema = None
    initial = APIView.initial
    http_method_names: ClassVar[list[str]] = ["get", "head", "post", "put", "patch", "delete", "options"]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        raise NotThere(
            [Problem("path", "There is nothing at this address of the API.", "See /api/ for what there is.")]
        )

    post = put = patch = delete = options = get
