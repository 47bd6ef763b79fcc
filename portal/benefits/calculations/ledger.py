"""The sum behind every total, with its working."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import chain
from typing import Any, TypeVar

from portal.benefits.calculations.contradictions import different_values, parts_exceed_whole
from portal.benefits.calculations.eligibility import asked_price_year, reason_finder
from portal.benefits.calculations.overlap import Answer, part_alone, take_in_order
from portal.benefits.calculations.values import (
    Candidate,
    Counted,
    DifferentValues,
    Ledger,
    LeftOut,
    Question,
    Reason,
    Setting,
)

PENCE = Decimal("0.01")
REASON_ORDER = {reason: position for position, reason in enumerate(Reason)}
Part = TypeVar("Part", bound=Hashable)


@dataclass
class _Working:
    """One measure's rows while they are being sorted into counted and left out."""

    counted: list[Counted] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    different_values: list[DifferentValues] = field(default_factory=list)


def work_out(candidates: Iterable[Candidate], question: Question, setting: Setting) -> dict[str, Ledger]:
    """Answer the question for every measure in `setting`: each candidate counted, or left out with a reason.

    The measures are worked out together because a figure may say again what is counted under
    another measure. Time grows as n log n; the order of the candidates makes no difference.
    """
    why_not = reason_finder(question, setting)
    workings: dict[str, _Working] = defaultdict(_Working)
    eligible: list[Candidate] = []
    for candidate in candidates:
        if reason := why_not(candidate):
            workings[candidate.measure].left_out.append(LeftOut(candidate, reason))
        else:
            eligible.append(candidate)
    alone, related = part_alone(eligible)
    for candidate, reason, displaced_by in chain(map(Answer, alone), take_in_order(related, setting.places)):
        if reason:
            workings[candidate.measure].left_out.append(LeftOut(candidate, reason, displaced_by))
        else:
            workings[candidate.measure].counted.append(_in_asked_prices(candidate, question, setting))
    for contradiction in different_values(related):
        workings[contradiction.figures[0].measure].different_values.append(contradiction)
    return {measure: _close(measure, workings[measure], question, setting) for measure in setting.measures}


def work_out_parts(
    candidates: Iterable[Candidate],
    questions: Mapping[Part, Question],
    parts_of: Callable[[Candidate], Iterable[Part]],
    setting: Setting,
) -> dict[Part, dict[str, Ledger]]:
    """Answer a question for each part (a year, a region, a theme), each over its own candidates only.

    `parts_of` names the parts a candidate may count in; all others would leave it out.
    """
    rows: dict[Part, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        for part in parts_of(candidate):
            rows[part].append(candidate)
    return {part: work_out(rows[part], question, setting) for part, question in questions.items()}


def _close(measure: str, working: _Working, question: Question, setting: Setting) -> Ledger:
    counted = sorted(working.counted, key=lambda row: row.candidate.figure)
    left_out = sorted(working.left_out, key=lambda row: (REASON_ORDER[row.reason], row.candidate.figure))
    return Ledger(
        measure=measure,
        question=question,
        counted=tuple(counted),
        left_out=tuple(left_out),
        parts_exceed_whole=tuple(parts_exceed_whole(counted, left_out, setting)),
        different_values=tuple(sorted(working.different_values, key=_ids)),
        **_sums(counted),
    )


def _sums(counted: Sequence[Counted]) -> dict[str, Any]:
    """Return the fields of a ledger that add up its counted rows."""
    has_ranges = bool(counted) and all(row.low is not None and row.high is not None for row in counted)
    return {
        "total": sum((row.value for row in counted), Decimal(0)),
        "low": sum((row.low or Decimal(0) for row in counted), Decimal(0)) if has_ranges else None,
        "high": sum((row.high or Decimal(0) for row in counted), Decimal(0)) if has_ranges else None,
        "qualifier": _qualifier(counted),
    }


def shares_of(ledger: Ledger, part_of: Callable[[Candidate], Part]) -> dict[Part, Ledger]:
    """Part a total by what was counted in it, in the order of the rows: the shares add up to the total."""
    rows: dict[Part, list[Counted]] = defaultdict(list)
    for row in ledger.counted:
        rows[part_of(row.candidate)].append(row)
    alone = replace(ledger, left_out=(), parts_exceed_whole=(), different_values=())
    return {part: replace(alone, counted=tuple(counted), **_sums(counted)) for part, counted in rows.items()}


def _ids(contradiction: DifferentValues) -> list[str]:
    return [figure.figure for figure in contradiction.figures]


def _qualifier(counted: Iterable[Counted]) -> str:
    """Return "exact", "about", "at least" or "at least about": the sum is no surer than its rows."""
    held = {row.candidate.qualifier for row in counted}
    words = ["at least"] if "more_than" in held else []
    words += ["about"] if "about" in held else []
    return " ".join(words) or "exact"


def _in_asked_prices(candidate: Candidate, question: Question, setting: Setting) -> Counted:
    """Bring money of a stated price year to the asked one, to the penny, by the two years' price indexes."""
    asked = asked_price_year(candidate, question, setting) if candidate.price_year else None
    if candidate.price_year is None or asked is None or candidate.price_year == asked:
        return Counted(candidate, candidate.value, candidate.low, candidate.high)
    from_index, to_index = setting.prices[candidate.price_year], setting.prices[asked]

    def rebased(amount: Decimal) -> Decimal:
        return (amount * to_index / from_index).quantize(PENCE, ROUND_HALF_EVEN)

    low = None if candidate.low is None else rebased(candidate.low)
    high = None if candidate.high is None else rebased(candidate.high)
    return Counted(candidate, rebased(candidate.value), low, high, rebased_from=candidate.price_year)
