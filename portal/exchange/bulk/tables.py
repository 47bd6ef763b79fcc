"""The tables there are, and the walks that fill them: each walk is one of the API's lists, some rows at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from casestudies.api import CaseStudyOne
from casestudies.serializers import LearningPointSerializer, ParticipantSerializer
from innovations.api import InnovationOne
from portal.adoption.api import AdoptionList, CoverageClaimSerializer
from portal.adoption.models import CoverageClaim
from portal.benefits.api import FigureSerializer, MeasureList
from portal.catalogue.serializers import CitationSerializer, ClaimSerializer, NamedEntry, with_what_is_told
from portal.core.api import NotStated, Told
from portal.evidence.api import EvidenceList, NamedEvidence
from portal.exchange.bulk.columns import Column, cells, columns_of
from portal.organisations.api import (
    FormerNameSerializer,
    MembershipSerializer,
    OrganisationOne,
    OtherCodeSerializer,
    SuccessorSerializer,
)

AT_ONCE = 100

# What the API's own description does not say of a field, by column or by the field's name.
ABOUT: Mapping[str, str] = {
    "slug": "What addresses call it; no other entry of either kind has it.",
    "kind": "Which kind of thing it is.",
    "title": "What people call it.",
    "url": "Where it stands.",
    "summary": "What it is and what it changes, in a few sentences of ours.",
    "themes": "What it is filed under: slugs of themes.",
    "places": "The boards or regions it describes: codes.",
    "strength_level": "How sure the findings are, from 0 to 5, by the published rule; not how large.",
    "strength_text": "The same in words.",
    "strength_rule_version": "The version of the rule.",
    "first_published_at": "When it was first published here.",
    "last_published_at": "When this version was published here.",
    "next_review_on": "When it is due to be looked at again.",
    "last_reviewed_on": "When it was last looked at.",
    "reviewed_on": "When it was last looked at.",
    "other_names": "What people also call it.",
    "challenge": "The shortage or strain it answers.",
    "plan_strands": "Train, retain, reform: slugs.",
    "care_settings": "Where care is given: slugs.",
    "staff_groups": "Whom it concerns: slugs.",
    "workforce_challenges": "Which difficulties it meets: slugs.",
    "lead_organisations": "Who leads it: codes.",
    "owner_network_code": "The network that keeps the entry true.",
    "owner_network_name": "The network’s name.",
    "scope": "How far it reaches.",
    "policy_answered": "The policy it answers.",
    "where_it_may_not_work": "Where it may not work.",
    "what_it_needs": "What it needs from who takes it up.",
    "headline_id": "The benefit that leads the entry: its id in the table of figures.",
    "headline_text": "The same as the site writes it.",
    "kinds": "What sort of change it is: slugs.",
    "programmes": "National or network programmes that carried it: slugs.",
    "supplier_or_lead": "Who supplies or leads it.",
    "how_it_works": "How it works.",
    "eligibility": "Whom it is for.",
    "cost_band": "How much it costs, roughly.",
    "cost_drivers": "What drives the cost.",
    "ease_of_adoption": "How easy it is to take up.",
    "nice_status": "What NICE says of it.",
    "nice_reference": "NICE’s number for it.",
    "system": "The system it is about.",
    "status": "How it stands.",
    "status_note": "When and by whom the status was given.",
    "approach": "What was done.",
    "outcomes": "What came of it, in words.",
    "agreement": "What the partners agreed on.",
    "bank_model": "How the shared bank is run.",
    "label": "What is counted.",
    "value": "The number, exactly. Never to be shown without unit, qualifier, basis, period and place.",
    "low": "The lower end of a range.",
    "high": "The upper end of a range.",
    "qualifier": "How the source qualifies the number.",
    "measure_key": "The measure: its key in the table of measures.",
    "measure_name": "The measure’s name.",
    "role": "Whether it is a benefit, a baseline, a target, an input or context.",
    "basis": "Whether it was observed or worked out.",
    "achievement": "Whether it had been achieved when the source was written.",
    "period_kind": "How the period is meant.",
    "period_start": "The first day.",
    "period_end": "The last day.",
    "period_text": "The period as the site writes it.",
    "place_code": "The smallest organisation or area known to hold it.",
    "place_text": "The place as the site writes it, with the part of it that the source names.",
    "gross_or_net": "Before or after what it cost.",
    "horizon": "Within a year or over several.",
    "cash_releasing": "Whether money can be taken out.",
    "price_year": "The year whose prices it is in: 2024 is 2024/25.",
    "population": "Whom it is measured in.",
    "population_size": "How many they are.",
    "staff_group": "Which staff it is measured in.",
    "method": "How it was worked out.",
    "attribution_share": "The part due to the entry, from 0 to 1.",
    "note": "What else is to be known of it.",
    "source_key": "The source: its key in the table of evidence.",
    "source_title": "The source’s title.",
    "source_url": "Where the source stands.",
    "locator": "Words or page to find the place in the source. The words are the source’s.",
    "statement": "What is said, without a source.",
    "said_by": "Who says so.",
    "key": "What the site calls it.",
    "publisher": "Who published it.",
    "doi": "Its digital object identifier.",
    "independence": "Whether who evaluated it had an interest.",
    "setting": "Whether it was studied where it would be used.",
    "sample": "How many were studied.",
    "known_through_key": "Where we read of it, if we have not read it itself: a key of this table.",
    "known_through_title": "That source’s title.",
    "known_through_url": "Where that source stands.",
    "name": "What people call it.",
    "topic": "What sort of thing is counted.",
    "unit": "The unit; never mixed.",
    "direction": "Whether more is better.",
    "definition": "What is counted, exactly.",
    "why_it_matters": "Why it matters.",
    "how_worked_out": "How it is worked out.",
    "caveats": "What a reader must know before quoting it.",
    "author": "Who wrote the measure.",
    "checker": "Who checked it.",
    "id": "An id that stays the same.",
    "stage": "How far it has been taken up.",
    "stop_reason": "Why it stopped.",
    "organisation_code": "The organisation.",
    "organisation_name": "Its name.",
    "group": "Who is counted.",
    "count": "How many of them.",
    "denominator": "Out of how many.",
    "share_percent": "The same in percent.",
    "as_at": "As at which day.",
    "entry_slug": "The entry it is of.",
    "entry_kind": "The entry’s kind.",
    "entry_title": "The entry’s title.",
    "entry_url": "Where the entry stands.",
    "short_name": "As people say it.",
    "abbreviation": "The letters people use for it.",
    "trust_type": "Which type of trust it is.",
    "town": "Where it has its seat.",
    "region_code": "The NHS region it lies in.",
    "region_name": "That region’s name.",
    "opened_on": "The first day.",
    "legal_form": "Its form in law.",
    "code": "What the NHS calls it.",
    "within_code": "The organisation or area it lay in.",
    "within_name": "That one’s name.",
    "on": "The day.",
    "text": "In words.",
    "barrier_kind": "What kind of barrier it is.",
    "start": "The first day; empty: since before our records.",
    "adoption_stage": "The furthest stage that is known.",
    "system_of_codes": "Whose list the code is of.",
    "counts_people": "Whether a total may count a person twice.",
    "public_figures": "How many figures of published entries use it.",
}


class ClaimOfEntry(CoverageClaimSerializer):
    """An aggregate claim with the entry it is of."""

    entry = NamedEntry()
    note = NotStated()
    source = NamedEvidence(source="evidence")


@dataclass(frozen=True)
class Table:
    """One table. Rows of a part (`of`) hang on another's, whose `key` columns come first."""

    name: str
    about: str
    row: type[Told]
    of: str = ""
    key: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def own(self) -> list[Column]:
        return columns_of(self.row(), ABOUT, without=self.without, told=self.told)

    @cached_property
    def columns(self) -> list[Column]:
        above = [Column(name, (inner,), "text", self.told.get(name) or ABOUT[name]) for name, inner in self.key]
        return [*above, *self.own]

    def lines(self, row: Mapping[str, Any]) -> Iterator[list[str]]:
        """Yield this table's rows of one row of its walk."""
        if not self.of:
            yield cells(row, self.own)
            return
        above = [str(row[inner]) for _, inner in self.key]
        for part in row[self.of]:
            yield [*above, *cells(part, self.own)]


