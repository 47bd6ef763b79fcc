"""What sites observed, for another number of people: plain values in, Decimals out.

An observed, achieved benefit of a stated number of people gives a rate per person per year. The
lowest and the highest rate of the sites that counted alike, times the number of people, are a
range. Nothing is averaged, and one site gives no range: it doesn't show how much sites differ.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from portal.benefits.calculations.eligibility import is_rate
from portal.benefits.calculations.overlap import take_in_order
from portal.benefits.calculations.values import Candidate
from portal.organisations.places import Place, Places

FEWEST_SITES = 2
DAYS_IN_YEAR = 365
MOST_COMPARED = 50


class WhyNotScaled(StrEnum):
    """Why a figure can't be scaled, in the order in which it is looked for."""

    NOT_A_BENEFIT = "not_a_benefit"
    POTENTIAL = "potential_only"
    RATE = "not_additive"
    UPPER_BOUND = "upper_bound"
    NOT_OBSERVED = "not_observed"
    NO_PERIOD = "period_not_stated"
    NO_PLACE = "place_not_stated"
    NO_POPULATION = "population_not_stated"
    SAME_AGAIN = "overlaps_a_scaled_figure"
    NO_OTHER_SITE = "no_other_site"


class Likeness(NamedTuple):
    """What must be equal for two rates to be rates of the same thing; words are compared without case."""

    measure: str
    population: str
    counted: str
    staff_group: str
    change: str
    price_year: int | None


class Observation(NamedTuple):
    """One figure with the number of people it was for; `counted` and the rest are as on BenefitFigure."""

    candidate: Candidate
    additive: bool
    population: str = ""
    population_size: int | None = None
    counted: str = ""
    staff_group: str = ""
    change: str = ""

    @property
    def likeness(self) -> Likeness:
        words = (_folded(self.population), _folded(self.counted), _folded(self.staff_group))
        return Likeness(self.candidate.measure, *words, self.change, self.candidate.price_year)

    @property
    def days(self) -> int | None:
        """Return the length of the period, first and last day included; None where it isn't stated."""
        if self.candidate.period_kind not in ("during", "cumulative"):
            return None
        if self.candidate.start is None or self.candidate.end is None:
            return None
        return (self.candidate.end - self.candidate.start).days + 1

    @property
    def is_whole_year(self) -> bool:
        return self.days in (DAYS_IN_YEAR, DAYS_IN_YEAR + 1)

    def amounts_for(self, people: int) -> tuple[Decimal, Decimal]:
        """Return what so many people would bring in a year at this rate: both ends of a stated range.

        A period of another length than a year is brought to one: value / days x 365.
        """
        row = self.candidate
        return self._a_year(row.low, people), self._a_year(row.high, people)

    def _a_year(self, end: Decimal | None, people: int) -> Decimal:
        value = self.candidate.value if end is None else end
        # One division, last: whatever comes out even stays exact.
        days = DAYS_IN_YEAR if self.is_whole_year else self.days or 0
        return value * DAYS_IN_YEAR * people / (days * (self.population_size or 0))


class Scale(NamedTuple):
    """Observations of one thing from at least two sites."""

    likeness: Likeness
    observations: tuple[Observation, ...]
    sites: int

    def range_for(self, people: int) -> tuple[Decimal, Decimal]:
        """Return the lowest and the highest amount a year, to two significant figures."""
        lows, highs = zip(*(row.amounts_for(people) for row in self.observations), strict=True)
        return to_significant(min(lows), 2), to_significant(max(highs), 2)


class NotScaled(NamedTuple):
    """A figure that gives no rate, why, and the one in its stead where there is one."""

    observation: Observation
    why: WhyNotScaled
    instead: Candidate | None = None


class Scaling(NamedTuple):
    """All figures of an entry: each is in exactly one scale or not scaled.

    `unlike` are two figures of different sites that would scale if they counted alike, where
    nothing scales.
    """

    scales: tuple[Scale, ...]
    not_scaled: tuple[NotScaled, ...]
    unlike: tuple[Observation, Observation] | None = None


