"""What programs report by key beside drafts: who has taken up an entry, and sources to cite."""

from copy import copy
from dataclasses import replace
from typing import Annotated, Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from pydantic import Field
from rest_framework.request import Request

from portal.accounts.keys import person_behind
from portal.accounts.models import NetworkKey
from portal.accounts.permissions import Action, may, within_reach
from portal.adoption.api import AdoptionList, AdoptionRecordSerializer
from portal.adoption.models import AdoptionRecord, Stage
from portal.adoption.services import record_event
from portal.catalogue.models import Entry, EntryChange
from portal.core.api import Answering, NotAnswered, NotThere, Operation, Problem, check_match, etag_of, own_answer
from portal.core.api.problems import SHOWN, NotAllowed, NotNow
from portal.core.api.shapes import Key, Shape, one_of, problems_of_form, read_sent, said_in, text_of
from portal.editing.adoption_forms import EventForm
from portal.editing.forms import EvidenceForm, has_address, has_doi
from portal.evidence.api import NamedEvidence
from portal.evidence.models import Evidence

ADOPTION = NetworkKey.Scope.ADOPTION.value
DRAFTS = NetworkKey.Scope.DRAFTS.value


class AdoptionEvent(Shape):
    """One organisation reached one stage of taking up one of your network's entries, on a date somebody stated."""

    entry: Key
    organisation: Key
    stage: one_of(Stage)  # type: ignore[valid-type]
    on: text_of(10)  # type: ignore[valid-type]
    stop_reason: said_in(AdoptionRecord, "stop_reason")  # type: ignore[valid-type]
    extent: said_in(AdoptionRecord, "extent")  # type: ignore[valid-type]
    note: said_in(AdoptionRecord, "note")  # type: ignore[valid-type]
    said_by: said_in(AdoptionRecord, "said_by")  # type: ignore[valid-type]
    source: Key | None = None


RECORD = Operation(ADOPTION, told=AdoptionRecordSerializer, sent=AdoptionEvent)
FIELDS = ("organisation", "stage", "on", "stop_reason", "extent", "note", "said_by", "evidence")


class AdoptionEvents(AdoptionList):
    """What was reported of published entries, in the order in which it was entered. Silence is not a no.

    A network's system records an event of one of its entries; the same event again changes nothing.
    """

    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]
    operations: ClassVar[dict[str, Operation]] = {"POST": replace(RECORD, makes=True, refused=(409,))}

    def post(self, request: Request) -> Any:
        sent, person = read_sent(request, AdoptionEvent), person_behind(self.key)
        entries = within_reach(Entry.objects.all(), person, [Action.RECORD_ADOPTION])
        entry = entries.filter(slug=sent.entry).first()
        if entry is None:
            text = f"Your network has no entry “{sent.entry[:SHOWN]}”."
            raise NotAnswered([Problem("entry", text, "Give the slug of an entry that your network keeps.")])
        same = {"organisation__code__iexact": sent.organisation, "stage": sent.stage, "on": sent.on}
        known = AdoptionRecord.objects.filter(entry=entry, **same).for_rows().first()
        if known is None:
            return _answer(request, _write(AdoptionRecord(), sent, entry, person), status=201)
        if _values(known) != _values(_filled(known, sent, entry)):
            fix = f"Change it at /api/v1/adoption/{known.public_id}/."
            raise NotNow([Problem("on", "This stage on this date is recorded already, in other words.", fix)])
        return _answer(request, known)


