"""Sources that can't all be right: found and shown, never smoothed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from portal.benefits.calculations.eligibility import span
from portal.benefits.calculations.overlap import keys_of, take_in_order
from portal.benefits.calculations.values import (
    Candidate,
    Counted,
    DifferentValues,
    LeftOut,
    PartsExceedWhole,
    Reason,
    Setting,
)

ABOUT = Decimal("0.05")
"""How far off "about" may be before two figures are said to differ."""


def parts_exceed_whole(
    counted: Iterable[Counted], left_out: Iterable[LeftOut], setting: Setting
) -> Iterator[PartsExceedWhole]:
    """Yield each counted figure whose parts, reported for less of its place or period, add up to more.

    The parts are those it displaced that lie within its place and period and don't overlap each
    other. "More than" has no upper end, so nothing exceeds it; a level on a day has no parts.
    """
    parts_of: dict[int, list[Candidate]] = defaultdict(list)
    for row in left_out:
        if row.displaced_by and row.reason in (Reason.OVERLAPS, Reason.SUPERSEDED) and _is_part(row, setting):
            parts_of[id(row.displaced_by)].append(row.candidate)
    for whole in counted:
        if id(whole.candidate) in parts_of and whole.candidate.qualifier != "more_than":
            parts = _apart(parts_of[id(whole.candidate)], setting)
            total = sum((part.value for part in parts), Decimal(0))
            if total > _most(whole.candidate):
                yield PartsExceedWhole(whole=whole, parts=parts, sum_of_parts=total)


def _most(figure: Candidate) -> Decimal:
    return figure.value if figure.high is None else figure.high


def _is_part(row: LeftOut, setting: Setting) -> bool:
    part, whole = row.candidate, row.displaced_by
    if whole is None or whole.period_kind == "as_at":
        return False
    if part.price_year != whole.price_year or part.place not in setting.places.below(whole.place or 0):
        return False
    (first, last), (whole_first, whole_last) = span(part), span(whole)
    is_smaller = part.place != whole.place or (first, last) != (whole_first, whole_last)
    return is_smaller and whole_first <= first and last <= whole_last


def _apart(parts: Sequence[Candidate], setting: Setting) -> tuple[Candidate, ...]:
    return tuple(answer.candidate for answer in take_in_order(parts, setting.places) if not answer.reason)


def different_values(related: Iterable[Candidate]) -> Iterator[DifferentValues]:
    """Yield figures of several sources that tell one fact (same measure, key, place, period, what and
    whom it counts) with values that can't all hold.
    """
    facts: dict[Any, list[Candidate]] = defaultdict(list)
    for candidate in related:
        facts[_fact(candidate)].append(candidate)
    for told in facts.values():
        if len({figure.source for figure in told}) > 1:
            yield from _disagreements(told)


def _disagreements(told: Sequence[Candidate]) -> Iterator[DifferentValues]:
    """Yield those among figures of equal place, period and wording that share a key and can't all hold."""
    by_key: dict[Any, list[Candidate]] = defaultdict(list)
    for candidate in told:
        for key in keys_of(candidate):
            # An entry may report several things under one measure; an overlap group is one benefit.
            by_key[key, candidate.label if key[1] == "entry" else ""].append(candidate)
    groups = {tuple(sorted(rows, key=lambda row: (row.value, row.figure))) for rows in by_key.values()}
    for figures in sorted(groups, key=lambda rows: [row.figure for row in rows]):
        if len({figure.source for figure in figures}) > 1 and not _can_all_hold(figures):
            yield DifferentValues(figures)


def _fact(candidate: Candidate) -> tuple[Any, ...]:
    return (
        candidate.measure,
        candidate.place,
        candidate.period_kind,
        candidate.start,
        candidate.end,
        candidate.gross_or_net,
        candidate.price_year,
        candidate.telling,
    )


def _can_all_hold(figures: Sequence[Candidate]) -> bool:
    lows, highs = zip(*(_bounds(figure) for figure in figures), strict=True)
    return max(lows) <= min(highs)


def _bounds(figure: Candidate) -> tuple[Decimal, Decimal]:
    """Return the least and the most that a figure leaves open."""
    low = figure.value if figure.low is None else figure.low
    high = _most(figure)
    if figure.qualifier == "about":
        return low - abs(low) * ABOUT, high + abs(high) * ABOUT
    return low, Decimal("Infinity") if figure.qualifier == "more_than" else high
