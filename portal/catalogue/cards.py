"""What a card says of an entry: its best figure, its stage, its place and its evidence.

Making a card takes a dozen queries and several templates, so the worker makes each once and stores it
(`portal.catalogue.stored`), and a list reads ten of them with one query.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from portal.catalogue.finding.passages import Passage
from portal.catalogue.models import Entry, StoredCard
from portal.catalogue.stored import stored_of_these
from portal.catalogue.strength import strength_of
from portal.catalogue.uptake import NOTHING_REPORTED, Uptake, uptake_of
from portal.core.moulds import Mould, fill, mould_of, slot
from portal.core.templatetags.components import figure_text
from portal.evidence.calculations import Rule, Strength
from portal.evidence.models import Evidence, RuleInForce

BASIS_ORDER = ("observed", "not_stated", "modelled")
TYPE_ORDER = list(Evidence.Type.values)
WORDS_OF_SUMMARY = 32
SLOTS = ("level", "title", "order", "where", "summary", "basket", "compare")
"""What differs from list to list on one entry's card."""

Told = dict[str, Any]


@dataclass(frozen=True)
class Card:
    """What a list shows of an entry; `mould` is its HTML with slots, `add` the button's.

    `passage` and `ordered_by` are what a list shows of its words and its order, `compare` the query
    string of the comparison that the card adds to, when it is not one of its own.
    """

    pk: int
    slug: str
    title: str
    address: str
    summary: str
    mould: Mould
    add: Mould
    row: Mapping[str, Any]
    passage: Passage | None = None
    ordered_by: str = ""
    compare: str = ""

    @property
    def line(self) -> dict[str, Any]:
        """The line of files and feeds. The site's own address is no part of what is stored: it may change."""
        return {**self.row, "url": settings.SITE_URL + self.address}

    def html(self, *, level: int, in_basket: bool, next: str) -> SafeString:
        """Return the card as a page shows it, under a heading of this level; `next` is that page's address."""
        passage = self.passage
        order = format_html('<p class="app-card__order">{}</p>', self.ordered_by) if self.ordered_by else ""
        where = format_html('<span class="app-card__where">{}:</span> ', passage.label) if passage else ""
        basket = basket_button(self, next, in_basket=True) if in_basket else fill(self.add, {"next": escape(next)})
        return fill(
            self.mould,
            {
                "level": str(level),
                "title": conditional_escape(passage.title if passage else self.title),
                "order": order,
                "where": where if passage and passage.text else "",
                "summary": conditional_escape(passage.text if passage and passage.text else self.summary),
                "basket": basket,
                "compare": escape(self.compare or f"?entry={self.slug}"),
            },
        )


def basket_button(of: Any, next: str, *, in_basket: bool) -> SafeString:
    """Return the button that puts an entry into the basket or takes it out; `next` is where that leads back to."""
    shown = {"slug": of.slug, "title": of.title, "in_basket": in_basket, "secondary": True, "next": next}
    return render_to_string("components/basket_button.html", shown)


def cards_of(ids: Sequence[int]) -> list[Card]:
    """Return the cards of those of these entries that are public, in this order; one query when all are stored."""
    told = {pk: json.loads(card) for pk, card in stored_of_these(StoredCard, "told", ids).items()}
    told |= _make([pk for pk in ids if pk not in told])
    return [Card(pk=pk, **told[pk]) for pk in ids if pk in told]


def _make(ids: Sequence[int]) -> dict[int, Told]:
    """Make the cards of those of these entries that are public; a constant number of queries."""
    if not ids:
        return {}
    entries = list(Entry.objects.public().filter(pk__in=ids).for_cards())
    rule, uptake = RuleInForce.objects.rule(), uptake_of(entries)
    return {entry.pk: _told(Facts(entry, rule, uptake.get(entry.pk, NOTHING_REPORTED))) for entry in entries}


def make_cards(ids: Sequence[int]) -> list[StoredCard]:
    return [StoredCard(pk=pk, told=told) for pk, told in _make(ids).items()]


