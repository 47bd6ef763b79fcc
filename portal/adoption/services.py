"""Writes of adoption: events recorded and verified, and a file of returns.

Whether a person may do it is the caller's question.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from portal.adoption.models import AdoptionRecord, Reply, Stage, StopReason
from portal.catalogue.models import CatalogueVersion, Entry, EntryChange
from portal.catalogue.services import record_change
from portal.core.partial_dates import NotAPartialDate, check_partial_date, first_day
from portal.organisations.models import Organisation

RETURN_COLUMNS = ("entry", "organisation", "stage", "on", "stop_reason", "extent", "said_by")
AT_ONCE = 2000


class NotVerifiable(Exception):
    """A record can't be verified by this person; the text says why, fit to show."""


class AlreadyDecided(Exception):
    """Somebody else decided about a reply first; fit to show."""


class BrokenReturns(Exception):
    """A file of returns has problems; nothing of it was loaded. One line each: row, column, reason and fix."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@transaction.atomic
def record_event(*, record: AdoptionRecord, by: Any, origin: str = EntryChange.Origin.SCREEN) -> AdoptionRecord:
    """Save an event that somebody entered or corrected: reported, and not yet verified. Raises ValidationError."""
    record.reported_by = by
    record.full_clean()
    record.save()
    what = f"{record.organisation.code}: {record.get_stage_display().lower()}, {record.on or 'date not stated'}."
    record_change(entry=record.entry, by=by, action=EntryChange.Action.ADOPTION, origin=origin, reason=what)
    return record


def verify_record(*, record: AdoptionRecord, by: Any) -> None:
    """Mark that somebody else than who entered it has checked the event against its source."""
    if record.reported_by_id == by.pk:
        raise NotVerifiable("Nobody verifies what they entered. Ask a colleague in your network.")
    if record.verified_at:
        raise NotVerifiable("It is verified already.")
    record.verified_by, record.verified_at = by, timezone.now()
    record.save(update_fields=["verified_by", "verified_at"])


@transaction.atomic
def accept_reply(*, reply: Reply, by: Any) -> AdoptionRecord:
    """Take what an organisation said instead of the record it contradicts: a new event, verified by this person."""
    _decide(reply, Reply.State.ACCEPTED, by, "")
    record, _ = AdoptionRecord.objects.update_or_create(
        entry=reply.entry,
        organisation=reply.organisation,
        stage=reply.stage,
        on=f"{reply.said_on:%Y-%m-%d}",
        defaults=event_values(reply) | {"verified_by": by, "verified_at": timezone.now()},
    )
    Reply.objects.filter(pk=reply.pk).update(record=record)
    return record


@transaction.atomic
def refuse_reply(*, reply: Reply, by: Any, why: str) -> None:
    _decide(reply, Reply.State.REFUSED, by, why[:500])


def _decide(reply: Reply, state: str, by: Any, why: str) -> None:
    decided = {"state": state, "decided_by": by, "decided_at": timezone.now(), "decided_why": why}
    if not Reply.objects.waiting().filter(pk=reply.pk).update(**decided):
        raise AlreadyDecided("Somebody has decided about this reply already.")


def event_values(reply: Reply) -> dict[str, Any]:
    return {"stop_reason": reply.stop_reason, "note": reply.note, "said_by": "The organisation’s contact"}


@dataclass(frozen=True)
class Loaded:
    """How many rows of a file of returns are new, and how many were there already."""

    new: int
    known: int


def load_returns(rows: Iterable[Mapping[str, str]], *, by: Any = None) -> Loaded:
    """Add a file of returns, all or nothing: one row for each organisation, entry and date.

    Rows that are there already are passed over, so that a file can be loaded again. Raises
    BrokenReturns with every problem, by row as a spreadsheet numbers them.
    """
    entries = dict(Entry.objects.public().values_list("slug", "pk"))
    organisations = {code.upper(): pk for code, pk in Organisation.objects.values_list("code", "pk")}
    records, problems = [], []
    for number, row in enumerate(rows, start=2):
        found = list(_problems(row, entries, organisations))
        problems += [f"row {number}: {problem}" for problem in found]
        if not found:
            records.append(_record(row, entries, organisations, by))
    if problems:
        raise BrokenReturns(problems)
    with transaction.atomic():
        before = AdoptionRecord.objects.count()
        AdoptionRecord.objects.bulk_create(records, batch_size=AT_ONCE, ignore_conflicts=True)
        new = AdoptionRecord.objects.count() - before
        CatalogueVersion.move()
    return Loaded(new=new, known=len(records) - new)


def _record(row: Mapping[str, str], entries: dict[str, int], organisations: dict[str, int], by: Any) -> AdoptionRecord:
    return AdoptionRecord(
        entry_id=entries[row["entry"]],
        organisation_id=organisations[row["organisation"].upper()],
        stage=row["stage"],
        on=row["on"],
        stop_reason=row.get("stop_reason") or "",
        extent=row.get("extent") or "",
        said_by=row.get("said_by") or "",
        reported_by_id=by.pk if by else None,
    )


def _problems(row: Mapping[str, str], entries: dict[str, int], organisations: dict[str, int]) -> Iterable[str]:
    value = {name: (row.get(name) or "").strip() for name in RETURN_COLUMNS}
    if value["entry"] not in entries:
        yield f"entry: no published entry has the address “{value['entry'][:60]}”. Use the last part of its page’s."
    if value["organisation"].upper() not in organisations:
        yield f"organisation: no organisation has the code “{value['organisation'][:40]}”. Use its ODS code."
    if value["stage"] not in Stage.values:
        yield f"stage: “{value['stage'][:20]}” is no stage. Use one of {', '.join(Stage.values)}."
    if (value["stage"] == Stage.STOPPED) != (value["stop_reason"] in StopReason.values):
        yield f"stop_reason: give one when, and only when, the stage is stopped: {', '.join(StopReason.values)}."
    if not value["said_by"]:
        yield "said_by: it is empty. Say who reported this."
    for name, most in (("extent", 200), ("said_by", 200)):
        if len(value[name]) > most:
            yield f"{name}: it is longer than {most} characters. Shorten it."
    try:
        check_on(value["on"])
    except ValidationError as error:
        yield f"on: {error.messages[0]}"


def check_on(text: str) -> date:
    """Return the first day a date can mean; raise ValidationError for none, no date and days to come."""
    try:
        day = first_day(check_partial_date(text))
    except NotAPartialDate as error:
        raise ValidationError(str(error)) from error
    if day > timezone.localdate():
        raise ValidationError(f"{text} has not come yet. Give the day on which it was so.")
    return day
