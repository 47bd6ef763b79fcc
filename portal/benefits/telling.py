"""How the change log speaks of figures."""

from portal.benefits.models import BenefitFigure
from portal.catalogue.changes import Telling, tell_rows_of
from portal.core.templatetags.components import figure_text, lower_first, period_text, place_text

AMOUNT = frozenset({"value", "low", "high", "counted", "per", "qualifier", "change", "label"})
WHEN_AND_WHERE = frozenset(
    {"period_kind", "period_start", "period_end", "period_note", "place", "place_note", "place_not_stated"}
)


def tell_of_figures() -> None:
    tell_rows_of(BenefitFigure, Telling(name=name_of, clause=clause_of, told=AMOUNT | WHEN_AND_WHERE))


def name_of(figure: BenefitFigure) -> str:
    """Name a figure by what it counts, how much, when and where."""
    return f"{figure.label}, {_amount(figure)} ({_when_and_where(figure)})"


def clause_of(before: BenefitFigure, after: BenefitFigure) -> str:
    """Say that a value was corrected; with another period or place it is another value, not a correction."""
    if _when_and_where(before) != _when_and_where(after):
        old, new = (f"{_amount(figure)} ({_when_and_where(figure)})" for figure in (before, after))
        return f"{after.label} changed from {old} to {new}"
    if _amount(before) != _amount(after):
        return f"{after.label} corrected from {_amount(before)} to {_amount(after)}"
    return ""


def _amount(figure: BenefitFigure) -> str:
    return lower_first(figure_text(figure))


def _when_and_where(figure: BenefitFigure) -> str:
    """Write period and place to stand in brackets: the part of a place gives up its own."""
    place = place_text(figure).replace(" (", ", ").removesuffix(")")
    return f"{period_text(figure)}, {place}"
