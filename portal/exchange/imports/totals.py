"""What a batch does to totals: as readers see them, and as they would be once all its drafts are published."""

from collections.abc import Iterable, Sequence
from typing import Any

from portal.benefits.calculations import Candidate
from portal.benefits.headlines import ask_about_england
from portal.benefits.ledgers import Reading, Total, read_figures
from portal.benefits.models import BenefitFigure, Measure
from portal.benefits.querysets import candidate_of
from portal.benefits.questions import Asked
from portal.exchange.imports.plans import Plan

MOST_TOLD = 40


class Totals:
    """Gathers the figures of the drafts that a batch makes, then asks the ledger before and after."""

    def __init__(self) -> None:
        self.entries: set[int] = set()
        self.drafted: list[Candidate] = []

    def add(self, plans: Iterable[Plan]) -> None:
        """Take the figures of drafts as if they were published, in place of those that are."""
        for plan in plans:
            if plan.is_changed:
                self.drafted += [_as_published(figure, plan.draft) for figure in plan.draft.figures.all()]
                if not plan.is_new:
                    self.entries.add(plan.draft.pk)

    def tell(self) -> list[dict[str, str]]:
        """Return each measure whose total for England would move: basis, total now, total once all is published."""
        asked = ask_about_england()
        keys = {row.measure for row in self.drafted}
        keys |= set(
            BenefitFigure.objects.public().filter(entry__in=self.entries).values_list("measure__key", flat=True)
        )
        measures = list(Measure.objects.public().filter(key__in=keys, additive=True)) if asked and keys else []
        if asked is None or not measures:
            return []
        reading = read_figures(measures, asked)
        others = [row for row in reading.candidates if row.entry not in self.entries]
        drafted = [row for row in self.drafted if row.measure in reading.setting.measures]
        after = Reading(reading.measures, reading.setting, [*others, *drafted])
        told = []
        for was, will in zip(_each_basis(reading, asked), _each_basis(after, asked), strict=True):
            if was.ledger.counted or will.ledger.counted:
                told.append(_told(was, will))
        return told[:MOST_TOLD]


def _each_basis(reading: Reading, asked: Asked) -> Sequence[Total]:
    return [total for totals in reading.totals_by_basis(asked) for total in totals]


def _told(was: Total, will: Total) -> dict[str, str]:
    return {"measure": was.measure.name, "basis": was.asked.basis, "before": was.text, "after": will.text}


def _as_published(figure: Any, draft: Any) -> Candidate:
    figure.entry = draft
    told = candidate_of(figure)
    return told._replace(entry=draft.pk, published=True, source_date=told.source_date or "")
