"""The ledger's rules once more, as plainly as they can be said: every figure beside every other.

It shares no code with what it checks, and is slow.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from portal.benefits.calculations.values import Candidate, Question, Reason
from tests.benefits.worlds import MEASURES, World
from tests.organisations.ground import Ground


class Verdict(NamedTuple):
    """Why a figure is left out: by its own fault, or by which counted figures, each with its reason. Else counted."""

    fault: Reason | None = None
    displaced: frozenset[tuple[Reason, str]] = frozenset()

    @property
    def is_counted(self) -> bool:
        return not self.fault and not self.displaced


class Sum(NamedTuple):
    total: Decimal
    low: Decimal | None
    high: Decimal | None
    qualifier: str


def fault(figure: Candidate, question: Question, ground: Ground, world: World) -> Reason | None:
    """Return the first reason for which a figure can't answer the question, others or none beside it."""
    faults = (
        *_faults_in_kind(figure, question),
        *_faults_in_place(figure, question, ground),
        *_faults_in_time(figure, question),
        *_faults_in_prices(figure, question, world),
    )
    return next((reason for holds, reason in faults if holds), None)


def _faults_in_kind(figure: Candidate, question: Question) -> Iterator[tuple[bool, Reason]]:
    yield not figure.published, Reason.ENTRY_NOT_PUBLISHED
    yield not MEASURES[figure.measure].additive, Reason.NOT_ADDITIVE
    yield figure.per not in ("", "year"), Reason.NOT_ADDITIVE
    yield figure.per == "year" and figure.end is not None and not _is_one_year(figure), Reason.NOT_ADDITIVE
    yield figure.role != "benefit", Reason.NOT_A_BENEFIT
    yield (figure.achievement, question.achievement) == ("potential", "achieved"), Reason.POTENTIAL_ONLY
    yield (figure.achievement, question.achievement) == ("achieved", "potential"), Reason.ALREADY_ACHIEVED
    yield figure.qualifier == "up_to", Reason.UPPER_BOUND
    yield figure.basis != question.basis, Reason.OTHER_BASIS
    yield figure.place is None or figure.end is None, Reason.NOT_STATED


def _is_one_year(figure: Candidate) -> bool:
    if figure.period_kind != "during" or figure.start is None or figure.end is None:
        return False
    return (figure.end.toordinal() - figure.start.toordinal() + 1) in (365, 366)


def _faults_in_place(figure: Candidate, question: Question, ground: Ground) -> Iterator[tuple[bool, Reason]]:
    if figure.place is not None and not ground.lies_in(figure.place, question.place):
        yield ground.share(figure.place, question.place), Reason.WIDER_PLACE
        yield True, Reason.OUTSIDE_PLACE


def _faults_in_time(figure: Candidate, question: Question) -> Iterator[tuple[bool, Reason]]:
    if figure.end is not None:
        first, last = _reach(figure)
        first = last if figure.period_kind == "as_at" else first
        start, end = question.start or date.min, question.end or date.max
        yield last < start or end < first, Reason.OUTSIDE_PERIOD
        yield first < start or end < last, Reason.PARTLY_OUTSIDE_PERIOD


def _faults_in_prices(figure: Candidate, question: Question, world: World) -> Iterator[tuple[bool, Reason]]:
    asked = question.price_year or MEASURES[figure.measure].price_year
    if figure.price_year is not None and figure.price_year != asked:
        yield asked not in world.prices or figure.price_year not in world.prices, Reason.PRICE_YEAR


def _reach(figure: Candidate) -> tuple[date, date]:
    assert figure.end is not None
    return figure.start or date.min, figure.end


def overlap(figure: Candidate, other: Candidate, ground: Ground) -> bool:
    """Say whether two figures of one measure share a key, ground and time."""
    (first, last), (other_first, other_last) = _reach(figure), _reach(other)
    assert figure.place is not None
    assert other.place is not None
    return (
        figure.measure == other.measure
        and _share_a_key(figure, other)
        and ground.share(figure.place, other.place)
        and max(first, other_first) <= min(last, other_last)
    )


def _share_a_key(figure: Candidate, other: Candidate) -> bool:
    return (
        figure.entry == other.entry
        or figure.family == other.family != ""
        or figure.overlap_group == other.overlap_group != ""
    )


