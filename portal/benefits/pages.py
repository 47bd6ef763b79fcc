"""What the pages of measures and totals show, gathered once."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from portal.benefits.breakdowns import Part, breakdowns_of
from portal.benefits.choices import QuestionChoices, question_choices
from portal.benefits.contradictions import Contradiction, beyond_one_total, contradictions_of
from portal.benefits.ledgers import Reading, Total, entries_asked_about, read_figures
from portal.benefits.models import Basis, BenefitFigure, Measure, NetworkClaim, WorkingTime
from portal.benefits.questions import Asked
from portal.benefits.rows import ReasonGroup, Row, counted_rows, reason_groups
from portal.catalogue.models import EntryEvidence
from portal.core.charts import Amount, BarChart, bar_chart

COUNTED_SHOWN = 60
LEFT_OUT_SHOWN = 20
WORDS_SHOWN = 6
WORDS_LOOKED_AT = 60
FIGURES_SHOWN = 100


@dataclass(frozen=True)
class Comparison:
    """A total's parts of one sort: as a chart from two parts on. `part` names one of them, `note` the rule."""

    key: str
    part: str
    note: str
    parts: list[Part]

    @property
    def title(self) -> str:
        return f"By {self.part.lower()}"

    @property
    def chart(self) -> BarChart | None:
        if len(self.parts) < 2:
            return None
        amounts = [
            Amount(part.label, part.total.ledger.total, part.total.text, part.total.address) for part in self.parts
        ]
        return bar_chart(self.key, self.title, amounts)


@dataclass(frozen=True)
class MeasurePage:
    """One measure's total, its working and its parts; `others` are the same question on the other bases."""

    total: Total
    choices: QuestionChoices
    others: list[Total]
    converted: str
    working_time: WorkingTime | None
    counted: list[Row]
    left_out: list[ReasonGroup]
    comparisons: list[Comparison]
    contradictions: list[Contradiction]
    network_claims: list[NetworkClaim]

    @property
    def counted_ids(self) -> set[UUID]:
        """The figures whose rows stand on the page, for links to them."""
        return {row.figure.public_id for row in self.counted}

    @property
    def context(self) -> str:
        """Say what the charts' numbers are about: a chart may be read without the page around it."""
        asked = self.total.asked
        said = [asked.place.display_name, asked.period_text, asked.achievement_text]
        said += [str(tag) for tag in (asked.theme, asked.strand) if tag]
        return f"{'. '.join([*said, asked.as_at_text])}."


def measure_page(measure: Measure, asked: Asked) -> MeasurePage:
    reading = read_figures([measure], asked)
    total, *others = [reading.totals(question)[0] for question in (asked, *_other_bases(asked))]
    claims = NetworkClaim.objects.filter(measure=measure).select_related("measure", "place", "evidence")
    working_time = WorkingTime.objects.first()
    return MeasurePage(
        total=total,
        choices=question_choices(asked, measure=measure),
        others=others,
        converted=total.converted(working_time),
        working_time=working_time,
        counted=list(counted_rows(total, last=COUNTED_SHOWN)),
        left_out=reason_groups(total, at_most=LEFT_OUT_SHOWN),
        comparisons=_comparisons(reading, asked),
        contradictions=contradictions_of([total]) + beyond_one_total(measure),
        network_claims=list(claims),
    )


def _comparisons(reading: Reading, asked: Asked) -> list[Comparison]:
    """Return the ways to part the total in which something counts; what would only repeat it is left away."""
    parts = breakdowns_of(reading, asked)
    found = [
        Comparison("by-year", "Financial year", "A figure that spans several years is in none of them.", parts.by_year),
        Comparison("by-region", "Region", "A figure for more than one region is in none of them.", parts.by_region),
    ]
    if asked.theme is None:
        found.append(
            Comparison("by-theme", "Theme", "An entry with several themes is in each of them.", parts.by_theme)
        )
    whole = asked.parameters()
    return [
        comparison for comparison in found if comparison.parts and comparison.parts[0].total.asked.parameters() != whole
    ]


def _other_bases(asked: Asked) -> list[Asked]:
    """Return the same question on each other basis, and then of potential instead of achieved benefit."""
    bases = [asked.but(basis=basis) for basis in Basis.values if basis != asked.basis]
    other = next(value for value in BenefitFigure.Achievement.values if value != asked.achievement)
    return bases + [asked.but(basis=basis, achievement=other) for basis in Basis.values]


@dataclass(frozen=True)
class MeasureTotals:
    """One measure's totals by basis: they stand side by side and are never added."""

    measure: Measure
    totals: list[Total]

    @property
    def says_something(self) -> bool:
        return any(total.ledger.counted for total in self.totals)


@dataclass(frozen=True)
class ImpactPage:
    asked: Asked
    choices: QuestionChoices
    topics: list[tuple[str, list[MeasureTotals]]]
    without_total: list[Measure]
    in_words: list[EntryEvidence]
    entries_in_words: int
    network_claims: list[NetworkClaim]

    @property
    def bases(self) -> list[tuple[str, str]]:
        """The columns of the totals, in their order."""
        return [(value, str(label)) for value, label in Basis.choices]


def impact_page(asked: Asked) -> ImpactPage:
    """Gather every measure's totals for a question, on each basis; its own basis is not looked at."""
    rows = measure_totals(asked)
    said = [row for row in rows if row.says_something]
    in_words = entries_asked_about(asked).without_numbers()
    return ImpactPage(
        asked=asked,
        choices=question_choices(asked),
        topics=_by_topic(said),
        without_total=[row.measure for row in rows if not row.says_something],
        in_words=_one_of_each_entry(EntryEvidence.objects.findings_in(in_words)[:WORDS_LOOKED_AT])[:WORDS_SHOWN],
        entries_in_words=in_words.count(),
        network_claims=list(NetworkClaim.objects.select_related("measure", "place", "evidence")),
    )


def _one_of_each_entry(findings: Iterable[EntryEvidence]) -> list[EntryEvidence]:
    """Keep each entry's first finding, so that as many entries as possible are heard."""
    first: dict[int, EntryEvidence] = {}
    for finding in findings:
        first.setdefault(finding.entry_id, finding)
    return list(first.values())


def measure_totals(asked: Asked) -> list[MeasureTotals]:
    reading = read_figures(Measure.objects.public(), asked)
    return [MeasureTotals(totals[0].measure, totals) for totals in reading.totals_by_basis(asked)]


def _by_topic(rows: Iterable[MeasureTotals]) -> list[tuple[str, list[MeasureTotals]]]:
    topics: dict[str, list[MeasureTotals]] = {}
    for row in rows:
        topics.setdefault(str(row.measure.get_topic_display()), []).append(row)
    return list(topics.items())


@dataclass(frozen=True)
class DictionaryPage:
    """One measure as reviewed content, with the public figures that use it."""

    measure: Measure
    figures: list[BenefitFigure]
    how_many: int


def measures_by_topic() -> list[tuple[str, list[Measure]]]:
    """Return the public measures under their topics, each with `public_figures`; one query."""
    topics: dict[str, list[Measure]] = {}
    for measure in Measure.objects.public().with_public_counts():
        topics.setdefault(str(measure.get_topic_display()), []).append(measure)
    return list(topics.items())


def dictionary_page(measure: Measure) -> DictionaryPage:
    figures = BenefitFigure.objects.public().filter(measure=measure)
    shown = figures.for_rows().order_by("entry__title", "sort_order")[:FIGURES_SHOWN]
    return DictionaryPage(measure=measure, figures=list(shown), how_many=figures.count())
