"""What a page and a pack say of a scaled benefit: the range, its rows and every assumption, in sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from portal.benefits.calculations import to_significant
from portal.benefits.models import BenefitFigure, Measure
from portal.benefits.scaling.sites import MeasureScale, PopulationScales, SiteRate
from portal.core.formatting import capitalised, format_figure, format_financial_year, format_number
from portal.core.templatetags.components import figure_text, lower_first, place_text

INDICATIVE = "Worked out by this portal from the sites below. No source says this of your organisation."


@dataclass(frozen=True)
class SiteRow:
    """One observed figure, for whom it was, and what that is for one person in a year."""

    figure: BenefitFigure
    people: str
    rate: str


@dataclass(frozen=True)
class Range:
    """One measure for a reader's own number of people; `text` is empty while no number is known."""

    title: str
    text: str
    rows: list[SiteRow]
    assumptions: list[str]


def ranges_for(population: PopulationScales, people: int | None) -> list[Range]:
    """Return what each measure comes to for so many people, with all that it rests on."""
    several = len(population.scales) > 1
    return [
        Range(
            title=_title(scale),
            text=range_text(scale, people) if people else "",
            rows=[_row(scale, rate) for rate in scale.rates],
            assumptions=list(assumptions(scale, people, several=several)),
        )
        for scale in population.scales
    ]


def people_text(people: int, words: str) -> str:
    """Write a number of people in the sources' words: "980 virtual ward patients"."""
    return format_figure(value=Decimal(people), unit=lower_first(" ".join(words.split())))


def range_text(scale: MeasureScale, people: int) -> str:
    """Write the range: "Between 1,200 and 3,400 hours a year, indicative"."""
    low, high = scale.scale.range_for(people)
    first = scale.rates[0].figure
    change = {"": "", "increase": "up by ", "decrease": "down by "}[first.change]
    upper = _amount(scale.measure, first, high)
    if low == high:
        text = f"{change}about {upper} a year, indicative"
    else:
        lower = format_figure(value=low, unit="GBP" if scale.measure.unit == "GBP" else "count")
        text = f"{change}between {lower} and {upper} a year, indicative"
    return capitalised(text)


def _amount(measure: Measure, figure: BenefitFigure, value: Decimal) -> str:
    return format_figure(value=value, unit=measure.unit, counted=figure.counted)


def _title(scale: MeasureScale) -> str:
    first = scale.rates[0].figure
    about = ", ".join(words for words in (first.counted, first.staff_group) if words)
    return f"{scale.measure.name} ({about})" if about else scale.measure.name


def _row(scale: MeasureScale, rate: SiteRate) -> SiteRow:
    low, high = (to_significant(amount, 3) for amount in rate.observation.amounts_for(1))
    text = _amount(scale.measure, rate.figure, high)
    if low != high:
        text = f"{format_number(low)} to {text}"
    people = people_text(rate.figure.population_size or 0, rate.figure.population)
    return SiteRow(figure=rate.figure, people=people, rate=text)


def assumptions(scale: MeasureScale, people: int | None, *, several: bool) -> Iterator[str]:
    """Yield all that must hold for the range to hold; `several` measures are scaled beside each other."""
    figures = [rate.figure for rate in scale.rates]
    words = lower_first(figures[0].population)
    yield f"It grows in proportion: each of your {words} brings as much as each of theirs did, however many you have."
    yield f"Yours are like theirs, whom the sources call “{figures[0].population}”: how alike is for you to judge."
    yield _of_periods(scale.rates)
    yield "It is in place for a whole year. Nothing is taken off for putting it in place, its cost or a slow start."
    yield _of_sites(scale)
    yield from _of_sizes(figures, people)
    yield from _of_qualifiers(figures)
    yield from _of_money(scale.measure, figures)
    yield from _of_shares(figures)
    if several:
        yield "Ranges of several measures may hold the same benefit. They are not to be added to each other."


def _of_periods(rates: Iterable[SiteRate]) -> str:
    others = [rate for rate in rates if not rate.observation.is_whole_year]
    if not others:
        return "Every figure is for a whole year, and yours will be like those years."
    told = _and(f"{place_text(rate.figure)}: {format_number(rate.observation.days or 0)} days" for rate in others)
    return (
        f"A figure of another length than a year is brought to one: value ÷ days × 365 ({told}). That takes the rest "
        "of the year to be like the days counted, with the same people all along, as staff are. Where people come and "
        "go, as patients do, the rate of a shorter time comes out too high and that of a longer one too low."
    )


def _of_sites(scale: MeasureScale) -> str:
    figures = len(scale.rates)
    told = f"{figures} figures of {scale.scale.sites} sites" if figures > scale.scale.sites else f"{figures} sites"
    return (
        f"It rests on {told} only, from the lowest rate to the highest, rounded to two significant figures. Nothing is "
        "averaged. Sites that had less, or nothing, may not have reported it."
    )


def _of_sizes(figures: Iterable[BenefitFigure], people: int | None) -> Iterator[str]:
    sizes = sorted(figure.population_size or 0 for figure in figures)
    if people and not sizes[0] <= people <= sizes[-1]:
        seen = f"from {format_number(sizes[0])} to {format_number(sizes[-1])}"
        if sizes[0] == sizes[-1]:
            seen = f"all of {format_number(sizes[0])}"
        word = "larger" if people > sizes[-1] else "smaller"
        yield f"Yours is {word} than any of the sites, which are {seen}: whether the rates hold there is not known."


def _of_qualifiers(figures: list[BenefitFigure]) -> Iterator[str]:
    for qualifier, meaning in (
        ("more_than", "more than this, and is taken as just this"),
        ("about", "about this, and is taken as exact"),
    ):
        if named := [figure for figure in figures if figure.qualifier == qualifier and figure.low is None]:
            verb = "is stated as" if len(named) == 1 else "are each stated as"
            yield f"{_and(map(_named, named))} {verb} {meaning}."
    if ranges := [figure for figure in figures if figure.low is not None]:
        verb = "is a range, of which" if len(ranges) == 1 else "are ranges, of each of which"
        yield f"{_and(map(_named, ranges))} {verb} both ends are used."


def _of_money(measure: Measure, figures: list[BenefitFigure]) -> Iterator[str]:
    if measure.unit == "GBP" and figures[0].price_year:
        yield f"Pounds are in {format_financial_year(figures[0].price_year)} prices."
    elif measure.unit == "GBP":
        yield "The sources state no price year: pounds of different years are taken to be worth the same."
    kinds = {figure.gross_or_net for figure in figures}
    if kinds == {"gross"}:
        yield "The figures are gross."
    elif kinds == {"net"}:
        yield "The figures are net."
    elif kinds != {""}:
        told = ", ".join(f"{place_text(row)}: {row.gross_or_net or 'not stated'}" for row in figures)
        yield f"Gross and net are taken alike ({told})."


def _of_shares(figures: Iterable[BenefitFigure]) -> Iterator[str]:
    for figure in figures:
        if figure.attribution_share is not None and figure.attribution_share < 1:
            share = format_number(figure.attribution_share * 100)
            yield f"{_named(figure)} is used whole, although its source puts {share}% of it down to this."


def _named(figure: BenefitFigure) -> str:
    return f"“{figure_text(figure)}” ({place_text(figure)})"


def _and(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