def displacing(figure: Candidate, counted: Candidate, ground: Ground) -> Iterator[Reason]:
    """Yield why a counted figure stands in the way of another."""
    if tell_one_benefit(figure, counted):
        yield Reason.RESTATES
    if figure.measure == counted.measure and counted.supersedes == figure.figure:
        yield Reason.SUPERSEDED
    if figure.measure == counted.measure and figure.supersedes == counted.figure:
        yield Reason.OVERLAPS
    if overlap(figure, counted, ground):
        yield Reason.SUPERSEDED if _is_later_total(counted, figure) else Reason.OVERLAPS


def tell_one_benefit(figure: Candidate, other: Candidate) -> bool:
    """Say whether one restates the other, or both a third."""
    return bool(
        figure.restates == other.figure
        or other.restates == figure.figure
        or (figure.restates and figure.restates == other.restates)
    )


def _is_later_total(figure: Candidate, other: Candidate) -> bool:
    kinds = {figure.period_kind, other.period_kind}
    return kinds <= {"cumulative", "as_at"} and _reach(figure)[1] > _reach(other)[1]


def _goes_before(figure: Candidate, other: Candidate, ground: Ground) -> bool:
    """Compare two figures rule by rule; the first rule that tells them apart decides."""
    for one, two in zip(_merits(figure, ground), _merits(other, ground), strict=True):
        if one != two:
            return one > two
    return figure.figure < other.figure


def _merits(figure: Candidate, ground: Ground) -> Iterator[int | str | tuple[int, ...]]:
    assert figure.place is not None
    first, last = _reach(figure)
    yield int(figure.restates is None)
    yield int(figure.gross_or_net == "net")
    yield ground.width(figure.place)
    yield last.toordinal() if figure.period_kind in ("cumulative", "as_at") else 0
    yield figure.strength
    yield tuple(int(part) for part in figure.source_date.split("-") if part)
    yield 0 if figure.period_kind == "as_at" else (last - first).days


def judge(world: World) -> dict[str, Verdict]:
    """Return what becomes of each figure, by its id."""
    ground = Ground(world.map)
    verdicts = {row.figure: Verdict(fault(row, world.question, ground, world)) for row in world.figures}
    counted: list[Candidate] = []
    for row in _in_turn([row for row in world.figures if verdicts[row.figure].is_counted], ground):
        found = {(reason, other.figure) for other in counted for reason in displacing(row, other, ground)}
        restated = {pair for pair in found if pair[0] == Reason.RESTATES}
        verdicts[row.figure] = Verdict(displaced=frozenset(restated or found))
        if not found:
            counted.append(row)
    return verdicts


def _in_turn(rows: Iterable[Candidate], ground: Ground) -> list[Candidate]:
    """Put each row before the first that it goes before."""
    turn: list[Candidate] = []
    for row in rows:
        later = (place for place, other in enumerate(turn) if _goes_before(row, other, ground))
        turn.insert(next(later, len(turn)), row)
    return turn


def add_up(world: World, measure: str, verdicts: dict[str, Verdict]) -> Sum:
    """Sum one measure's counted figures in the asked prices."""
    rows = [row for row in world.figures if row.measure == measure and verdicts[row.figure].is_counted]
    amounts = [[_priced(amount, row, world) for amount in (row.value, row.low, row.high)] for row in rows]
    total, low, high = [
        None if None in column else sum((amount for amount in column if amount is not None), Decimal(0))
        for column in (zip(*amounts, strict=True) if amounts else ([], [None], [None]))
    ]
    ranged = low is not None and high is not None
    return Sum(total or Decimal(0), low if ranged else None, high if ranged else None, _words_of(rows))


def _priced(amount: Decimal | None, row: Candidate, world: World) -> Decimal | None:
    asked = world.question.price_year or MEASURES[row.measure].price_year
    if amount is None or row.price_year is None or asked is None or row.price_year == asked:
        return amount
    pence = Fraction(amount) * 100 * Fraction(world.prices[asked]) / Fraction(world.prices[row.price_year])
    return Decimal(round(pence)) / 100


def _words_of(rows: Iterable[Candidate]) -> str:
    words = {"more_than": "at least", "about": "about"}
    held = {row.qualifier for row in rows}
    return " ".join(word for qualifier, word in words.items() if qualifier in held) or "exact"
