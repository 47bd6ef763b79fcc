"""What an organisation's contact answers by a link: taken once, and waiting where it contradicts a verified record."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from portal.adoption.asking import Question, questions_for
from portal.adoption.models import AdoptionRecord, ConfirmationLink, Contact, Reply, Stage, StopReason
from portal.adoption.services import event_values

Answer = Reply.Answer
CHANGED_TO = [(value, label) for value, label in Stage.choices if value != Stage.STOPPED]
NOTE_LENGTH = 500


class LinkUsed(Exception):
    """The link was answered already, or has expired: fit to show."""


@dataclass(frozen=True)
class Answered:
    """One question as the form has it; `problem` says what is missing, fit to show."""

    question: Question
    answer: str = ""
    stage: str = ""
    reason: str = ""
    note: str = ""
    problem: str = ""

    @property
    def key(self) -> str:
        return str(self.question.entry.pk)


@dataclass(frozen=True)
class Answers:
    """All questions of a form; `problems` says what keeps it from being taken, each with the field it is about."""

    rows: list[Answered]
    problems: list[tuple[str, str]] = field(default_factory=list)


def blank_answers(organisation: int) -> Answers:
    return Answers([Answered(question) for question in questions_for(organisation)])


def read_answers(organisation: int, form: Mapping[str, str]) -> Answers:
    """Read the form; `problems` names each entry that can't be taken as it is."""
    rows = [_read(question, form) for question in questions_for(organisation)]
    problems = [(f"still-{row.key}", f"{row.question.entry.title}: {row.problem}") for row in rows if row.problem]
    if not any(row.answer for row in rows):
        problems.append((f"still-{rows[0].key}" if rows else "problems", "Answer for one of them at least."))
    return Answers(rows, problems)


def _read(question: Question, form: Mapping[str, str]) -> Answered:
    key = str(question.entry.pk)
    answer, stage, reason = (form.get(f"{name}-{key}", "")[:20] for name in ("answer", "stage", "reason"))
    note = form.get(f"note-{key}", "").replace("\x00", "").strip()
    row = Answered(question, answer if answer in Answer.values else "", stage, reason, note[:NOTE_LENGTH])
    problem = ""
    if answer and answer not in Answer.values:
        problem = "choose one of the answers."
    elif row.answer and form.get(f"was-{key}") != str(question.row.event):
        problem = "what is recorded has changed since you opened this page. Look at it again and answer."
    elif row.answer == Answer.CHANGED and (stage not in Stage.values or stage == Stage.STOPPED):
        problem = "say what it changed to."
    elif row.answer == Answer.STOPPED and reason not in StopReason.values:
        problem = "say why it stopped, or choose “Reason not stated”."
    elif len(note) > NOTE_LENGTH:
        problem = f"the note is longer than {NOTE_LENGTH} characters. Shorten it."
    return Answered(question, row.answer, stage, reason, row.note, problem)


@transaction.atomic
def take_answers(*, link: ConfirmationLink, answers: Answers) -> list[Reply]:
    """Take what was answered, once: whoever marks the link first. Raises LinkUsed."""
    now = timezone.now()
    if not ConfirmationLink.objects.usable(now).filter(pk=link.pk).update(used_at=now):
        raise LinkUsed("This link was answered already, or has expired.")
    Contact.objects.filter(pk=link.contact_id).update(asked_times=0)
    return [_take(link, row) for row in answers.rows if row.answer]


def _take(link: ConfirmationLink, row: Answered) -> Reply:
    record = AdoptionRecord.objects.get(pk=row.question.row.event)
    stage = {Answer.STILL: record.stage, Answer.STOPPED: Stage.STOPPED}.get(Answer(row.answer), row.stage)
    contradicts = record if record.verified_at and stage != record.stage else None
    reply = Reply.objects.create(
        entry_id=record.entry_id,
        organisation_id=link.contact.organisation_id,
        answer=row.answer,
        stage=stage,
        stop_reason=row.reason if stage == Stage.STOPPED else "",
        note=row.note,
        said_on=timezone.localdate(),
        state=Reply.State.WAITING if contradicts else Reply.State.TAKEN,
        contradicts=contradicts,
    )
    if not contradicts:
        reply.record, _ = AdoptionRecord.objects.get_or_create(
            entry_id=reply.entry_id,
            organisation_id=reply.organisation_id,
            stage=stage,
            on=f"{reply.said_on:%Y-%m-%d}",
            defaults=event_values(reply),
        )
        reply.save(update_fields=["record"])
    return reply
