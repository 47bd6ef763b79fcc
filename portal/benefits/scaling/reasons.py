"""Why an entry's figures give no range: in a sentence, and figure by figure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from portal.benefits.calculations import WhyNotScaled
from portal.benefits.models import BenefitFigure
from portal.benefits.scaling.sites import EntryScaling, FigureNotScaled, observed_of_people
from portal.core.formatting import format_financial_year, format_number
from portal.core.templatetags.components import figure_text, lower_first, place_text

WHAT_IT_TAKES = (
    "A range needs the same benefit, observed and achieved, at two sites or more, each with its period and the number "
    "of people it was for. One site shows what happened there, not how much sites differ."
)
SHORT = {
    WhyNotScaled.POTENTIAL: "Not achieved when the source was written",
    WhyNotScaled.RATE: "A rate, a percentage or a median",
    WhyNotScaled.UPPER_BOUND: "“Up to” only",
    WhyNotScaled.NOT_OBSERVED: "Not observed, or not said to be",
    WhyNotScaled.NO_PERIOD: "Period without a stated start and end",
    WhyNotScaled.NO_PLACE: "Place not stated",
    WhyNotScaled.NO_POPULATION: "Number of people not stated",
}


@dataclass(frozen=True)
class NotScaledRow:
    figure: BenefitFigure
    why: str


def benefits_not_scaled(scaling: EntryScaling) -> list[NotScaledRow]:
    """Return each benefit figure that isn't scaled, and why; the ones that come closest first."""
    return [NotScaledRow(row.figure, WHY[row.why](row)) for row in _benefits(scaling)]


def other_figures(scaling: EntryScaling) -> int:
    """Return how many figures are no benefits."""
    return len(scaling.not_scaled) - len(_benefits(scaling))


def _benefits(scaling: EntryScaling) -> list[FigureNotScaled]:
    return [row for row in scaling.not_scaled if row.why != WhyNotScaled.NOT_A_BENEFIT]


# --- of the entry ---------------------------------------------------------------------------


def why_no_range(scaling: EntryScaling) -> str:
    """Say in the entry's own facts why nothing is scaled; empty when something is."""
    if scaling.can_scale:
        return ""
    rates = [row.figure for row in scaling.not_scaled if row.why == WhyNotScaled.NO_OTHER_SITE]
    if scaling.unlike:
        return _not_alike(*scaling.unlike, scaling.differing)
    if len(rates) == 1:
        told = f"Only one figure says what was observed, when, where and for how many people: {_told(rates[0])}."
        return f"{told} No other site has counted the same."
    if rates:
        return f"All its figures that could be scaled come from one site: {'; '.join(map(_told, rates))}."
    return _nothing_scales(scaling)


def _not_alike(one: BenefitFigure, other: BenefitFigure, differing: Iterable[str]) -> str:
    told = "; ".join(
        f"one {verb} “{lower_first(words(one))}”, the other “{lower_first(words(other))}”"
        for verb, words in (DIFFERENCES[field] for field in differing)
    )
    return f"Two sites have figures, {_told(one)} and {_told(other)}, but they don’t count the same: {told}."


def _nothing_scales(scaling: EntryScaling) -> str:
    benefits = Counter(row.why for row in _benefits(scaling))
    if not scaling.not_scaled:
        return "No source we have read gives a figure for this entry."
    if not benefits:
        told = _none_of(len(scaling.not_scaled), "figure", "is a benefit", "isn’t a benefit")
        return f"{told}: what is counted is a level, a cost or reach."
    counts = " ".join(f"{SHORT[why]}: {benefits[why]}." for why in SHORT if benefits[why])
    return f"{_none_of(benefits.total(), 'benefit figure', 'can be scaled', 'can’t be scaled')}. {counts}"


def _none_of(how_many: int, noun: str, claim: str, denial: str) -> str:
    return f"Its one {noun} {denial}" if how_many == 1 else f"None of its {how_many} {noun}s {claim}"


