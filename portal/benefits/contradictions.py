"""What sources disagree about, in sentences, with the figures at odds."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, groupby, product
from typing import NamedTuple

from portal.benefits.calculations import Candidate
from portal.benefits.ledgers import Total, read_figures
from portal.benefits.models import Basis, BenefitFigure, Measure
from portal.benefits.questions import Asked
from portal.benefits.rows import figures_of
from portal.core.formatting import format_figure


@dataclass(frozen=True)
class Contradiction:
    """Figures that can't all be right. `kind` is a code, `why` a sentence."""

    kind: str
    why: str
    measure: Measure
    figures: list[BenefitFigure]


def contradictions_of(totals: Iterable[Total]) -> list[Contradiction]:
    """Return what the sources of these totals disagree about; one query, however much it is."""
    cases = [case for total in totals for case in (*_parts(total), *_values(total))]
    rows = figures_of(list(chain.from_iterable(case.candidates for case in cases)))
    figures = {(row.entry_id, str(row.public_id)): row for row in rows}
    return [
        Contradiction(case.kind, case.why, case.measure, [figures[key] for key in case.keys if key in figures])
        for case in cases
    ]


def every_contradiction(asked: Asked) -> list[Contradiction]:
    """Return what sources disagree about under any additive measure, on each basis, achieved or potential."""
    questions = [
        asked.but(basis=basis, achievement=achievement)
        for basis, achievement in product(Basis.values, BenefitFigure.Achievement.values)
    ]
    reading = read_figures(Measure.objects.public(), asked)
    disagreeing = contradictions_of(chain.from_iterable(map(reading.totals, questions)))
    return disagreeing + beyond_one_total()


def beyond_one_total(measure: Measure | None = None) -> list[Contradiction]:
    """Return what no total shows by itself: what editors found, and benefits told under several measures."""
    said = said_by_editors(measure)
    pairs = [{figure.pk for figure in found.figures} for found in said]
    several = told_under_several_measures(measure)
    return said + [found for found in several if {figure.pk for figure in found.figures} not in pairs]


def told_under_several_measures(measure: Measure | None = None) -> list[Contradiction]:
    """Return the achieved benefits that sources tell under more than one measure; two queries.

    Each measure's total is right by itself; added to each other they would count the benefit twice.
    """
    achieved = BenefitFigure.objects.public().achieved_benefits().exclude(overlap_group="")
    groups = achieved.groups_across_measures(measure)
    rows = achieved.filter(overlap_group__in=groups).for_rows().order_by("overlap_group", "measure__position", "key")
    why = "One benefit may be told here under several measures. Their totals are not to be added to each other."
    return [
        Contradiction("several_measures", why, figures[0].measure, figures)
        for figures in (list(group) for _, group in groupby(rows, key=lambda row: row.overlap_group))
    ]


def said_by_editors(measure: Measure | None = None) -> list[Contradiction]:
    """Return the pairs of public figures that editors found at odds; two queries."""
    public = BenefitFigure.objects.public().for_rows()
    pairs = list(public.contradicting())
    others = {row.public_id: row for row in public.filter(public_id__in=[row.contradicts for row in pairs])}
    why = "These figures do not agree, and no source explains it."
    return [
        Contradiction("said_by_editors", why, row.measure, [others[row.contradicts], row])
        for row in pairs
        if row.contradicts in others and measure in (None, row.measure, others[row.contradicts].measure)
    ]


class _Case(NamedTuple):
    """A contradiction before its figures are fetched."""

    kind: str
    why: str
    measure: Measure
    candidates: tuple[Candidate, ...]

    @property
    def keys(self) -> list[tuple[int, str]]:
        return [(candidate.entry, candidate.figure) for candidate in self.candidates]


def _parts(total: Total) -> list[_Case]:
    found = []
    for case in total.ledger.parts_exceed_whole:
        unit = total.measure.unit
        parts = format_figure(value=case.sum_of_parts, unit=unit)
        whole = format_figure(value=case.whole.candidate.value, unit=unit)
        why = f"The parts reported add up to more than the whole: {parts} against {whole}."
        found.append(_Case("parts_exceed_whole", why, total.measure, (case.whole.candidate, *case.parts)))
    return found


def _values(total: Total) -> list[_Case]:
    why = "Several sources give one fact different values."
    return [_Case("different_values", why, total.measure, case.figures) for case in total.ledger.different_values]
