"""All that a question finds as CSV, JSON and an Atom feed: the list's entries and order, with its page's texts."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

from portal.catalogue.cards import Card, cards_for
from portal.catalogue.finding.answers import Answer
from portal.catalogue.models import Entry
from portal.core.csv_lines import csv_lines
from portal.core.templatetags.components import figure_text

AT_ONCE = 200
IN_A_FEED = 50
COLUMNS = (
    *("kind", "title", "url", "summary", "themes", "places", "figure", "figure_of", "basis", "stage", "coverage"),
    *("strength", "strength_in_words", "sources", "first_published", "last_published", "version", "next_review"),
)


def found_as_csv(answer: Answer) -> Iterator[str]:
    return csv_lines(COLUMNS, ([_cell(row[name]) for name in COLUMNS] for row in _rows(answer)))


def found_as_json(answer: Answer) -> Iterator[str]:
    """Yield one JSON object in pieces: what was asked, how many were found, and each of them."""
    head = {"query": answer.question.query.urlencode(), "ignored": answer.question.ignored, "total": len(answer)}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "entries": ['
    for place, row in enumerate(_rows(answer)):
        yield (",\n" if place else "\n") + json.dumps(row, ensure_ascii=False)
    yield "]}\n"


def found_as_feed(answer: Answer, *, title: str, address: str, updated: Any) -> str:
    """Return a feed of the newest entries found, newest first whatever the page's order."""
    feed = Atom1Feed(
        title=f"{settings.SITE_NAME}: {title}",
        link=settings.SITE_URL + address,
        feed_url=settings.SITE_URL + address,
        description="The newest entries that these filters find.",
        author_name=settings.SITE_NAME,
    )
    for card in _cards(answer.index.in_order("newest").page(answer.found, 0, IN_A_FEED)):
        entry = card.entry
        feed.add_item(
            title=entry.title,
            link=settings.SITE_URL + entry.get_absolute_url(),
            description=entry.summary,
            pubdate=entry.first_published_at,
            updateddate=entry.last_published_at or updated,
            categories=[theme.name for theme in entry.themes.all()],
        )
    return str(feed.writeString("utf-8"))


def _rows(answer: Answer) -> Iterator[dict[str, Any]]:
    ids = answer.walk()
    while some := list(islice(ids, AT_ONCE)):
        yield from (_row(card) for card in _cards(some))


def _cards(ids: list[int]) -> list[Card]:
    """Return the cards of these entries; one that was withdrawn meanwhile is left out."""
    entries = {entry.pk: entry for entry in Entry.objects.public().filter(pk__in=ids).for_cards()}
    return cards_for(entries[pk] for pk in ids if pk in entries)


def _row(card: Card) -> dict[str, Any]:
    entry, figure = card.entry, card.figure
    return {
        "kind": entry.kind,
        "title": entry.title,
        "url": settings.SITE_URL + entry.get_absolute_url(),
        "summary": entry.summary,
        "themes": [theme.name for theme in entry.themes.all()],
        "places": [place.display_name for place in entry.places.all()],
        "figure": figure_text(figure) if figure else None,
        "figure_of": figure.label if figure else None,
        "basis": figure.get_basis_display() if figure else None,
        "stage": card.uptake.stage_text or None,
        "coverage": f"{card.uptake.coverage}, {card.uptake.about}" if card.uptake.coverage else None,
        "strength": card.strength.level,
        "strength_in_words": card.strength.text,
        "sources": card.sources,
        "first_published": entry.first_published_at.isoformat() if entry.first_published_at else None,
        "last_published": entry.last_published_at.isoformat() if entry.last_published_at else None,
        "version": entry.version,
        "next_review": entry.next_review_on.isoformat() if entry.next_review_on else None,
    }


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return "; ".join(value) if isinstance(value, list) else value
