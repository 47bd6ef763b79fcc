"""Whether a figure can answer a question at all, before any two figures are compared."""

from collections.abc import Callable, Iterable
from datetime import date

from portal.benefits.calculations.values import Candidate, Question, Reason, Setting

RUNNING = ("cumulative", "as_at")


def span(candidate: Candidate) -> tuple[date, date]:
    """Return the first and last day from which a dated figure may hold something.

    A running total whose start isn't stated, and a level on a day, reach back without limit.
    """
    if candidate.end is None:
        raise ValueError(f"Figure {candidate.figure} has no dated period.")
    return candidate.start or date.min, candidate.end


def is_rate(candidate: Candidate) -> bool:
    """A figure per month, trust or referral is no total. One per year is, when its period is that year.

    "A year" without saying which is a total whose period isn't stated.
    """
    if not candidate.per or (candidate.per == "year" and candidate.period_kind == "not_stated"):
        return False
    if candidate.per != "year" or candidate.period_kind != "during" or not (candidate.start and candidate.end):
        return True
    return (candidate.end - candidate.start).days not in (364, 365)


def reason_finder(question: Question, setting: Setting) -> Callable[[Candidate], Reason | None]:
    """Return a function that says why a figure can't answer `question`, or None when it can."""
    inside = setting.places.below(question.place)
    wider = setting.places.above(question.place) | setting.places.touching(question.place)
    asked_from, asked_to = question.start or date.min, question.end or date.max

    def why_not(candidate: Candidate) -> Reason | None:
        return (
            _not_a_sum_of_this(candidate, question, setting)
            or _elsewhere(candidate)
            or _at_another_time(candidate)
            or _in_other_prices(candidate, question, setting)
        )

    def _elsewhere(candidate: Candidate) -> Reason | None:
        if candidate.place is None or candidate.end is None:
            return Reason.NOT_STATED
        if candidate.place in inside:
            return None
        return Reason.WIDER_PLACE if candidate.place in wider else Reason.OUTSIDE_PLACE

    def _at_another_time(candidate: Candidate) -> Reason | None:
        first, last = span(candidate)
        if candidate.period_kind == "as_at":
            first = last
        if first >= asked_from and last <= asked_to:
            return None
        return Reason.OUTSIDE_PERIOD if last < asked_from or first > asked_to else Reason.PARTLY_OUTSIDE_PERIOD

    return why_not


def answering(candidates: Iterable[Candidate], question: Question, setting: Setting) -> list[Candidate]:
    """Return the figures that can answer the question, before any two are compared.

    They are enough for any narrower question: one about a part of its place or of its period.
    """
    why_not = reason_finder(question, setting)
    return [candidate for candidate in candidates if not why_not(candidate)]


def _not_a_sum_of_this(candidate: Candidate, question: Question, setting: Setting) -> Reason | None:
    if not candidate.published:
        return Reason.ENTRY_NOT_PUBLISHED
    if not setting.measures[candidate.measure].additive or is_rate(candidate):
        return Reason.NOT_ADDITIVE
    if candidate.role != "benefit":
        return Reason.NOT_A_BENEFIT
    if candidate.achievement != question.achievement:
        return Reason.POTENTIAL_ONLY if candidate.achievement == "potential" else Reason.ALREADY_ACHIEVED
    if candidate.qualifier == "up_to":
        return Reason.UPPER_BOUND
    return Reason.OTHER_BASIS if candidate.basis != question.basis else None


def _in_other_prices(candidate: Candidate, question: Question, setting: Setting) -> Reason | None:
    if candidate.price_year is None:
        return None
    asked = asked_price_year(candidate, question, setting)
    if candidate.price_year == asked:
        return None
    known = asked in setting.prices and candidate.price_year in setting.prices
    return None if known else Reason.PRICE_YEAR


def asked_price_year(candidate: Candidate, question: Question, setting: Setting) -> int | None:
    """Return the year whose prices a money figure is wanted in: the question's, else the measure's own."""
    return question.price_year or setting.measures[candidate.measure].price_year
