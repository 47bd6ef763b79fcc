"""Load one entry's file: its row, children, revision and adoption facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from casestudies.models import CaseStudy, LearningPoint, Participant
from innovations.models import Innovation
from portal.adoption.models import AdoptionRecord, CoverageClaim
from portal.benefits.models import BenefitFigure, Measure
from portal.catalogue.models import (
    Claim,
    Entry,
    EntryChange,
    EntryEvidence,
    OtherName,
)
from portal.catalogue.services import publish_entry
from portal.evidence.models import Evidence
from portal.exchange.loading.reference import NOT_STATED, TAG_LISTS, public_id, value_fields
from portal.exchange.schema import AdoptionItem, CaseStudyFile, EntryFile, FigureItem, InnovationFile
from portal.organisations.models import Organisation

# What an entry's file calls a list, and the list's name among the tags.
LISTS_OF_AN_ENTRY = {**{name: name for name in TAG_LISTS}, "kinds": "innovation_kinds"}
# Fields that a file and an entry call the same; a file's "left out" is the database's empty text.
SAME_NAMES = {
    Entry: "title summary challenge family policy_answered scope where_it_may_not_work what_it_needs contact_role "
    "caveats",
    Innovation: "supplier_or_lead how_it_works eligibility cost_band cost_drivers ease_of_adoption nice_status "
    "nice_reference",
    CaseStudy: "system period status status_note approach outcomes lessons_reading agreement bank_model",
}


@dataclass
class References:
    """What an entry's file may point at, by the key it uses."""

    organisations: dict[str, Organisation]
    evidence: dict[str, Evidence]
    measures: dict[str, Measure] = field(default_factory=dict)
    tags: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.measures = {measure.key: measure for measure in Measure.objects.all()}
        self.tags = {
            name: {tag.slug: tag for tag in TAG_LISTS[list_name]._default_manager.all()}
            for name, list_name in LISTS_OF_AN_ENTRY.items()
        }


def load_entry(slug: str, file: EntryFile, references: References) -> Entry:
    """Create or update the entry and publish it; return it live."""
    model: type[Entry] = Innovation if isinstance(file, InnovationFile) else CaseStudy
    entry = model.objects.filter(slug=slug).first() or model(slug=slug)
    for name in f"{SAME_NAMES[Entry]} {SAME_NAMES[model]}".split():
        setattr(entry, name, getattr(file, name) or "")
    entry.last_reviewed_on, entry.next_review_on = file.reviewed, file.next_review
    entry.owner_network = references.organisations[file.owner_network] if file.owner_network else None
    _set_lists(entry, file, references)
    _set_children(entry, slug, file, references)
    if isinstance(entry, CaseStudy) and isinstance(file, CaseStudyFile):
        _set_case_study_children(entry, file, references)
    publish_entry(entry=entry, origin=EntryChange.Origin.DATA_FILES)
    return entry


def _in_order(rows: Iterable[Any]) -> list[Any]:
    """Number the children as the file has them: without a number their order is the database's whim."""
    numbered = list(rows)
    for number, row in enumerate(numbered):
        row.sort_order = number
    return numbered


def _set_lists(entry: Entry, file: EntryFile, references: References) -> None:
    entry.save()
    for name, tags in references.tags.items():
        if hasattr(file, name):
            setattr(entry, name, [tags[slug] for slug in getattr(file, name)])
    entry.lead_organisations = [references.organisations[code] for code in file.lead_organisations]
    entry.places = [references.organisations[code] for code in file.places]


def _set_children(entry: Entry, slug: str, file: EntryFile, references: References) -> None:
    entry.other_names = _in_order(OtherName(name=name) for name in file.other_names)
    entry.claims = _in_order(
        Claim(
            public_id=public_id(f"{slug}#statement#{item.statement}"),
            statement=item.statement,
            said_by=item.said_by or "",
        )
        for item in file.claims
    )
    entry.evidence_links = _in_order(
        EntryEvidence(
            public_id=public_id(f"{slug}#evidence#{item.key}"),
            evidence=references.evidence[item.key],
            finding=item.finding or "",
            locator=item.locator or "",
        )
        for item in file.evidence
    )
    entry.figures = _in_order(_figure(slug, item, references) for item in file.figures)


