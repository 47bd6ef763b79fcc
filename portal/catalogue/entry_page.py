"""What an entry's page shows, gathered once for both kinds."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from portal.catalogue.cards import headline_figure, strongest_type
from portal.catalogue.citations import Citation, citation_of
from portal.catalogue.linked_data import entry_as_linked_data
from portal.catalogue.models import Entry, EntryEvidence
from portal.catalogue.related import Related, related_to
from portal.catalogue.strength import told_strength_of
from portal.catalogue.uptake import NOTHING_REPORTED, Uptake, uptake_of
from portal.core.panels import Panel, panels_for
from portal.evidence.wording import ToldFinding, ToldStrength

ADOPTION = "adoption"
"""The slot of the page for who is using it."""


@dataclass(frozen=True)
class Source:
    """One reference of the page, numbered as the text cites it."""

    number: int
    link: EntryEvidence


@dataclass(frozen=True)
class CitedFact:
    """A figure, with the number of its source on this page."""

    fact: Any
    source: int | None
    told_before: str = ""


@dataclass(frozen=True)
class FigureGroup:
    title: str
    note: str
    rows: list[CitedFact]
    shows_role: bool = False


@dataclass(frozen=True)
class EntryPage:
    entry: Entry
    headline: Any
    uptake: Uptake
    strength: ToldStrength
    strongest_evidence: str
    sources: list[Source]
    figure_groups: list[FigureGroup]
    adoption: list[Panel]
    related: list[Related]

    @property
    def citation(self) -> Citation:
        """Name the version shown, as others cite it."""
        entry, published = self.entry, timezone.localdate(self.entry.last_published_at)
        return citation_of(entry, title=entry.title, version=entry.version, published=published)

    @property
    def linked_data(self) -> dict[str, Any]:
        return entry_as_linked_data(self.entry, [source.link for source in self.sources], self.citation)

    @property
    def weighed(self) -> list[tuple[int, ToldFinding]]:
        """What each source counts for, with its number on this page."""
        numbers = {source.link.evidence.key: source.number for source in self.sources}
        return [(numbers[told.key], told) for told in self.strength.findings]

    @property
    def evidence(self) -> list[Source]:
        return [source for source in self.sources if source.link.finding]

    @property
    def further_sources(self) -> list[Source]:
        return [source for source in self.sources if not source.link.finding]


def entry_page(
    entry: Entry, *, as_published: bool = False, uptake: Uptake | None = None, related: list[Related] | None = None
) -> EntryPage:
    """Gather the page of an entry fetched with `.for_page()`; two more queries find related entries.

    With `as_published` the page of an earlier version, in memory: adoption records and related
    entries are no part of it. `uptake` and `related` are what the caller knows already.
    """
    if as_published:
        uptake, related = NOTHING_REPORTED, []
    sources = numbered_sources(entry)
    numbers = {source.link.evidence_id: source.number for source in sources}
    figures = list(entry.figures.all())
    return EntryPage(
        entry=entry,
        headline=headline_figure(figures),
        uptake=uptake or uptake_of([entry]).get(entry.pk, NOTHING_REPORTED),
        strength=told_strength_of(entry),
        strongest_evidence=strongest_type([source.link.evidence for source in sources if source.link.finding]),
        sources=sources,
        figure_groups=_group_figures(figures, numbers),
        adoption=[] if as_published else panels_for(entry, slot=ADOPTION),
        related=related_to(entry) if related is None else related,
    )


def numbered_sources(entry: Entry) -> list[Source]:
    """Return an entry's sources as its page numbers them: those that found something first."""
    links = sorted(entry.evidence_links.all(), key=lambda link: not link.finding)
    return [Source(number=number, link=link) for number, link in enumerate(links, start=1)]


GROUPS = [
    ("Benefits reported", "What a source says was achieved.", ("benefit", "achieved")),
    (
        "What it could bring",
        "Estimates of benefit that had not been achieved when the source was written. They are never added "
        "to achieved benefits.",
        ("benefit", "potential"),
    ),
]


def _group_figures(figures: list[Any], numbers: dict[int, int]) -> list[FigureGroup]:
    labels = {figure.public_id: figure.label for figure in figures}
    cited = [CitedFact(figure, numbers.get(figure.evidence_id), figure.told_before(labels)) for figure in figures]
    groups = [
        FigureGroup(title, note, [row for row in cited if (row.fact.role, row.fact.achievement) == wanted])
        for title, note, wanted in GROUPS
    ]
    others = [row for row in cited if row.fact.role != "benefit"]
    note = "Levels, baselines, targets, costs and reach. They help to judge a benefit, and are not benefits themselves."
    groups.append(FigureGroup("Other figures", note, others, shows_role=True))
    return [group for group in groups if group.rows]
