"""The whole trail of an entry, for those who may see its drafts."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from portal.catalogue.models import Entry, EntryChange
from portal.core.paging import ListPage, list_page

PER_PAGE = 25
FILTERS = {"action": EntryChange.Action, "origin": EntryChange.Origin}


@dataclass(frozen=True)
class Filter:
    """One question that narrows the trail: its answers are those that the entry's trail has."""

    name: str
    label: str
    wanted: str
    answers: list[tuple[str, str]]


@dataclass(frozen=True)
class Event:
    """One row of the trail; of a publication that readers can open, also its address."""

    change: EntryChange
    version_address: str


@dataclass(frozen=True)
class TrailPage:
    events: list[Event]
    page: ListPage
    filters: list[Filter]
    ignored: list[str]


def trail_page(entry: Entry, query: QueryDict) -> TrailPage:
    """Return the page of an entry's trail that `query` asks for, newest first: three queries, however long it is."""
    changes = EntryChange.objects.filter(entry=entry)
    there = set(changes.order_by().values_list("action", "origin").distinct())
    filters = [
        _filter("action", "What was done", {action for action, _ in there}, query),
        _filter("origin", "From where", {origin for _, origin in there}, query),
    ]
    page = list_page(
        changes.filter(**{one.name: one.wanted for one in filters if one.wanted}), query, per_page=PER_PAGE
    )
    events = [Event(change, _version_address(entry, change)) for change in page.rows]
    return TrailPage(events, page, filters, [*_unknown(filters, query), *([page.ignored] if page.ignored else [])])


def _version_address(entry: Entry, change: EntryChange) -> str:
    return entry.get_version_url(change.version) if entry.live and change.version else ""


def _filter(name: str, label: str, there: set[str], query: QueryDict) -> Filter:
    answers = [(value, str(words)) for value, words in FILTERS[name].choices if value in there]
    wanted = query.get(name, "")
    return Filter(name, label, wanted if wanted in there else "", answers)


def _unknown(filters: list[Filter], query: QueryDict) -> list[str]:
    asked: dict[str, Any] = {one.name: query.get(one.name, "") for one in filters}
    return [f"nothing here has “{asked[one.name][:40]}”" for one in filters if asked[one.name] and not one.wanted]
