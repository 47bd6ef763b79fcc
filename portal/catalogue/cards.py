"""What a card says of an entry: its best figure, its stage, its place and its evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.catalogue.finding.passages import Passage
from portal.catalogue.models import Entry
from portal.catalogue.strength import strength_of
from portal.catalogue.uptake import NOTHING_REPORTED, Uptake, uptake_of
from portal.evidence.calculations import Rule, Strength
from portal.evidence.models import Evidence, RuleInForce

BASIS_ORDER = ("observed", "not_stated", "modelled")
TYPE_ORDER = list(Evidence.Type.values)


@dataclass(frozen=True)
class Card:
    """`passage` and `ordered_by` are what a list shows of its words and its order.

    `compare` is the query string of the comparison that the card adds to, when it is not one of its own.
    """

    entry: Entry
    figure: Any
    uptake: Uptake
    places: str
    strength: Strength
    strongest_evidence: str
    sources: int
    passage: Passage | None = None
    ordered_by: str = ""
    compare: str = ""


def cards_for(entries: Iterable[Entry]) -> list[Card]:
    """Build the cards of entries fetched with `.for_cards()`; one query finds the rule of strength in force."""
    rule, rows = RuleInForce.objects.rule(), list(entries)
    uptake = uptake_of(rows)
    return [card_for(entry, rule, uptake.get(entry.pk, NOTHING_REPORTED)) for entry in rows]


def card_for(entry: Entry, rule: Rule, uptake: Uptake) -> Card:
    """Build a card from an entry fetched with `.for_cards()`; makes no query of its own."""
    links = list(entry.evidence_links.all())
    return Card(
        entry=entry,
        figure=headline_figure(entry.figures.all()),
        uptake=uptake,
        places=", ".join(place.display_name for place in entry.places.all()),
        strength=strength_of(entry, rule),
        strongest_evidence=strongest_type([link.evidence for link in links if link.finding]),
        sources=len(links),
    )


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
