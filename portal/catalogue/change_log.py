"""What readers are told of an entry's changes: each publication and withdrawal, newest first."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone

from portal.catalogue.changes import changes_between
from portal.catalogue.changes.comparison import Change
from portal.catalogue.citations import Citation, citation_of
from portal.catalogue.models import Entry, EntryChange, PublishedVersion
from portal.catalogue.versions import as_published
from portal.core.paging import ListPage, list_page

PER_PAGE = 10


@dataclass(frozen=True)
class LogRow:
    """One event; of a publication also its address, its citation and what differs from the version before."""

    change: EntryChange
    address: str = ""
    citation: Citation | None = None
    changes: list[Change] | None = None


@dataclass(frozen=True)
class ChangeLog:
    page: ListPage
    rows: list[LogRow]


def change_log(entry: Entry, query: QueryDict) -> ChangeLog:
    """Gather one page of the log of a public innovation or case study; a constant number of queries."""
    page = list_page(EntryChange.objects.public().filter(entry=entry.pk), query, per_page=PER_PAGE)
    versions = _versions(entry, [change.version for change in page.rows if change.version])
    return ChangeLog(page=page, rows=[_row(entry, change, versions) for change in page.rows])


def _versions(entry: Entry, numbers: list[int]) -> dict[int, Entry]:
    """Return the versions shown and the one before them, by number, as they were published."""
    if not numbers:
        return {}
    kept = PublishedVersion.objects.select_related("change").filter(
        change__entry=entry.pk, change__version__range=(min(numbers) - 1, max(numbers))
    )
    return {version.version: version for version in as_published(type(entry), kept)}


def _row(entry: Entry, change: EntryChange, versions: dict[int, Entry]) -> LogRow:
    number = change.version
    if number is None or number not in versions:
        return LogRow(change)
    before = versions.get(number - 1)
    return LogRow(
        change=change,
        address=entry.get_version_url(number),
        citation=citation_of(entry, title=change.title, version=number, published=timezone.localdate(change.at)),
        changes=changes_between(before, versions[number]) if before else None,
    )
