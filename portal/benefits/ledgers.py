"""The one service behind every total: it feeds the calculation and names what came out.

Pages, files, feeds and packs all ask here, so that a total has one value, one text and one
as-at date wherever it is read.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.urls import reverse

from portal.benefits.calculations import (
    Candidate,
    Ledger,
    MeasureRule,
    Setting,
    answering,
    shares_of,
    whole_time_equivalents,
    work_out,
    working_days,
)
from portal.benefits.models import Basis, BenefitFigure, Deflator, Measure, WorkingTime
from portal.benefits.querysets import BenefitFigureQuerySet
from portal.benefits.questions import Asked
from portal.catalogue.models import Entry
from portal.catalogue.querysets import EntryQuerySet
from portal.core.formatting import format_figure, format_financial_year, format_number

NOTHING_COUNTED = "No figure can be counted"


@dataclass(frozen=True)
class Total:
    """One measure's answer to a question, with its working."""

    measure: Measure
    asked: Asked
    ledger: Ledger

    @property
    def text(self) -> str:
        """Write the total as every output shows it: "At least 29,103 people"."""
        if not self.ledger.counted:
            return NOTHING_COUNTED
        return format_figure(value=self.ledger.total, unit=self.measure.unit, qualifier=self.ledger.qualifier)

    @property
    def range_text(self) -> str:
        """Write the summed range; empty unless every counted row has one."""
        if self.ledger.low is None or self.ledger.high is None:
            return ""
        return format_figure(
            value=self.ledger.total, unit=self.measure.unit, low=self.ledger.low, high=self.ledger.high
        )

    @property
    def as_at_text(self) -> str:
        return self.asked.as_at_text

    @property
    def address(self) -> str:
        return reverse("benefits:measure_impact", args=[self.measure.key]) + self.asked.address()

    def shares(self) -> "dict[int, Total]":
        """Return what each entry (its id) put into the total; the shares add up to it."""
        by_entry = shares_of(self.ledger, lambda candidate: candidate.entry)
        return {entry: replace(self, ledger=ledger) for entry, ledger in by_entry.items()}

    @cached_property
    def caveats(self) -> list[str]:
        """Return what a reader of the sum must know, as sentences."""
        return [sentence for sentence in (self._gross_and_net(), self._people(), self._prices()) if sentence]

    def _gross_and_net(self) -> str:
        return "The sum holds both gross and net figures." if self.ledger.holds_gross_and_net else ""

    def _people(self) -> str:
        if not (self.measure.counts_people and len(self.ledger.counted) > 1):
            return ""
        return "A person who took part in several programmes may be counted in each."

    def _prices(self) -> str:
        if self.measure.unit != "GBP" or not self.ledger.counted:
            return ""
        year = format_financial_year(self.asked.price_year or self.measure.price_year or 0)
        rebased = sum(row.rebased_from is not None for row in self.ledger.counted)
        unstated = sum(row.candidate.price_year is None for row in self.ledger.counted)
        told = [f"{_figures(rebased)} brought to {year} prices."] if rebased else []
        told += [f"{_figures(unstated)} with no stated price year, added as stated."] if unstated else []
        return " ".join(told)

    def converted(self, working_time: WorkingTime | None) -> str:
        """Say hours as working days, and as posts when the period is a year; empty for other units."""
        if working_time is None or self.measure.unit != "hours" or not self.ledger.counted:
            return ""
        days = working_days(self.ledger.total, hours_per_day=working_time.hours_per_day)
        text = f"About {format_figure(value=days, unit='working days')}"
        start, end = self.asked.start, self.asked.end
        if start and end and (end - start).days in (364, 365):
            posts = whole_time_equivalents(
                self.ledger.total,
                hours_per_week=working_time.hours_per_week,
                weeks_per_year=working_time.weeks_per_year,
            )
            text += f", or {format_figure(value=posts, unit='whole-time posts')}"
        return text


def _figures(number: int) -> str:
    return "1 figure" if number == 1 else f"{format_number(number)} figures"


@dataclass(frozen=True)
class Reading:
    """The figures of some measures, read once, to answer any question about the same entries on one day."""

    measures: list[Measure]
    setting: Setting
    candidates: list[Candidate]

    def totals(self, asked: Asked) -> list[Total]:
        """Answer a question for each measure, in their order."""
        ledgers = work_out(self.candidates, asked.for_ledger(), self.setting)
        return [Total(measure, asked, ledgers[measure.key]) for measure in self.measures]

    def narrowed_to(self, asked: Asked) -> "Reading":
        """Keep what answers this question: enough for the parts of its total, not for all that was left out."""
        return replace(self, candidates=answering(self.candidates, asked.for_ledger(), self.setting))

    def totals_by_basis(self, asked: Asked) -> list[list[Total]]:
        """Answer a question for each measure on each basis, whatever its own; bases are never added."""
        by_basis = [self.totals(asked.but(basis=basis)) for basis in Basis.values]
        return [list(totals) for totals in zip(*by_basis, strict=True)]


def read_figures(measures: Iterable[Measure], asked: Asked, *, only_inside: bool = False) -> Reading:
    """Read what questions like `asked` draw from: six queries. Only measures that add up are kept.

    With `only_inside`, figures outside the place aren't read: they change no total, but its ledger
    says nothing of them.
    """
    additive = [measure for measure in measures if measure.additive]
    setting = setting_for({measure.key for measure in additive}, asked)
    figures = figures_for(setting.measures, asked)
    if only_inside:
        figures = figures.filter(place__in=asked.places.below(asked.place.pk))
    return Reading(additive, setting, list(figures.candidates()))


def total_of(measure: Measure, asked: Asked) -> Total:
    """Work out one measure; those that say the same benefits in other units are worked out with it."""
    return read_figures([measure], asked).totals(asked)[0]


def setting_for(keys: Collection[str], asked: Asked) -> Setting:
    """Gather what the sums of these measures rest on, restatements under other measures included."""
    told_together = BenefitFigure.objects.public().measures_told_together()
    wanted = set(keys).union(*(group for group in told_together if group & set(keys)))
    rules = Measure.objects.filter(key__in=wanted).values_list("key", "unit", "additive", "price_year")
    return Setting(
        measures={key: MeasureRule(unit, additive, year) for key, unit, additive, year in rules},
        places=asked.places,
        prices=dict(Deflator.objects.values_list("year", "index")),
    )


def figures_for(measures: Collection[str], asked: Asked) -> BenefitFigureQuerySet:
    figures = BenefitFigure.objects.public().filter(measure__key__in=measures)
    if asked.entries is not None:
        figures = figures.filter(entry__in=asked.entries)
    if asked.is_about_some_entries:
        figures = figures.filter(entry__in=entries_asked_about(asked).values("pk"))
    return figures


def entries_asked_about(asked: Asked) -> EntryQuerySet:
    """Return the public entries of the question's theme, strand and kind."""
    wanted = {"themes": asked.theme, "plan_strands": asked.strand, "kind": asked.kind}
    return Entry.objects.public().filter(**{name: value for name, value in wanted.items() if value})