def why_not_at_a_glance(figures: Sequence[BenefitFigure]) -> str:
    """Say of figures that are already fetched how far they are from a range; no query."""
    benefits = [row for row in figures if row.role == BenefitFigure.Role.BENEFIT]
    observed = [row for row in benefits if (row.achievement, row.basis) == ("achieved", "observed")]
    amounts = [row for row in observed if row.measure.additive]
    if not benefits:
        return "No source we have read gives a benefit figure for it."
    if not observed:
        both = "both observed and achieved"
        return f"{_none_of(len(benefits), 'benefit figure', f'was {both}', f'was not {both}')}."
    if not amounts:
        rates = "a rate, a percentage or a median"
        return f"{_none_of(len(observed), 'observed, achieved benefit', 'is an amount', f'is {rates}, not an amount')}."
    if not observed_of_people(amounts):
        whom = "where and for how many people it was"
        return f"{_none_of(len(amounts), 'observed, achieved amount', f'says {whom}', f'doesn’t say {whom}')}."
    return "Only one site says for how many people its observed benefit was."


def _told(figure: BenefitFigure) -> str:
    return f"{lower_first(figure_text(figure))} at {place_text(figure)}"


def _prices(figure: BenefitFigure) -> str:
    return f"prices of {format_financial_year(figure.price_year)}" if figure.price_year else "prices of no stated year"


Words = Callable[[BenefitFigure], str]
DIFFERENCES: dict[str, tuple[str, Words]] = {
    "measure": ("is measured as", lambda figure: figure.measure.name),
    "population": ("counts", lambda figure: figure.population),
    "counted": ("is in", lambda figure: figure.unit),
    "staff_group": ("is about", lambda figure: figure.staff_group or "staff not stated"),
    "change": ("is", lambda figure: figure.get_change_display() or "an amount"),
    "price_year": ("is in", _prices),
}


# --- of one figure --------------------------------------------------------------------------


def _rate(row: FigureNotScaled) -> str:
    if row.figure.measure.additive:
        return f"It is a rate, per {row.figure.per}, not an amount."
    return "It is a level, a rate, a percentage, a median or a ratio: it doesn’t grow with the number of people."


def _basis(row: FigureNotScaled) -> str:
    if row.figure.basis == "modelled":
        return "It was modelled, not observed."
    return "Its source doesn’t say whether it was observed or modelled."


def _period(row: FigureNotScaled) -> str:
    if row.figure.period_kind == "as_at":
        return "It is a count on a day, not of a period."
    return "Its source doesn’t say from when to when, so it can’t be brought to a year."


def _population(row: FigureNotScaled) -> str:
    if row.figure.population_size and not row.figure.population.strip():
        return f"Its source says that it was for {format_number(row.figure.population_size)}, but not for whom."
    if row.figure.population:
        return f"Its source says for whom (“{row.figure.population}”), but not for how many."
    return "Its source doesn’t say for how many people it was."


def _again(row: FigureNotScaled) -> str:
    told = _told(row.instead) if row.instead else "another figure"
    return f"It may hold the same benefit as {told}, and a benefit counts once."


WHY: dict[WhyNotScaled, Callable[[FigureNotScaled], str]] = {
    WhyNotScaled.POTENTIAL: lambda row: "It is what could be achieved; its source doesn’t say that it was.",
    WhyNotScaled.RATE: _rate,
    WhyNotScaled.UPPER_BOUND: lambda row: "“Up to” says how much at most, not how much.",
    WhyNotScaled.NOT_OBSERVED: _basis,
    WhyNotScaled.NO_PERIOD: _period,
    WhyNotScaled.NO_PLACE: lambda row: "Its source doesn’t say where it was.",
    WhyNotScaled.NO_POPULATION: _population,
    WhyNotScaled.SAME_AGAIN: _again,
    WhyNotScaled.NO_OTHER_SITE: lambda row: "No other site has counted the same.",
}
