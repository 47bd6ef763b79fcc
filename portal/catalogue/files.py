"""All that a question finds as CSV, JSON and feeds: the list's entries and order, with its page's texts."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

from portal.catalogue.cards import cards_of
from portal.catalogue.finding.answers import Answer
from portal.core.csv_lines import csv_lines
from portal.core.paging import list_page

AT_ONCE = 200
IN_A_FEED = 50
IN_A_PAGE = 100
ABOUT_FEEDS = "The newest entries that these filters find."
COLUMNS = (
    *("kind", "title", "url", "summary", "themes", "places", "figure", "figure_of", "basis", "stage", "coverage"),
    *("strength", "strength_in_words", "sources", "first_published", "last_published", "version", "next_review"),
)


def found_as_csv(answer: Answer) -> Iterator[str]:
    return csv_lines(COLUMNS, ([_cell(row[name]) for name in COLUMNS] for row in _rows(answer)))


def found_as_json(answer: Answer, *, address: str) -> dict[str, Any]:
    """Return one page of what was found: what was asked, how many there are, and the addresses beside this one."""
    question = answer.question
    page = list_page(answer, question.query, per_page=IN_A_PAGE)

    def beside(number: int) -> str | None:
        if not 1 <= number <= page.pages:
            return None
        query = question.query.copy()
        query["page"] = str(number)
        return f"{settings.SITE_URL}{address}?{query.urlencode()}"

    return {
        "query": question.query.urlencode(),
        "ignored": question.ignored + ([page.ignored] if page.ignored else []),
        "total": page.total,
        "page": page.number,
        "pages": page.pages,
        "previous": beside(page.number - 1),
        "next": beside(page.number + 1),
        "entries": [card.line for card in cards_of(page.rows)],
    }


def found_as_feed(answer: Answer, *, title: str, list_address: str, address: str, updated: Any) -> str:
    """Return an Atom feed of the newest entries found, newest first whatever the page's order."""
    feed = Atom1Feed(
        title=f"{settings.SITE_NAME}: {title}",
        link=settings.SITE_URL + list_address,
        feed_url=settings.SITE_URL + address,
        description=ABOUT_FEEDS,
        author_name=settings.SITE_NAME,
        feed_guid=settings.SITE_URL + address,
        language="en-GB",
    )
    for row in _newest(answer):
        feed.add_item(
            title=row["title"],
            link=row["url"],
            description=row["summary"],
            pubdate=_moment(row["first_published"]),
            updateddate=_moment(row["last_published"]) or updated,
            categories=row["themes"],
        )
    return str(feed.writeString("utf-8"))


def found_as_json_feed(answer: Answer, *, title: str, list_address: str, address: str) -> dict[str, Any]:
    """Return the same as a JSON Feed, version 1.1."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{settings.SITE_NAME}: {title}",
        "home_page_url": settings.SITE_URL + list_address,
        "feed_url": settings.SITE_URL + address,
        "description": ABOUT_FEEDS,
        "authors": [{"name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"}],
        "language": "en-GB",
        "items": [_feed_item(row) for row in _newest(answer)],
    }


def _feed_item(row: Mapping[str, Any]) -> dict[str, Any]:
    """A moment that is not known is left away, as JSON Feed wants it."""
    told = {
        "id": row["url"],
        "url": row["url"],
        "title": row["title"],
        "content_text": row["summary"],
        "date_published": row["first_published"],
        "date_modified": row["last_published"],
        "tags": row["themes"],
    }
    return {name: value for name, value in told.items() if value is not None}


def _newest(answer: Answer) -> Iterator[Mapping[str, Any]]:
    ids = answer.index.in_order("newest").page(answer.found, 0, IN_A_FEED)
    return (card.line for card in cards_of(ids))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _rows(answer: Answer) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of all that was found, some at a time; an entry withdrawn meanwhile is left out."""
    ids = answer.walk()
    while some := list(islice(ids, AT_ONCE)):
        yield from (card.line for card in cards_of(some))


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return "; ".join(value) if isinstance(value, list) else value
