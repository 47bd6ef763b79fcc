"""Reads of measures and benefit figures."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Count, Q

from portal.benefits.calculations import Candidate
from portal.evidence.models import Evidence

if TYPE_CHECKING:
    from portal.benefits.models import BenefitFigure, Measure

# What the ledger takes of a figure, in the order in which `_candidate` unpacks it.
CANDIDATE_COLUMNS = (
    *("public_id", "measure__key", "entry_id", "value", "low", "high", "qualifier", "per"),
    *("role", "basis", "achievement", "gross_or_net"),
    *("period_kind", "period_start", "period_end", "place_id", "price_year"),
    *("entry__family", "overlap_group", "restates", "supersedes"),
    *("evidence__type", "evidence__published", "entry__live", "evidence_id"),
    *("label", "counted", "population", "staff_group", "place_note"),
)
STRENGTH = {type_: place for place, type_ in enumerate(reversed(Evidence.Type.values), start=1)}


class BenefitFigureQuerySet(models.QuerySet["BenefitFigure"]):
    def public(self) -> Self:
        return self.filter(entry__live=True)

    def count_by_basis(self) -> dict[str, int]:
        return dict(self.order_by().values_list("basis").annotate(Count("pk")))

    def achieved_benefits(self) -> Self:
        """Achieved benefits under measures that add up."""
        return self.filter(role="benefit", achievement="achieved", measure__additive=True)

    def groups_across_measures(self, measure: "Measure | None" = None) -> models.QuerySet[Any, Any]:
        """Overlap groups whose figures stand under several measures, this one among them; for a subquery."""
        groups = self.order_by()
        if measure:
            groups = groups.filter(overlap_group__in=self.filter(measure=measure).values("overlap_group"))
        several = groups.values("overlap_group").annotate(measures=Count("measure", distinct=True))
        return several.filter(measures__gt=1).values("overlap_group")

    def contradicting(self) -> Self:
        """Figures of which an editor said that another can't be right if they are."""
        return self.filter(contradicts__isnull=False).order_by("entry__title", "key")

    def for_rows(self) -> Self:
        """Fetch what a row of a ledger says of its figure."""
        return self.select_related("measure", "entry", "place", "evidence")

    def candidates(self) -> Iterator[Candidate]:
        """Yield each figure as the ledger sees it; two queries."""
        originals = self.model._default_manager.originals()
        for row in self.order_by().values_list(*CANDIDATE_COLUMNS).iterator(chunk_size=5000):
            yield _candidate(row, originals)

    def originals(self) -> dict[UUID, UUID]:
        """Return which figure each restatement says again: the first, where one rests on another."""
        rows = self.order_by().filter(restates__isnull=False).values_list("public_id", "restates")
        said = {figure: original for figure, original in rows if original}
        return {figure: _original(figure, said) for figure in said}

    def measures_told_together(self) -> list[frozenset[str]]:
        """Return the sets of measures that restatements join: their ledgers are worked out as one."""
        restating = self.order_by().filter(restates__isnull=False)
        measure_of = dict(
            self.model._default_manager.order_by()
            .filter(public_id__in=restating.values("restates"))
            .values_list("public_id", "measure__key")
        )
        pairs = restating.values_list("measure__key", "restates")
        return _joined({frozenset({key, measure_of[original]}) for key, original in pairs if original in measure_of})


def _original(figure: UUID, said: Mapping[UUID, UUID]) -> UUID:
    """Follow restatements to the first; in a circle, to the one that comes round again."""
    met = {figure}
    while (original := said.get(figure)) and original not in met:
        met.add(original)
        figure = original
    return figure


def _joined(pairs: set[frozenset[str]]) -> list[frozenset[str]]:
    joined: list[frozenset[str]] = []
    for pair in pairs:
        touching = [group for group in joined if group & pair]
        joined = [group for group in joined if not group & pair] + [pair.union(*touching)]
    return joined


def _candidate(row: tuple[Any, ...], originals: Mapping[UUID, UUID]) -> Candidate:
    type_of_evidence, published, live, source, label = row[21:26]
    public_id, restates, supersedes = row[0], row[19], row[20]
    told = (str(originals[public_id]) if restates else None, str(supersedes) if supersedes else None)
    strength = STRENGTH.get(type_of_evidence, 0)
    return Candidate._make((str(public_id), *row[1:19], *told, strength, published, live, source, label, row[26:]))


def candidate_of(figure: "BenefitFigure") -> Candidate:
    """Return a figure in memory, saved or not, as the ledger sees it; what it restates must be the first telling."""
    row = tuple(_value(figure, column) for column in CANDIDATE_COLUMNS)
    return _candidate(row, {figure.public_id: figure.restates} if figure.restates else {})


def _value(row: Any, column: str) -> Any:
    for name in column.split("__"):
        row = getattr(row, name, None)
    return row


class MeasureQuerySet(models.QuerySet["Measure"]):
    def public(self) -> Self:
        """Measures in use, and those retired: their figures stay."""
        return self.exclude(status="draft")

    def with_public_counts(self) -> Self:
        """Measures with `public_figures`, the number of published entries' figures that use each."""
        return self.annotate(
            public_figures=Count("benefitfigures", filter=Q(benefitfigures__entry__live=True))
        ).order_by("position", "name")
