"""Write a document into a draft in memory, or tell everything that is wrong with it at once.

What stands in it has to be right, by the models' own rules; what is missing is asked when it is submitted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import slugify

from casestudies.models import CaseStudy, LearningPoint, Participant
from innovations.models import Innovation
from portal.accounts.permissions import within_reach
from portal.benefits.models import BenefitFigure, Measure
from portal.catalogue.models import Claim, Entry, EntryEvidence, OtherName
from portal.core.api import NotAnswered, Problem
from portal.core.constraints import broken_by
from portal.evidence.models import Evidence
from portal.exchange.drafts.shapes import FIGURE, PLACES, PLAIN, TAGS
from portal.organisations.models import Organisation

LONGEST_KEY = 60
WITHOUT_VALUE = ("", None)
PART_OF = {"period_kind": "period.kind", "period_start": "period.start", "period_end": "period.end"} | {
    "period_note": "period.note",
    "place_note": "place.note",
}
"""What a document calls those of a figure's fields that stand in a part of it."""


@dataclass
class References:
    """What a document points at, by the keys it uses; what isn't there is missing from these."""

    measures: Mapping[str, Measure]
    organisations: Mapping[str, Organisation]
    evidence: Mapping[str, Evidence]
    tags: Mapping[str, Mapping[str, Any]]
    innovations: Mapping[str, Innovation]


def fetch_references(document: Any, model: type[Entry], person: Any) -> References:
    """Fetch all that a document names: a query for each kind of thing."""
    figures, names = document.figures, [name for kind in (Entry, model) for name in TAGS[kind]]
    codes = {*document.lead_organisations, *document.places, *(row.place.code for row in figures)}
    codes |= {row.organisation for row in getattr(document, "participants", ())}
    sources = {*(row.source for row in figures), *(row.source for row in document.evidence)}
    used = getattr(document, "innovations_used", ())
    own = within_reach(Innovation.objects.all(), person).values("pk")
    innovations = Innovation.objects.filter(Q(live=True) | Q(pk__in=own), slug__in=used) if used else ()
    return References(
        measures={row.key: row for row in Measure.objects.filter(key__in={row.measure for row in figures})},
        organisations={row.code: row for row in Organisation.objects.filter(code__in=codes - {None})},
        evidence={row.key: row for row in Evidence.objects.filter(key__in=sources)},
        tags={name: _tags(model, name, getattr(document, name)) for name in names},
        innovations={row.slug: row for row in innovations},
    )


def _tags(model: Any, name: str, slugs: Iterable[str]) -> dict[str, Any]:
    rows = model._meta.get_field(name).related_model._default_manager.filter(slug__in=slugs) if slugs else ()
    return {tag.slug: tag for tag in rows}


def take(draft: Any, document: Any, found: References) -> None:
    """Write a document into the draft in memory; raise NotAnswered with all that is wrong."""
    taking = _Taking(draft, document, found)
    taking.everything()
    if taking.problems:
        raise NotAnswered(taking.problems)