def work_out_scaling(observations: Iterable[Observation], places: Places) -> Scaling:
    """Sort one entry's figures into those that can be scaled and those that can't."""
    scales: list[Scale] = []
    not_scaled: list[NotScaled] = []
    alike: dict[Likeness, list[Observation]] = defaultdict(list)
    for row in observations:
        if why := why_not_scaled(row):
            not_scaled.append(NotScaled(row, why))
        else:
            alike[row.likeness].append(row)
    alone: list[Observation] = []
    for likeness, rows in alike.items():
        kept, again = _counted_once(rows, places)
        not_scaled += again
        if (sites := count_sites((row.candidate.place for row in kept), places)) >= FEWEST_SITES:
            scales.append(Scale(likeness, kept, sites))
        else:
            alone += kept
    alone.sort(key=_id)
    not_scaled += [NotScaled(row, WhyNotScaled.NO_OTHER_SITE) for row in alone]
    return Scaling(
        scales=tuple(sorted(scales, key=lambda scale: _id(scale.observations[0]))),
        not_scaled=tuple(sorted(not_scaled, key=lambda row: _id(row.observation))),
        unlike=None if scales else next(_unlike(alone, places), None),
    )


def why_not_scaled(row: Observation) -> WhyNotScaled | None:
    """Say why a figure by itself gives no rate per person per year, or None when it gives one."""
    figure = row.candidate
    checks = {
        WhyNotScaled.NOT_A_BENEFIT: figure.role != "benefit",
        WhyNotScaled.POTENTIAL: figure.achievement != "achieved",
        WhyNotScaled.RATE: not row.additive or is_rate(figure),
        WhyNotScaled.UPPER_BOUND: figure.qualifier == "up_to",
        WhyNotScaled.NOT_OBSERVED: figure.basis != "observed",
        WhyNotScaled.NO_PERIOD: row.days is None,
        WhyNotScaled.NO_PLACE: figure.place is None,
        WhyNotScaled.NO_POPULATION: not (row.population.strip() and row.population_size),
    }
    return next((why for why, holds in checks.items() if holds), None)


def count_sites(stated: Iterable[Place | None], places: Places) -> int:
    """Count places that share no ground: a trust and the board it lies in are one site."""
    sites: list[set[Place]] = []
    for place in {place for place in stated if place is not None}:
        met = [site for site in sites if any(places.share_ground(place, other) for other in site)]
        sites = [site for site in sites if site not in met] + [{place}.union(*met)]
    return len(sites)


def to_significant(value: Decimal, figures: int) -> Decimal:
    """Round half up to so many significant figures."""
    return value.quantize(Decimal(1).scaleb(value.adjusted() + 1 - figures), ROUND_HALF_UP)


def differences(one: Observation, other: Observation) -> list[str]:
    """Return the fields of Likeness in which two observations differ."""
    pairs = zip(Likeness._fields, one.likeness, other.likeness, strict=True)
    return [field for field, mine, theirs in pairs if mine != theirs]


def _counted_once(rows: Sequence[Observation], places: Places) -> tuple[tuple[Observation, ...], list[NotScaled]]:
    """Keep the rows that the ledger would count beside each other."""
    by_figure = {row.candidate.figure: row for row in rows}
    kept, again = [], []
    for candidate, reason, instead in take_in_order([row.candidate for row in rows], places):
        row = by_figure[candidate.figure]
        if reason:
            again.append(NotScaled(row, WhyNotScaled.SAME_AGAIN, instead))
        else:
            kept.append(row)
    return tuple(sorted(kept, key=_id)), again


def _unlike(alone: Sequence[Observation], places: Places) -> Iterator[tuple[Observation, Observation]]:
    """Yield pairs of different sites, those that differ in the fewest ways first."""
    pairs = combinations(alone[:MOST_COMPARED], 2)
    apart = [pair for pair in pairs if count_sites((row.candidate.place for row in pair), places) > 1]
    yield from sorted(apart, key=lambda pair: (len(differences(*pair)), _id(pair[0]), _id(pair[1])))


def _id(row: Observation) -> str:
    return row.candidate.figure


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())