class AdoptionEventOne(Answering):
    """One adoption record of the key's network, to be read and, until somebody has verified it, corrected."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "put"]
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(ADOPTION, told=AdoptionRecordSerializer),
        "PUT": replace(RECORD, matched=True),
    }

    def get(self, request: Request, id: UUID) -> Any:
        return _answer(request, self._record(id))

    def put(self, request: Request, id: UUID) -> Any:
        sent = read_sent(request, AdoptionEvent)
        with transaction.atomic():
            record = self._record(id, for_update=True)
            before, etag = _values(record), etag_of(_told(record))
            if sent.entry != record.entry.slug:
                fix = "Record another event for another entry."
                raise NotAnswered([Problem("entry", "An event stays with its entry.", fix)])
            after = _filled(record, sent, record.entry)
            if _values(after) != before:
                check_match(request, etag)
                if record.verified_at:
                    fix = "Record a new event with its own date, or ask a colleague."
                    raise NotNow([Problem("verified_at", "Somebody has verified this record.", fix)])
                _save(after, person_behind(self.key))
        return _answer(request, self._record(id))

    def _record(self, id: UUID, *, for_update: bool = False) -> AdoptionRecord:
        own = within_reach(Entry.objects.all(), person_behind(self.key), [Action.RECORD_ADOPTION])
        rows = AdoptionRecord.objects.filter(entry__in=own.order_by().values("pk"), public_id=id).for_rows()
        record = (rows.select_for_update(of=("self",)) if for_update else rows).first()
        if record is None:
            text = "Your network has no adoption record with this id."
            raise NotThere([Problem("id", text, "Take the one you were told when you recorded it.")])
        return record


def _told(record: AdoptionRecord) -> dict[str, Any]:
    return dict(AdoptionRecordSerializer(record).data)


def _answer(request: Request, record: AdoptionRecord, *, status: int = 200) -> Any:
    return own_answer(request, _told(record), status=status)


def _values(record: AdoptionRecord) -> tuple[Any, ...]:
    fields: list[Any] = [AdoptionRecord._meta.get_field(name) for name in FIELDS]
    return tuple(getattr(record, field.attname) for field in fields)


def _filled(record: AdoptionRecord, sent: AdoptionEvent, entry: Entry) -> AdoptionRecord:
    """Return a copy of a record with what was sent, held to the rules of the screens' form."""
    cited = {link.evidence.key: link.evidence_id for link in entry.evidence_links.select_related("evidence")}
    if sent.source is not None and sent.source not in cited:
        text = f"The entry cites no source “{sent.source[:SHOWN]}”."
        raise NotAnswered([Problem("source", text, "Cite it first, or say in said_by who said so.")])
    data = {name: getattr(sent, name, None) or "" for name in FIELDS}
    data["evidence"] = cited[sent.source] if sent.source else ""
    form = EventForm(data, entry=entry, instance=copy(record))
    if not form.is_valid():
        raise NotAnswered(problems_of_form(form.errors, {"evidence": "source"}))
    return form.instance


def _write(record: AdoptionRecord, sent: AdoptionEvent, entry: Entry, person: Any) -> AdoptionRecord:
    return _save(_filled(record, sent, entry), person)


def _save(record: AdoptionRecord, person: Any) -> AdoptionRecord:
    try:
        return record_event(record=record, by=person, origin=EntryChange.Origin.API)
    except (ValidationError, IntegrityError) as error:  # somebody was quicker by a moment
        raise NotNow([Problem("on", "This was recorded a moment ago.", "Send it again.")]) from error


class SourceSent(Shape):
    """One citable source. One with the same DOI, address, or title, publisher and date is not made twice."""

    title: Annotated[text_of(400), Field(min_length=1)]  # type: ignore[valid-type]
    publisher: said_in(Evidence, "publisher")  # type: ignore[valid-type]
    published: said_in(Evidence, "published")  # type: ignore[valid-type]
    date_inferred: bool = False
    url: said_in(Evidence, "url")  # type: ignore[valid-type]
    doi: said_in(Evidence, "doi")  # type: ignore[valid-type]
    type: said_in(Evidence, "type")  # type: ignore[valid-type]
    design_level: Annotated[int, Field(ge=1, le=5)] | None = None
    independence: said_in(Evidence, "independence")  # type: ignore[valid-type]
    setting: said_in(Evidence, "setting")  # type: ignore[valid-type]
    sample: said_in(Evidence, "sample")  # type: ignore[valid-type]
    read_extent: said_in(Evidence, "read_extent")  # type: ignore[valid-type]


class Sources(Answering):
    """Add a source to cite, or be told the one that is here already."""

    http_method_names: ClassVar[list[str]] = ["post"]
    operations: ClassVar[dict[str, Operation]] = {
        "POST": Operation(DRAFTS, told=NamedEvidence, sent=SourceSent, makes=True)
    }

    def post(self, request: Request) -> Any:
        sent = read_sent(request, SourceSent)
        if not may(person_behind(self.key), Action.ADD):
            text = "Whoever made this key may not add sources."
            raise NotAllowed([Problem("Authorization", text, "Have a key made by an editor.")])
        known = _same_source(sent)
        if known is None:
            given = {name: "" if value is None else value for name, value in sent.model_dump().items()}
            form = EvidenceForm({**given, "is_another": True})
            if not form.is_valid():
                raise NotAnswered(problems_of_form(form.errors))
            known, status = form.save(), 201
        else:
            status = 200
        return own_answer(request, dict(NamedEvidence(known).data), status=status)


def _same_source(sent: SourceSent) -> Evidence | None:
    alike = Q(title__iexact=sent.title, publisher=sent.publisher or "", published=sent.published or "")
    if sent.doi:
        alike |= has_doi(sent.doi)
    if sent.url:
        alike |= has_address(sent.url)
    return Evidence.objects.filter(alike).order_by("pk").first()
