"""What the ledger takes and gives: plain values, Decimals to the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from portal.organisations.places import Place, Places


class Candidate(NamedTuple):
    """One figure as the ledger sees it. Codes are those of BenefitFigure; None is "not stated".

    `figure` is its stable id, and `restates` that of the figure it says again in another unit or
    words: the first of them, where one restatement rests on another. `strength` is higher for
    stronger evidence; `source_date` sorts as text; `telling` holds the words for whom and what it
    counts, which must be equal for two figures to tell one fact.
    """

    figure: str
    measure: str
    entry: int
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    qualifier: str = "exact"
    per: str = ""
    role: str = "benefit"
    basis: str = "observed"
    achievement: str = "achieved"
    gross_or_net: str = ""
    period_kind: str = "during"
    start: date | None = None
    end: date | None = None
    place: Place | None = None
    price_year: int | None = None
    family: str = ""
    overlap_group: str = ""
    restates: str | None = None
    supersedes: str | None = None
    strength: int = 0
    source_date: str = ""
    published: bool = True
    source: int = 0
    label: str = ""
    telling: tuple[str, ...] = ()


class MeasureRule(NamedTuple):
    """What the ledger must know of a measure; `price_year` is the year its pounds are summed in."""

    unit: str
    additive: bool
    price_year: int | None = None


@dataclass(frozen=True)
class Question:
    """What is asked of a measure; no `start` or `end` leaves that side of the period open."""

    place: Place
    start: date | None = None
    end: date | None = None
    basis: str = "observed"
    achievement: str = "achieved"
    price_year: int | None = None


@dataclass(frozen=True)
class Setting:
    """What a sum rests on besides the figures: measures, places on the as-at date, price indexes by year."""

    measures: Mapping[str, MeasureRule]
    places: Places
    prices: Mapping[int, Decimal] = field(default_factory=dict)


class Reason(StrEnum):
    """Why a figure was left out, in the order in which they are looked for."""

    ENTRY_NOT_PUBLISHED = "entry_not_published"
    NOT_ADDITIVE = "not_additive"
    NOT_A_BENEFIT = "not_a_benefit"
    POTENTIAL_ONLY = "potential_only"
    ALREADY_ACHIEVED = "already_achieved"
    UPPER_BOUND = "upper_bound"
    OTHER_BASIS = "other_basis"
    NOT_STATED = "period_or_place_not_stated"
    OUTSIDE_PLACE = "outside_the_place"
    WIDER_PLACE = "covers_a_wider_place"
    OUTSIDE_PERIOD = "outside_the_period"
    PARTLY_OUTSIDE_PERIOD = "partly_outside_the_period"
    PRICE_YEAR = "price_year"
    RESTATES = "restates_a_counted_figure"
    SUPERSEDED = "superseded"
    OVERLAPS = "overlaps_a_counted_figure"


class Counted(NamedTuple):
    """A figure that went in. `value`, `low` and `high` are in the asked price year; `rebased_from` is its own."""

    candidate: Candidate
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    rebased_from: int | None = None


class LeftOut(NamedTuple):
    """A figure that did not, why, and the counted one in its stead where there is one."""

    candidate: Candidate
    reason: Reason
    displaced_by: Candidate | None = None


class PartsExceedWhole(NamedTuple):
    """Figures for parts of a counted figure's place or period that add up to more than it."""

    whole: Counted
    parts: tuple[Candidate, ...]
    sum_of_parts: Decimal


class DifferentValues(NamedTuple):
    """Figures of different sources for one fact that can't all be right, in order of value."""

    figures: tuple[Candidate, ...]


@dataclass(frozen=True)
class Ledger:
    """The working behind one measure's total: each candidate is in exactly one of the two lists."""

    measure: str
    question: Question
    counted: tuple[Counted, ...]
    left_out: tuple[LeftOut, ...]
    total: Decimal
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    parts_exceed_whole: tuple[PartsExceedWhole, ...] = ()
    different_values: tuple[DifferentValues, ...] = ()

    @property
    def holds_gross_and_net(self) -> bool:
        return {"gross", "net"} <= {row.candidate.gross_or_net for row in self.counted}
