"""Entries in the API: their lists and single ones, as innovations and case studies have them in common."""

import json
from collections.abc import Iterator
from typing import Any, cast

from django.http import HttpResponse
from rest_framework.request import Request

from portal.catalogue.filters import EntryFilters
from portal.catalogue.finding.facets import orders
from portal.catalogue.finding.fields import RELEVANCE, FacetFilter
from portal.catalogue.finding.found import Found
from portal.catalogue.finding.terms import MAX_CHARACTERS, MAX_WORDS
from portal.catalogue.serializers import with_what_is_told
from portal.catalogue.stored_pages import as_json, stored_answer, stored_rows
from portal.core.api import CursorPages, Problem, ReadList, ReadOne, StrictFilters
from portal.core.formatting import capitalised

NAMED = 12
JSON = "application/json"


class FoundPages(CursorPages):
    """Pages of what a list's question finds, in its order; a cursor holds an entry and its place."""

    def count(self, rows: Any) -> int:
        return len(rows)

    def page(self, rows: Found, behind: Any, view: Any) -> tuple[list[str], Any]:
        first = rows.place_behind(*behind) if behind else 0
        ids = rows.answer[first : first + self.limit]
        further = first + len(ids) < len(rows)
        return view.told(rows, ids), [ids[-1], first + len(ids) - 1] if further else None


class EntryFiltersBackend(StrictFilters):
    """Reads the filters of the lists' pages. There, what can't be answered is left out and said; here it is refused."""

    def takes_many(self, one: Any) -> bool:
        return isinstance(one, FacetFilter)

    def problems(self, filters: Any) -> Iterator[Problem]:
        for name, told in cast(EntryFilters, filters).question.left_out.items():
            fix = self._fix(name, filters)
            yield from (Problem(name, f"{capitalised(said)}.", fix) for said in told)

    def _fix(self, name: str, filters: EntryFilters) -> str:
        one = filters.base_filters[name]
        if isinstance(one, FacetFilter):
            values = sorted(filters.index.known_values(one.facet))
            more = f" and {len(values) - NAMED} more" if len(values) > NAMED else ""
            return (
                f"Give any of {', '.join(values[:NAMED])}{more}." if values else "Leave it away: nothing can be chosen."
            )
        return {
            "q": f"Write words with letters or digits: at most {MAX_WORDS}, and {MAX_CHARACTERS} characters.",
            "sort": f"Give one of {', '.join([RELEVANCE, *orders()])}.",
            "measure": "Give the key of a measure from /api/v1/measures/ that adds up.",
        }[name]


class EntryList(ReadList):
    """The shared list: filters and order of the page, rows by cursor. Its rows are joined as they are stored."""

    pagination_class = FoundPages
    filter_backends = (EntryFiltersBackend,)

    def get_queryset(self) -> Any:
        return self.filterset_class._meta.model.objects.public().for_cards().prefetch_related("figures__evidence")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        if self.wanted:
            return self.get_paginated_response([self._only_wanted(row) for row in rows or ()])
        around = as_json(self.get_paginated_response([]).data)
        return HttpResponse(f"{around.removesuffix(']}')}{','.join(rows or ())}]}}", content_type=JSON)

    def _only_wanted(self, row: str) -> dict[str, Any]:
        return {name: value for name, value in json.loads(row).items() if name in self.wanted}

    def told(self, found: Found, ids: list[int]) -> list[str]:
        """Return each of these entries as JSON: as it is stored, or made where it is not."""
        told = stored_rows(ids)
        if missing := [pk for pk in ids if pk not in told]:
            made = with_what_is_told(found.rows_of(missing))
            told |= {entry.pk: as_json(self.serializer_class(entry).data) for entry in made}
        return [told[pk] for pk in ids if pk in told]


class EntryOne(ReadOne):
    """One entry by its slug, with its figures and sources; as it is stored where it is."""

    lookup_field = "slug"
    model: Any

    def get_queryset(self) -> Any:
        return self.model.objects.public().for_page().prefetch_related("figures__evidence")

    def get_object(self) -> Any:
        return with_what_is_told([super().get_object()])[0]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        told = None if self.wanted else stored_answer(self.model, self.kwargs["slug"])
        return super().retrieve(request, *args, **kwargs) if told is None else HttpResponse(told, content_type=JSON)
