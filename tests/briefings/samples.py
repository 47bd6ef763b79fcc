"""Entries that use every part of a pack, and how a test gets a pack of them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from casestudies.models import LearningPoint
from portal.briefings import making
from portal.briefings.models import BriefingPack
from portal.briefings.options import PackOptions
from portal.briefings.services import ask_for_pack
from portal.briefings.snapshot import build_snapshot, read_entries
from portal.catalogue.models import Entry
from tests.factories import (
    AdoptionRecordFactory,
    BriefingPackFactory,
    CareSettingFactory,
    CaseStudyFactory,
    ClaimFactory,
    CoverageClaimFactory,
    EvidenceFactory,
    InnovationFactory,
    InnovationKindFactory,
    LearningPointFactory,
    MeasureFactory,
    NetworkFactory,
    ParticipantFactory,
    PlanStrandFactory,
    StaffGroupFactory,
    ThemeFactory,
    TrustFactory,
    add_figure,
    cite,
    publish,
)


def full_entry(number: int, **fields: Any) -> Entry:
    """A live innovation (odd numbers) or case study (even) with something in every list."""
    common = {
        "owner_network": NetworkFactory(),
        "themes": [ThemeFactory()],
        "care_settings": [CareSettingFactory()],
        "staff_groups": [StaffGroupFactory()],
        "plan_strands": [PlanStrandFactory()],
        "lead_organisations": [TrustFactory()],
        "other_names": [f"Other name {number}"],
        **fields,
    }
    entry = InnovationFactory(kinds=[InnovationKindFactory()], **common) if number % 2 else _case_study(common)
    _add_facts(entry)
    publish(entry)
    return entry


def _case_study(common: dict[str, Any]) -> Entry:
    case_study = CaseStudyFactory(innovations_used=[InnovationFactory(published=True)], **common)
    ParticipantFactory(case_study=case_study)
    for kind in LearningPoint.Kind.values:
        LearningPointFactory(case_study=case_study, kind=kind)
    return case_study


def _add_facts(entry: Entry) -> None:
    through = EvidenceFactory()
    add_figure(entry, place=TrustFactory(), evidence__known_through=through)
    cite(entry, finding="Fewer shifts stayed empty.")
    ClaimFactory(entry=entry)
    AdoptionRecordFactory(entry=entry)
    CoverageClaimFactory(entry=entry, count=42, denominator=42, unit="ICBs", place=NetworkFactory())


ISSUE = {"number": 7, "issue": 1, "address": "http://localhost:8000/packs/token/", "short_address": ""}


def snapshot_of(
    *entries: Entry,
    title: str = "Options for the board",
    as_at: date = date(2026, 1, 31),
    since: Any = None,
    **chosen: Any,
) -> Any:
    """The data that render_pack takes, with what belongs to an issue; `chosen` are options of the pack."""
    with transaction.atomic():
        rows = read_entries([entry.slug for entry in entries])
    options = PackOptions(title=title, purpose="approval", **chosen)
    return {**build_snapshot(entries=rows, options=options, as_at=as_at, since=since), **ISSUE}


def queue_pack(
    *entries: Entry, title: str = "Options for the board", by: str = "", is_private: bool = False, **choices: Any
) -> BriefingPack:
    chosen = entries or (InnovationFactory(published=True),)
    options = PackOptions(title=title, purpose="approval", **choices)
    return ask_for_pack(slugs=[entry.slug for entry in chosen], options=options, by=by, is_private=is_private)


def after(pack: BriefingPack) -> BriefingPack:
    """Make a pack that was claimed, and return what its row says then."""
    making.make_pack(pack)
    pack.refresh_from_db()
    return pack


def quoted_figure(entry: Entry) -> str:
    """Give an entry a figure whose text shows qualifier, money and rate; return that text."""
    money = MeasureFactory(unit="GBP", additive=False)
    add_figure(entry, measure=money, value=Decimal("70.4"), per="user", qualifier="about")
    return "About £70.40 per user"


def change_figure(entry: Entry, value: int) -> None:
    """Publish an entry anew with another value of its one figure."""
    row = entry.figures.get()
    row.value = Decimal(value)
    row.save()
    publish(Entry.objects.get(pk=entry.pk).specific)


def make_ready(pack: BriefingPack) -> BriefingPack:
    """Give a pack its file as a worker does, at once."""
    ready = BriefingPackFactory.build(ready=True, token=pack.token)
    pack.file.save(f"{pack.token}.pdf", ready.file, save=False)
    pack.state, pack.page_count, pack.file_size, pack.finished_at = BriefingPack.State.READY, 3, 8, timezone.now()
    pack.save()
    return pack
