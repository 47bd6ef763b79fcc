"""A ledger's rows for people: each figure with its source, and why it was left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from portal.benefits.calculations import Candidate, Counted, LeftOut, Reason
from portal.benefits.ledgers import Total
from portal.benefits.models import BenefitFigure
from portal.benefits.reasons import TITLES, WHY
from portal.core.formatting import exact_number, format_figure, format_financial_year

FETCHED_AT_ONCE = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One figure of a ledger. A counted one has no `reason`; `value` is what went into the sum."""

    figure: BenefitFigure
    value: str
    note: str = ""
    reason: str = ""
    why: str = ""
    displaced_by: BenefitFigure | None = None

    @property
    def counted_as(self) -> str:
        """Write what went into the sum where the figure's own text says something else: a range, other prices."""
        figure = self.figure
        if self.reason or (figure.low is None and self.value == exact_number(figure.value)):
            return ""
        return format_figure(
            value=Decimal(self.value),
            unit=figure.measure.unit,
            counted=figure.counted,
            per=figure.per,
            qualifier=figure.qualifier,
        )


@dataclass(frozen=True)
class ReasonGroup:
    """The rows left out for one reason: `count` of them, of which `rows` are the first."""

    reason: Reason
    title: str
    count: int
    rows: list[Row]


def counted_rows(total: Total, *, first: int = 0, last: int | None = None) -> Iterator[Row]:
    """Yield what went into the sum, largest first; `first` and `last` cut it as a slice does."""
    rows = sorted(total.ledger.counted, key=lambda row: (-row.value, row.candidate.figure))
    for chunk in _chunks(rows[first:last]):
        figures = _figures(row.candidate for row in chunk)
        for row in chunk:
            if figure := figures.get(_identity(row.candidate)):
                yield Row(figure, exact_number(row.value), note=_rebased(row, total))


def left_out_rows(total: Total, *, first: int = 0, last: int | None = None) -> Iterator[Row]:
    """Yield what was left out, in the order of the reasons; `first` and `last` cut it as a slice does."""
    yield from _explained(total, total.ledger.left_out[first:last])


def _explained(total: Total, left_out: Sequence[LeftOut]) -> Iterator[Row]:
    for chunk in _chunks(left_out):
        displacing = [row.displaced_by for row in chunk if row.displaced_by]
        figures = _figures([row.candidate for row in chunk] + displacing)
        for row in chunk:
            if figure := figures.get(_identity(row.candidate)):
                other = figures.get(_identity(row.displaced_by)) if row.displaced_by else None
                why = WHY[row.reason](figure, total, other)
                yield Row(figure, exact_number(figure.value), "", row.reason, why, other)


def figures_of(candidates: Sequence[Candidate]) -> list[BenefitFigure]:
    """Return the figures behind candidates, in their order."""
    figures = _figures(candidates)
    return [figures[_identity(candidate)] for candidate in candidates if _identity(candidate) in figures]


def reason_groups(total: Total, *, at_most: int) -> list[ReasonGroup]:
    """Group what was left out by reason, with at most so many rows of each."""
    by_reason: dict[Reason, list[LeftOut]] = {}
    for row in total.ledger.left_out:
        by_reason.setdefault(row.reason, []).append(row)
    return [
        ReasonGroup(reason, TITLES[reason], len(rows), list(_explained(total, rows[:at_most])))
        for reason, rows in by_reason.items()
    ]


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + FETCHED_AT_ONCE] for start in range(0, len(rows), FETCHED_AT_ONCE))


def _figures(candidates: Iterable[Candidate]) -> dict[tuple[int, UUID], BenefitFigure]:
    ids = {candidate.figure for candidate in candidates}
    rows = BenefitFigure.objects.public().filter(public_id__in=ids).for_rows() if ids else []
    return {(row.entry_id, row.public_id): row for row in rows}


def _identity(candidate: Candidate) -> tuple[int, UUID]:
    return candidate.entry, UUID(candidate.figure)


def _rebased(row: Counted, total: Total) -> str:
    if row.rebased_from is None:
        return ""
    own = format_figure(value=row.candidate.value, unit=total.measure.unit)
    return f"{own} in {format_financial_year(row.rebased_from)} prices."