def _figure(slug: str, item: FigureItem, references: References) -> BenefitFigure:
    values = value_fields(item, references.organisations) | {
        "public_id": figure_id(slug, item.key),
        "place_not_stated": item.place == NOT_STATED,
        "measure": references.measures[item.measure],
        "evidence": references.evidence[item.source],
        "role": item.role,
        "achievement": item.achievement,
        "change": item.change or "",
        "monetised": _yes_no(item.monetised),
        "gross_or_net": item.gross_or_net or "",
        "horizon": item.horizon or "",
        "cash_releasing": _yes_no(item.cash_releasing),
        "price_year": item.price_year,
        "population": item.population or "",
        "population_size": item.population_size,
        "staff_group": item.staff_group or "",
        "method": item.method or "",
        "attribution_share": item.attribution_share,
        "locator": item.locator or "",
        "restates": figure_id(slug, item.restates) if item.restates else None,
        "supersedes": figure_id(slug, item.supersedes) if item.supersedes else None,
        "contradicts": figure_id(slug, item.contradicts) if item.contradicts else None,
        "overlap_group": item.overlap_group or "",
    }
    return BenefitFigure(**values)


def figure_id(slug: str, key: str) -> UUID:
    """Return the public id of a figure named by its key, or by "other-slug#key"."""
    return public_id(f"figure#{key}" if "#" in key else f"figure#{slug}#{key}")


def _yes_no(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]


def _set_case_study_children(entry: CaseStudy, file: CaseStudyFile, references: References) -> None:
    entry.innovations_used = list(Innovation.objects.filter(slug__in=file.innovations_used))
    entry.participants = _in_order(
        Participant(
            name=item.name,
            role=item.role or "",
            organisation=references.organisations[item.code] if item.code else None,
        )
        for item in file.participants
    )
    points = [LearningPoint(kind="enabler", text=text) for text in file.enablers]
    points += [LearningPoint(kind="barrier", barrier_kind=item.kind, text=item.text) for item in file.barriers]
    points += [LearningPoint(kind="lesson", text=text) for text in file.lessons]
    entry.learning_points = _in_order(points)


def load_adoption(slug: str, entry: Entry, file: EntryFile, references: References) -> list[str]:
    """Create or update the entry's adoption records and claims; return their public ids."""
    made: list[str] = []
    for position, item in enumerate(file.adoption):
        if item.group:
            made.append(_load_claim(slug, entry, item, position, references))
        for code in item.organisations or []:
            made.append(_load_record(slug, entry, item, code, references))
    return made


def _load_record(slug: str, entry: Entry, item: AdoptionItem, code: str, references: References) -> str:
    identifier = public_id(f"adoption#{slug}#{code}#{item.stage}#{item.date or ''}")
    values = {
        "entry_id": entry.pk,
        "organisation": references.organisations[code],
        "stage": item.stage,
        "on": item.date or "",
        "stop_reason": item.stop_reason or "",
        "extent": item.extent or "",
        "note": item.note or "",
        "evidence": references.evidence[item.source],
    }
    AdoptionRecord.objects.update_or_create(public_id=identifier, defaults=values)
    return str(identifier)


def _load_claim(slug: str, entry: Entry, item: AdoptionItem, position: int, references: References) -> str:
    identifier = public_id(f"claim#{slug}#{position}")
    values = {
        "entry_id": entry.pk,
        "group": item.group,
        "place": references.organisations[item.place] if item.place else None,
        "stage": item.stage,
        "qualifier": item.qualifier,
        "count": item.count,
        "denominator": item.denominator,
        "share_percent": item.share_percent,
        "unit": item.unit or "",
        "as_at": item.date or "",
        "note": item.note or item.extent or "",
        "evidence": references.evidence[item.source],
        "position": position,
    }
    CoverageClaim.objects.update_or_create(public_id=identifier, defaults=values)
    return str(identifier)