class Facts:
    """What a card is written from, and a comparison’s column; the entry was fetched for them, so it asks nothing."""

    def __init__(self, entry: Entry, rule: Rule, uptake: Uptake) -> None:
        links = list(entry.evidence_links.all())
        self.entry = entry
        self.uptake = uptake
        self.strength: Strength = strength_of(entry, rule)
        self.strongest_evidence = strongest_type([link.evidence for link in links if link.finding])
        self.sources = len(links)

    @cached_property
    def figure(self) -> Any:
        return headline_figure(self.entry.figures.all())

    @cached_property
    def places(self) -> list[str]:
        return [place.display_name for place in self.entry.places.all()]

    @cached_property
    def themes(self) -> list[str]:
        return [theme.name for theme in self.entry.themes.all()]


def _told(of: Facts) -> Told:
    slots = {name: slot(name) for name in SLOTS}
    return {
        "slug": of.entry.slug,
        "title": of.entry.title,
        "address": of.entry.get_absolute_url(),
        "summary": Truncator(of.entry.summary).words(WORDS_OF_SUMMARY),
        "mould": mould_of(render_to_string("components/entry_card.html", {"card": of, "slots": slots})),
        "add": mould_of(basket_button(of.entry, slot("next"), in_basket=False)),
        "row": _row(of),
    }


def _row(of: Facts) -> dict[str, Any]:
    """Return what files and feeds say, in values that JSON knows."""
    entry, figure = of.entry, of.figure
    return {
        "kind": entry.kind,
        "title": entry.title,
        "summary": entry.summary,
        "themes": of.themes,
        "places": of.places,
        "figure": figure_text(figure) if figure else None,
        "figure_of": figure.label if figure else None,
        "basis": figure.get_basis_display() if figure else None,
        "stage": of.uptake.stage_text or None,
        "coverage": f"{of.uptake.coverage}, {of.uptake.about}" if of.uptake.coverage else None,
        "strength": of.strength.level,
        "strength_in_words": of.strength.text,
        "sources": of.sources,
        "first_published": entry.first_published_at.isoformat() if entry.first_published_at else None,
        "last_published": entry.last_published_at.isoformat() if entry.last_published_at else None,
        "version": entry.version,
        "next_review": entry.next_review_on.isoformat() if entry.next_review_on else None,
    }


def headline_figure(figures: Any) -> Any:
    """Return the benefit to show first; None when no figure is a benefit."""
    return next(iter(leading_figures(figures, at_most=1)), None)


def leading_figures(figures: Any, *, at_most: int) -> list[Any]:
    """Return the benefits to show first: achieved before potential, observed before modelled.

    A count that a later one replaces, or that says another figure again, does not lead. Among
    equals the editors' first decides the measure, and the largest value of that measure leads. Each
    measure has one figure before any has two.
    """
    figures = list(figures)
    replaced = {figure.supersedes for figure in figures}
    left = [
        figure
        for figure in figures
        if figure.role == "benefit" and figure.public_id not in replaced and not figure.restates
    ]
    chosen: list[Any] = []
    while left and len(chosen) < at_most:
        measures = {figure.measure for figure in chosen}
        figure = _lead_of([figure for figure in left if figure.measure not in measures] or left)
        chosen.append(figure)
        left.remove(figure)
    return chosen


def _lead_of(benefits: list[Any]) -> Any:
    first = min(benefits, key=_headline_rank)
    equals = [figure for figure in benefits if _headline_rank(figure) == _headline_rank(first)]
    return max((figure for figure in equals if figure.measure == first.measure), key=lambda figure: figure.value)


def _headline_rank(figure: Any) -> tuple[bool, bool, int]:
    is_total = figure.measure.additive and not figure.per
    return figure.achievement != "achieved", not is_total, BASIS_ORDER.index(figure.basis)


def strongest_type(evidence: list[Evidence]) -> str:
    """Return the name of the strongest type of evidence, or empty text if none is assessed."""
    assessed = [item for item in evidence if item.type]
    strongest = min(assessed, key=lambda item: TYPE_ORDER.index(item.type), default=None)
    return strongest.get_type_display() if strongest else ""
