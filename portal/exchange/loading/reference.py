"""Load what entries refer to: tags, measures, evidence and the networks' own totals."""

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from innovations.models import InnovationKind, Programme
from portal.adoption.models import ConfirmationPeriod
from portal.benefits.models import Measure, NetworkClaim, WorkingTime
from portal.catalogue.models import CareSetting, PlanStrand, StaffGroup, Synonyms, Theme, WorkforceChallenge
from portal.core.models import Tag
from portal.evidence.models import Evidence
from portal.exchange.data_files import DataFiles
from portal.exchange.periods import read_period
from portal.exchange.schema import EvidenceItem, TagItem, ValueItem
from portal.organisations.models import Organisation

NOT_STATED = "not stated"


def public_id(name: str) -> UUID:
    """Return the same id for the same name on every machine, so that links survive a reload."""
    return uuid5(NAMESPACE_URL, f"workforce-innovation-portal/{name}")


TAG_LISTS: dict[str, type[Tag]] = {
    "themes": Theme,
    "plan_strands": PlanStrand,
    "care_settings": CareSetting,
    "staff_groups": StaffGroup,
    "workforce_challenges": WorkforceChallenge,
    "innovation_kinds": InnovationKind,
    "programmes": Programme,
}


def load_tags(files: DataFiles) -> None:
    for name, model in TAG_LISTS.items():
        _load_list(model, getattr(files.tags, name))


def _load_list(model: type[Tag], items: Iterable[TagItem]) -> None:
    for position, item in enumerate(items):
        values = item.model_dump(exclude={"slug"})
        values |= {"definition": item.definition or "", "position": position}
        model._default_manager.update_or_create(slug=item.slug, defaults=values)


def load_synonyms(files: DataFiles) -> None:
    """Add the rows that are not there yet: what people changed on the editing site stays as they made it."""
    for item in files.synonyms.synonyms:
        values = {"terms": "\n".join(item.terms), "why": item.why}
        Synonyms.objects.get_or_create(key=item.key, defaults=values)


def load_measures(files: DataFiles) -> None:
    for key, measure in files.measures.items():
        texts = measure.model_dump(exclude={"reviewed", "next_review"})
        # What a file left out is the empty text that the database keeps for it.
        values = {name: "" if value is None else value for name, value in texts.items()}
        values |= {
            "price_year": measure.price_year,
            "reviewed_on": measure.reviewed,
            "next_review_on": measure.next_review,
        }
        Measure.objects.update_or_create(key=key, defaults=values)


def load_working_time(files: DataFiles) -> None:
    for item in files.working_time.working_time:
        values = item.model_dump(exclude={"valid_from"})
        WorkingTime.objects.update_or_create(valid_from=item.valid_from, defaults=values)


def load_confirmation_periods(files: DataFiles) -> None:
    for item in files.confirmation_periods.confirmation_periods:
        values = {"months": item.months, "reviewed_on": item.reviewed, "why": item.why or ""}
        ConfirmationPeriod.objects.update_or_create(valid_from=item.valid_from, defaults=values)


def load_evidence(files: DataFiles) -> dict[str, Evidence]:
    """Create or update every source; return them by key."""
    items = [*files.shared_evidence]
    items += [item for _, entry in files.entries() for item in entry.evidence if not item.shared]
    found = {
        item.key: Evidence.objects.update_or_create(key=item.key, defaults=_evidence_values(item))[0] for item in items
    }
    for item in items:
        if item.known_through:
            Evidence.objects.filter(key=item.key).update(known_through=found[item.known_through])
    return found


def _evidence_values(item: EvidenceItem) -> dict[str, Any]:
    return {
        "title": item.title,
        "publisher": item.publisher,
        "published": item.date or "",
        "date_inferred": item.date_inferred,
        "url": item.url or "",
        "doi": item.doi or "",
        "type": item.type or "",
        "design_level": item.design_level,
        "independence": item.independence or "",
        "setting": item.setting or "",
        "sample": item.sample or "",
        "read_extent": item.read or "",
    }


def value_fields(item: ValueItem, organisations: dict[str, Organisation]) -> dict[str, Any]:
    """Return what a benefit figure and a network's own total have in common."""
    period = read_period(item.period)
    return {
        "key": item.key,
        "label": item.label,
        "value": item.value,
        "low": item.low,
        "high": item.high,
        "counted": item.counted or "",
        "per": item.per or "",
        "qualifier": item.qualifier,
        "basis": item.basis,
        "period_kind": period.kind,
        "period_start": period.start,
        "period_end": period.end,
        "period_note": item.period_note or "",
        "place": None if item.place == NOT_STATED else organisations[item.place],
        "place_note": item.place_note or "",
        "note": item.note or "",
    }


def load_network_claims(
    files: DataFiles, organisations: dict[str, Organisation], evidence: dict[str, Evidence]
) -> None:
    measures = {measure.key: measure for measure in Measure.objects.all()}
    for item in files.network_claims.claims:
        values = value_fields(item, organisations) | {
            "public_id": public_id(f"network-claims#{item.key}"),
            "said_by": item.said_by,
            "measure": measures[item.measure],
            "evidence": evidence[item.source],
        }
        NetworkClaim.objects.update_or_create(key=item.key, defaults=values)
