"""One filtered page of entries, with its facets and removable tags: the lists' shared work."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import QueryDict

from portal.catalogue.cards import Card, cards_for
from portal.catalogue.filters import EntryFilterSet, clean_query
from portal.catalogue.querysets import EntryQuerySet
from portal.core.paging import ListPage, list_page

PER_PAGE = 10


@dataclass(frozen=True)
class Option:
    """One value of a facet: how many entries it would show, and whether it is chosen."""

    value: str
    text: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    options: list[Option]

    @property
    def chosen(self) -> int:
        return sum(option.chosen for option in self.options)


@dataclass(frozen=True)
class ChosenTag:
    """A filter in use, and the query string without it."""

    text: str
    without: str


@dataclass(frozen=True)
class Listing:
    page: ListPage
    cards: list[Card]
    facets: list[Facet]
    chosen: list[ChosenTag]
    words: str
    ignored: list[str]


def list_entries(query: QueryDict, entries: EntryQuerySet, filterset: type[EntryFilterSet]) -> Listing:
    """Answer a list's query string; what can't be answered is left out and said in `ignored`."""
    cleaned, ignored = clean_query(query, filterset)
    found = filterset(cleaned, queryset=entries.public()).qs.order_by("title")
    page = list_page(found.for_cards(), cleaned, per_page=PER_PAGE)
    facets = [_facet(name, cleaned, entries, filterset) for name in filterset.FACETS]
    return Listing(
        page=page,
        cards=cards_for(page.rows),
        facets=facets,
        chosen=_chosen_tags(facets, cleaned),
        words=cleaned.get("q") or "",
        ignored=ignored + ([page.ignored] if page.ignored else []),
    )


def _facet(name: str, query: QueryDict, entries: EntryQuerySet, filterset: type[EntryFilterSet]) -> Facet:
    """Count each value among the entries that the other filters leave."""
    others = query.copy()
    others.pop(name, None)
    left = filterset(others, queryset=entries.public()).qs
    choices = filterset.base_filters[name]
    rows, key, chosen = list(choices.extra["queryset"].all()), choices.extra["to_field_name"], set(query.getlist(name))
    counts = _count_regions(left, rows) if name == "region" else _count_tags(left, choices.field_name)
    values = [getattr(row, key) for row in rows]
    options = [
        Option(value=value, text=row.name, count=counts.get(value, 0), chosen=value in chosen)
        for row, value in zip(rows, values, strict=True)
    ]
    return Facet(name=name, label=choices.label, options=options)


def _count_tags(left: EntryQuerySet, field: str) -> dict[str, int]:
    """Count entries by tag, in one query; `field` leads to the tag's slug."""
    return dict(left.order_by().values_list(field).annotate(Count("pk", distinct=True)))


def _count_regions(left: EntryQuerySet, regions: list[Any]) -> dict[str, int]:
    """Count entries by region, in one query: an entry may be reported in several.

    The filtered entries stand in a subquery: joined and made distinct, they can't be asked more.
    """
    entries = left.model._default_manager.filter(pk__in=left.order_by().values("pk"))
    wanted = {region.code: Count("pk", filter=left.region_condition([region])) for region in regions}
    return entries.aggregate(**wanted) if wanted else {}


def _chosen_tags(facets: list[Facet], query: QueryDict) -> list[ChosenTag]:
    tags = []
    if words := query.get("q"):
        tags.append(ChosenTag(text=f"“{words}”", without=_without(query, "q", words)))
    for facet in facets:
        for option in facet.options:
            if option.chosen:
                tags.append(ChosenTag(text=option.text, without=_without(query, facet.name, option.value)))
    return tags


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [other for other in query.getlist(name) if other != value])
    rest.pop("page", None)
    if not rest.get("q"):
        rest.pop("q", None)
    return f"?{rest.urlencode()}"
