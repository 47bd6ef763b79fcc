"""What an entry's sources observed, ready to be scaled to a reader's own number of people."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from portal.benefits.calculations import (
    Candidate,
    Observation,
    Scale,
    Scaling,
    WhyNotScaled,
    differences,
    work_out_scaling,
)
from portal.benefits.models import BenefitFigure, Measure
from portal.catalogue.models import Entry
from portal.catalogue.places import places_on


@dataclass(frozen=True)
class SiteRate:
    """One observed figure and the rate it gives."""

    figure: BenefitFigure
    observation: Observation


@dataclass(frozen=True)
class MeasureScale:
    """One thing that at least two sites counted alike: their rates, lowest first."""

    measure: Measure
    scale: Scale
    rates: list[SiteRate]


@dataclass(frozen=True)
class PopulationScales:
    """All that can be scaled by one kind of population; `words` are a source's own."""

    key: str
    words: str
    scales: list[MeasureScale]


@dataclass(frozen=True)
class FigureNotScaled:
    """One figure that gives no rate, why, and the one in its stead where there is one."""

    figure: BenefitFigure
    why: WhyNotScaled
    instead: BenefitFigure | None = None


@dataclass(frozen=True)
class EntryScaling:
    """One entry's figures: those that can be scaled, and the rest, those that come closest first.

    `unlike` are two figures of different sites that would scale if they counted alike, and
    `differing` names the fields in which they differ; only where nothing scales.
    """

    populations: list[PopulationScales]
    not_scaled: list[FigureNotScaled]
    unlike: tuple[BenefitFigure, BenefitFigure] | None
    differing: list[str]

    @property
    def can_scale(self) -> bool:
        return bool(self.populations)

    def population(self, key: str) -> PopulationScales | None:
        """Return the population of these words, in capitals or not; empty text is the first."""
        wanted = [row for row in self.populations if not key or row.key == " ".join(key.casefold().split())]
        return wanted[0] if wanted else None


def scaling_of(entry: Entry) -> EntryScaling:
    return scalings_of([entry])[entry.pk]


def scalings_of(entries: Sequence[Entry]) -> dict[int, EntryScaling]:
    """Work out several published entries, by their ids; the number of queries doesn't grow with them."""
    figures = BenefitFigure.objects.public().filter(entry_id__in=[entry.pk for entry in entries])
    rows: dict[int, dict[str, BenefitFigure]] = defaultdict(dict)
    for row in figures.for_rows():
        rows[row.entry_id][str(row.public_id)] = row
    observations: dict[int, list[Observation]] = defaultdict(list)
    for candidate in figures.candidates():
        if candidate.figure in rows[candidate.entry]:
            observations[candidate.entry].append(_observation(candidate, rows[candidate.entry][candidate.figure]))
    places = places_on(timezone.localdate())
    return {entry.pk: _named(work_out_scaling(observations[entry.pk], places), rows[entry.pk]) for entry in entries}


def may_scale(figures: Iterable[BenefitFigure]) -> bool:
    """Say, without a query, whether it is worth asking what scales: for most entries it isn't."""
    return len({figure.place_id for figure in observed_of_people(figures)}) > 1


def observed_of_people(figures: Iterable[BenefitFigure]) -> list[BenefitFigure]:
    """Return the observed, achieved amounts that say where and for how many people; no query."""
    wanted = (BenefitFigure.Role.BENEFIT, BenefitFigure.Achievement.ACHIEVED, "observed")
    return [
        figure
        for figure in figures
        if (figure.role, figure.achievement, figure.basis) == wanted
        and figure.measure.additive
        and figure.population_size
        and figure.place_id
    ]


def _observation(candidate: Candidate, row: BenefitFigure) -> Observation:
    return Observation(
        candidate=candidate,
        additive=row.measure.additive,
        population=row.population,
        population_size=row.population_size,
        counted=row.counted,
        staff_group=row.staff_group,
        change=row.change,
    )


def _named(scaling: Scaling, figures: dict[str, BenefitFigure]) -> EntryScaling:
    """Put the rows of the database behind the plain values."""
    order = list(WhyNotScaled)
    rows = sorted(
        scaling.not_scaled,
        key=lambda row: (-order.index(row.why), *_as_on_the_page(figures[row.observation.candidate.figure])),
    )
    return EntryScaling(
        populations=_by_population(_measure_scale(scale, figures) for scale in scaling.scales),
        not_scaled=[
            FigureNotScaled(
                figure=figures[row.observation.candidate.figure],
                why=row.why,
                instead=figures[row.instead.figure] if row.instead else None,
            )
            for row in rows
        ],
        unlike=_pair(scaling.unlike, figures),
        differing=differences(*scaling.unlike) if scaling.unlike else [],
    )


def _pair(
    unlike: tuple[Observation, Observation] | None, figures: dict[str, BenefitFigure]
) -> tuple[BenefitFigure, BenefitFigure] | None:
    if unlike is None:
        return None
    one, other = sorted((figures[row.candidate.figure] for row in unlike), key=_as_on_the_page)
    return one, other


def _as_on_the_page(figure: BenefitFigure) -> tuple[int, str]:
    return figure.sort_order or 0, figure.key


def _measure_scale(scale: Scale, figures: dict[str, BenefitFigure]) -> MeasureScale:
    rates = [SiteRate(figures[row.candidate.figure], row) for row in scale.observations]
    rates.sort(key=lambda rate: (rate.observation.amounts_for(1), *_as_on_the_page(rate.figure)))
    return MeasureScale(measure=rates[0].figure.measure, scale=scale, rates=rates)


def _by_population(scales: Iterable[MeasureScale]) -> list[PopulationScales]:
    """Group scales by whom they are for, in the measures' order; one key is one way to spell a population."""
    found: dict[str, list[MeasureScale]] = defaultdict(list)
    for scale in sorted(scales, key=lambda row: (row.measure.position, row.measure.name, row.rates[0].figure.key)):
        found[scale.scale.likeness.population].append(scale)
    return [
        PopulationScales(key=key, words=rows[0].rates[0].figure.population.strip(), scales=rows)
        for key, rows in found.items()
    ]
