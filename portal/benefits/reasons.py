"""Why a figure was left out, as a heading and as a sentence."""

from collections.abc import Callable

from portal.benefits.calculations import Reason
from portal.benefits.ledgers import Total
from portal.benefits.models import BenefitFigure
from portal.core.formatting import format_figure, format_financial_year
from portal.core.templatetags.components import figure_text, lower_first, period_text, place_text

TITLES = {
    Reason.ENTRY_NOT_PUBLISHED: "Entry not published",
    Reason.NOT_ADDITIVE: "Can't be added up",
    Reason.NOT_A_BENEFIT: "Not a benefit",
    Reason.POTENTIAL_ONLY: "Potential only",
    Reason.ALREADY_ACHIEVED: "Achieved already",
    Reason.UPPER_BOUND: "Upper bound only",
    Reason.OTHER_BASIS: "Another basis",
    Reason.NOT_STATED: "Period or place not stated",
    Reason.OUTSIDE_PLACE: "Outside the place",
    Reason.WIDER_PLACE: "Covers a wider place than asked",
    Reason.OUTSIDE_PERIOD: "Outside the period",
    Reason.PARTLY_OUTSIDE_PERIOD: "Partly outside the period",
    Reason.PRICE_YEAR: "Price year can't be brought to the one asked",
    Reason.RESTATES: "Says a counted figure again",
    Reason.SUPERSEDED: "Superseded by a later running total",
    Reason.OVERLAPS: "Overlaps a counted figure",
}

SENTENCE_STARTS = ("Up to", "As at", "Period", "Not dated")
Sentence = Callable[[BenefitFigure, Total, BenefitFigure | None], str]


def _told(figure: BenefitFigure | None) -> str:
    """Name another figure in the middle of a sentence: value, place, period and entry."""
    if figure is None:
        return "another figure"
    where_and_when = f"{place_text(figure)}, {_when(figure)}"
    return f"{lower_first(figure_text(figure))} ({where_and_when}; “{figure.entry.title}”)"


def _when(figure: BenefitFigure) -> str:
    """Write a period in the middle of a sentence: months keep their capital."""
    text = period_text(figure)
    return lower_first(text) if text.startswith(SENTENCE_STARTS) else text


def _rate(figure: BenefitFigure, total: Total, other: BenefitFigure | None) -> str:
    return f"It is a rate, per {figure.per}, and rates are not added up."


def _role(figure: BenefitFigure, total: Total, other: BenefitFigure | None) -> str:
    return f"It is filed as “{lower_first(figure.get_role_display())}”, not as a benefit."


def _basis(figure: BenefitFigure, total: Total, other: BenefitFigure | None) -> str:
    told = "The source doesn't state its basis" if figure.basis == "not_stated" else f"It was {figure.basis}"
    return f"{told}; the question is about “{lower_first(total.asked.basis_text)}”."


def _not_stated(figure: BenefitFigure, total: Total, other: BenefitFigure | None) -> str:
    missing = ["place"] if figure.place_id is None else []
    missing += ["period"] if figure.period_end is None else []
    note = f" It says: {figure.period_note}." if "period" in missing and figure.period_note else ""
    return f"The source doesn't state its {' or its '.join(missing)} closely enough.{note}"


def _elsewhere(figure: BenefitFigure, total: Total, other: BenefitFigure | None) -> str:
    return f"It is for {place_text(figure)}, which is not in {total.asked.place.display_name}."


def _wider(figure: BenefitFigure, total: Total, other: BenefitFigure | None) -> str:
    return f"It is for {place_text(figure)}, which reaches beyond {total.asked.place.display_name}."


def _another_time(figure: BenefitFigure, total: Total, other: BenefitFigure | None) -> str:
    return f"Its period is {_when(figure)}; the question is about {total.asked.period_text}."


def _prices(figure: BenefitFigure, total: Total, other: BenefitFigure | None) -> str:
    asked = format_financial_year(total.asked.price_year or total.measure.price_year or 0)
    return (
        f"It is in {format_financial_year(figure.price_year or 0)} prices, and there is no price index to bring "
        f"it to {asked}."
    )


def _superseded(figure: BenefitFigure, total: Total, other: BenefitFigure | None) -> str:
    sentence = f"It is part of the later {_told(other)}."
    if other and other.value > figure.value:
        new = format_figure(value=other.value - figure.value, unit=total.measure.unit, counted=figure.counted)
        sentence += f" {new} of that came after it."
    return sentence


def _overlap(figure: BenefitFigure, total: Total, other: BenefitFigure | None) -> str:
    if other is None:
        shared = "the same benefit"
    elif other.entry_id == figure.entry_id:
        shared = "the same entry"
    elif figure.overlap_group and figure.overlap_group == other.overlap_group:
        shared = "a benefit that both claim"
    else:
        shared = "the same innovation"
    return f"It may hold the same benefit as {_told(other)}: both are about {shared}, in places and periods that meet."


def _always(sentence: str) -> Sentence:
    return lambda figure, total, other: sentence


WHY: dict[Reason, Sentence] = {
    Reason.ENTRY_NOT_PUBLISHED: _always("Its entry is not published."),
    Reason.NOT_ADDITIVE: _rate,
    Reason.NOT_A_BENEFIT: _role,
    Reason.POTENTIAL_ONLY: _always("It is what could be achieved; its source doesn't say that it was."),
    Reason.ALREADY_ACHIEVED: _always("It was achieved; the question is about what could be."),
    Reason.UPPER_BOUND: _always("“Up to” says how much at most, not how much."),
    Reason.OTHER_BASIS: _basis,
    Reason.NOT_STATED: _not_stated,
    Reason.OUTSIDE_PLACE: _elsewhere,
    Reason.WIDER_PLACE: _wider,
    Reason.OUTSIDE_PERIOD: _another_time,
    Reason.PARTLY_OUTSIDE_PERIOD: _another_time,
    Reason.PRICE_YEAR: _prices,
    Reason.RESTATES: lambda figure, total, other: f"It says {_told(other)} again, in another unit or other words.",
    Reason.SUPERSEDED: _superseded,
    Reason.OVERLAPS: _overlap,
}