class _Taking:
    def __init__(self, draft: Any, document: Any, found: References) -> None:
        self.draft, self.document, self.found = draft, document, found
        self.problems: list[Problem] = []

    def everything(self) -> None:
        self._own_fields()
        self._lists()
        self.draft.other_names = self._in_order(OtherName(name=name) for name in self._once("other_names"))
        self.draft.evidence_links = self._in_order(self._evidence())
        self.draft.claims = self._in_order(self._claims())
        self.draft.figures = self._in_order(self._figures())
        if isinstance(self.draft, CaseStudy):
            self.draft.participants = self._in_order(self._participants())
            self.draft.learning_points = self._in_order(self._learning_points())

    def _own_fields(self) -> None:
        self.draft.title = self.document.title
        for model in (Entry, type(self.draft)):
            for name in PLAIN[model]:
                _set(self.draft, name, getattr(self.document, name))
        # The slug was looked at by its address; a summary is asked for when it is submitted.
        self._check(self.draft, "", exclude={"slug", "summary"})

    def _lists(self) -> None:
        for name, tags in self.found.tags.items():
            setattr(self.draft, name, self._rows_named(name, tags, "Take slugs from /api/v1/entries/."))
        organisations = self.found.organisations
        for name in PLACES:
            rows = self._rows_named(name, organisations, "Take codes from /api/v1/organisations/.")
            setattr(self.draft, name, rows)
        for number, code in enumerate(self.document.places):
            if code in organisations and organisations[code].kind not in Organisation.AREAS:
                text = f"“{code}” is no board, region or country."
                self.problems.append(Problem(f"places.{number}", text, "Name where it is, not who does it."))
        if isinstance(self.draft, CaseStudy):
            fix = "Take slugs from /api/v1/innovations/, or of your own network’s drafts."
            self.draft.innovations_used = self._rows_named("innovations_used", self.found.innovations, fix)

    def _rows_named(self, name: str, rows: Mapping[str, Any], fix: str) -> list[Any]:
        wanted = dict.fromkeys(getattr(self.document, name))
        return [row for key in wanted if (row := self._named(rows, key, name, fix))]

    def _named(self, rows: Mapping[str, Any], key: str | None, field: str, fix: str) -> Any:
        if key is not None and key not in rows:
            self.problems.append(Problem(field, f"There is nothing here called “{key[:40]}”.", fix))
        return rows.get(key) if key is not None else None

    def _once(self, name: str, key: Any = lambda item: item) -> Iterator[Any]:
        """Yield the rows of a list, and complain about each that says what another says."""
        seen = set()
        for number, item in enumerate(getattr(self.document, name)):
            if key(item) in seen:
                self.problems.append(Problem(f"{name}.{number}", "This is here already.", "Give it once."))
            seen.add(key(item))
            yield item

    def _evidence(self) -> Iterator[EntryEvidence]:
        before = {row.evidence_id: row for row in self.draft.evidence_links.all()}
        for number, item in enumerate(self._once("evidence", lambda item: item.source)):
            source = self._source(item.source, f"evidence.{number}.source")
            if source:
                row = before.get(source.pk) or EntryEvidence()
                row.evidence = source
                row.finding, row.locator = item.finding or "", item.locator or ""
                yield row

    def _source(self, key: str, field: str) -> Any:
        fix = "Take keys from /api/v1/evidence/, or add the source at /api/v1/sources/."
        return self._named(self.found.evidence, key, field, fix)

    def _claims(self) -> Iterator[Claim]:
        before = {row.statement: row for row in self.draft.claims.all()}
        for item in self._once("claims_without_source", lambda item: item.statement):
            row = before.get(item.statement) or Claim(statement=item.statement)
            row.said_by = item.said_by or ""
            yield row

    def _figures(self) -> Iterator[BenefitFigure]:
        before = {row.key: row for row in self.draft.figures.all()}
        given = [item.key for item in self._once("figures", lambda item: item.key or object())]
        taken = set(given)
        for number, item in enumerate(self.document.figures):
            key = item.key or _next_free(item.label, taken)
            taken.add(key)
            row = before.get(key) or BenefitFigure(key=key)
            self._write_figure(row, item, f"figures.{number}")
            if row.measure_id and row.evidence_id:
                yield row

    def _write_figure(self, row: BenefitFigure, item: Any, where: str) -> None:
        measure = self._named(self.found.measures, item.measure, f"{where}.measure", "Take one from /api/v1/measures/.")
        source = self._source(item.source, f"{where}.source")
        fix = "Take codes from /api/v1/organisations/."
        row.place = self._named(self.found.organisations, item.place.code, f"{where}.place.code", fix)
        if measure:
            row.measure = measure
            if item.unit != measure.unit:
                text = f"“{item.measure}” is counted in {measure.unit}, not in {item.unit}."
                self.problems.append(Problem(f"{where}.unit", text, "Give the value in the measure’s unit."))
        if source:
            row.evidence = source
        row.label = item.label
        for name in ("value", "low", "high", "attribution_share"):
            given = getattr(item, name)
            setattr(row, name, None if given is None else Decimal(given))
        for name in ("role", "basis", "achievement", "overlap_group", *FIGURE):
            _set(row, name, getattr(item, name))
        row.period_kind, row.period_start, row.period_end = item.period.kind or "", item.period.start, item.period.end
        row.period_note, row.place_note = item.period.note or "", item.place.note or ""
        row.place_not_stated = item.place.not_stated
        self._check(row, where, exclude={"entry", "measure", "evidence", "place"})

    def _participants(self) -> Iterator[Participant]:
        items = self._once("participants", lambda item: (item.name, item.role or ""))
        for number, item in enumerate(items):
            where, fix = f"participants.{number}", "Take codes from /api/v1/organisations/, or leave it out."
            organisation = self._named(self.found.organisations, item.organisation, f"{where}.organisation", fix)
            yield Participant(name=item.name, role=item.role or "", organisation=organisation)

    def _learning_points(self) -> Iterator[LearningPoint]:
        for number, item in enumerate(self.document.learning_points):
            row = LearningPoint(kind=item.kind, barrier_kind=item.barrier_kind or "", text=item.text)
            self._check(row, f"learning_points.{number}", exclude={"case_study"})
            yield row

    def _in_order(self, rows: Iterable[Any]) -> list[Any]:
        numbered = list(rows)
        for number, row in enumerate(numbered):
            row.sort_order = number
        return numbered

    def _check(self, row: Any, where: str, *, exclude: set[str]) -> None:
        """Hold a row to its model's own rules; what is empty may be written later."""
        empty = {
            field.name
            for field in row._meta.concrete_fields
            if getattr(row, field.attname) in WITHOUT_VALUE and not field.blank
        }
        pointing = {field.name for field in row._meta.concrete_fields if field.is_relation}
        wrong: set[str] = set()
        try:
            row.clean_fields(exclude=exclude | empty | pointing)
        except ValidationError as error:
            wrong = set(error.message_dict)
            for name, messages in error.message_dict.items():
                field = ".".join(filter(None, (where, PART_OF.get(name, name))))
                self.problems += [Problem(field, message, "Change it to what is asked for.") for message in messages]
        for constraint in broken_by(row, exclude=exclude | empty | wrong):
            text = str(constraint.get_violation_error_message())
            self.problems.append(Problem(where or "body", text, "Change what contradicts it."))


def _set(row: Any, name: str, value: Any) -> None:
    """Write a value; null is the empty text where the model has one."""
    field = row._meta.get_field(name)
    setattr(row, name, "" if value is None and not field.null else value)


def _next_free(label: str, taken: set[Any]) -> str:
    """Return the key that a figure without one has: the same each time the same document comes."""
    base = slugify(label)[:LONGEST_KEY] or "figure"
    number = 1
    while (key := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return key