@dataclass(frozen=True)
class Walk:
    """Rows of one kind, each fetched and told as the API tells it; JSON Lines have them whole."""

    name: str
    about: str
    rows: Callable[[], Any]
    row: type[Told]
    tables: tuple[Table, ...]
    told: Callable[[Sequence[Any]], Sequence[Any]] = list

    def chunks(self) -> Iterator[list[dict[str, Any]]]:
        """Yield all rows, some at a time: a constant number of queries for each lot, and no more than one in memory."""
        last = 0
        while some := list(self.rows().filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
            last = some[-1].pk
            yield list(self.row(self.told(some), many=True).data)


OF_ENTRY = (("entry_slug", "slug"), ("entry_kind", "kind"), ("entry_title", "title"), ("entry_url", "url"))
LEADS = {column.name for column in columns_of(FigureSerializer(), ABOUT)} - {"id", "text"}
PARTS = ("figures", "evidence", "claims_without_source", "participants", "learning_points")
NOT_FLAT = (*PARTS, *(f"headline_{name}" for name in LEADS))
PARTS_OF_ENTRY = (
    Table("figures", "Figures of entries, each with its source.", FigureSerializer, "figures", OF_ENTRY),
    Table("citations", "Which entry cites what, and what that found.", CitationSerializer, "evidence", OF_ENTRY),
    Table("claims", "Statements without a source.", ClaimSerializer, "claims_without_source", OF_ENTRY),
)
OF_ORGANISATION = (("organisation_code", "code"), ("organisation_name", "name"))


def _entries(view: Any, name: str, about: str, *parts: Table, told: Mapping[str, str]) -> Walk:
    table = Table(name, about, view.serializer_class, without=NOT_FLAT, told=told)
    return Walk(
        name,
        f"{about} Whole: with figures, citations and claims.",
        lambda: view().get_queryset(),
        view.serializer_class,
        (table, *PARTS_OF_ENTRY, *parts),
        with_what_is_told,
    )


def _list(name: str, about: str, rows: Callable[[], Any], row: Any, *parts: Table, **more: Any) -> Walk:
    return Walk(name, about, rows, row, (Table(name, about, row, **more), *parts))


WALKS: tuple[Walk, ...] = (
    _entries(
        InnovationOne,
        "innovations",
        "Published innovations.",
        told={"kind": "Always innovation.", "case_studies": "Case studies that use it: slugs."},
    ),
    _entries(
        CaseStudyOne,
        "case_studies",
        "Published case studies.",
        Table(
            "participants",
            "Who took part in case studies.",
            ParticipantSerializer,
            "participants",
            OF_ENTRY,
            told={"role": "Its part."},
        ),
        Table(
            "learning_points",
            "What helped, what stood in the way, what was learned.",
            LearningPointSerializer,
            "learning_points",
            OF_ENTRY,
            told={"kind": "Whether it helped, stood in the way or was learned."},
        ),
        told={"kind": "Always case_study.", "innovations_used": "Innovations it uses: slugs."},
    ),
    _list(
        "evidence",
        "The evidence that published entries cite.",
        lambda: EvidenceList().get_queryset(),
        EvidenceList.serializer_class,
        without=("cited_by",),
    ),
    _list(
        "measures",
        "The dictionary of measures.",
        lambda: MeasureList().get_queryset(),
        MeasureList.serializer_class,
    ),
    _list(
        "adoption",
        "Which organisation reached which stage of taking up an entry.",
        lambda: AdoptionList().get_queryset(),
        AdoptionList.serializer_class,
    ),
    _list(
        "coverage_claims",
        "What sources claim of whole groups; never mixed with records of organisations.",
        lambda: CoverageClaim.objects.public().select_related("entry", "evidence"),
        ClaimOfEntry,
    ),
    _list(
        "organisations",
        "Bodies and areas with a code, open and closed.",
        OrganisationOne.queryset.all,
        OrganisationOne.serializer_class,
        Table("former_names", "What organisations were called.", FormerNameSerializer, "former_names", OF_ORGANISATION),
        Table("other_codes", "Codes in other lists.", OtherCodeSerializer, "other_codes", OF_ORGANISATION),
        Table("memberships", "What lay in what, and when.", MembershipSerializer, "memberships", OF_ORGANISATION),
        Table(
            "successions",
            "What became of organisations.",
            SuccessorSerializer,
            "successors",
            (("predecessor_code", "code"), ("predecessor_name", "name")),
            told={
                "predecessor_code": "What went over, or a part of it.",
                "predecessor_name": "Its name.",
                "organisation_code": "What it went over into.",
            },
        ),
        without=("former_names", "other_codes", "memberships", "predecessors", "successors"),
    ),
)
TABLES: dict[str, Table] = {table.name: table for walk in WALKS for table in walk.tables}
