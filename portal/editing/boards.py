"""What the start page of a person shows: their drafts, what was sent back, what waits, what is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from portal.accounts.permissions import Action, within_reach
from portal.adoption.models import Reply
from portal.catalogue.finding.missed import missed_searches
from portal.catalogue.models import Entry, EntryEvidence, MissedSearch
from portal.core.people import name_of
from portal.editing.workflow import status_of, with_workflow
from portal.evidence.models import AddressCheck

SHOWN = 10
SHOWN_MISSED = 5
DUE_WITHIN = timedelta(days=30)
GONE = "an account that is gone"


@dataclass(frozen=True)
class Waiting:
    """A draft that somebody decides next."""

    entry: Entry
    step: str
    submitted_by: str
    since: Any


@dataclass(frozen=True)
class Board:
    """The start page of one person; every list holds only what that person may see."""

    drafts: list[Entry]
    sent_back: list[Entry]
    waiting: list[Waiting]
    due: list[Entry]
    replies: list[Reply]
    unanswered: list[AddressCheck]
    has_all: bool
    missed: list[MissedSearch]


def board_of(person: Any) -> Board:
    """Gather the start page; a constant number of queries."""
    reach = with_workflow(within_reach(Entry.objects.select_related("owner_network", "latest_revision"), person))
    mine = reach.filter(latest_revision__user=person, has_unpublished_changes=True)
    sent_back = reach.filter(pk__in=_in_state(WorkflowState.STATUS_NEEDS_CHANGES, requested_by=person))
    due_by = timezone.localdate() + DUE_WITHIN
    due = reach.filter(live=True, next_review_on__lte=due_by).order_by("next_review_on", "title")
    waiting = waiting_for(person)
    elsewhere = {row.entry.pk for row in waiting} | {entry.pk for entry in sent_back}
    return Board(
        drafts=_standing(mine.exclude(pk__in=elsewhere).order_by("-latest_revision__created_at")[:SHOWN]),
        sent_back=_standing(sent_back[:SHOWN]),
        waiting=waiting[:SHOWN],
        due=_standing(due[:SHOWN]),
        replies=waiting_replies(person)[:SHOWN],
        unanswered=list(unanswered_for(person)[:SHOWN]),
        has_all=len(waiting) <= SHOWN,
        missed=list(missed_searches()[:SHOWN_MISSED]),
    )


def _standing(entries: "QuerySet[Entry]") -> list[Entry]:
    """Return the entries, each with where it stands in words."""
    rows = list(entries)
    for row in rows:
        row.standing = status_of(row)
    return rows


def _in_state(status: str, **by: Any) -> list[int]:
    rows = WorkflowState.objects.filter(status=status, **by).values_list("object_id", flat=True)
    return [int(pk) for pk in rows]


def waiting_replies(person: Any) -> list[Reply]:
    """Return what organisations said that contradicts verified records, where this person decides; oldest first."""
    entries = within_reach(Entry.objects.all(), person, [Action.VERIFY_ADOPTION])
    return list(Reply.objects.waiting().filter(entry__in=entries.values("pk")).for_rows())


def unanswered_for(person: Any) -> "QuerySet[AddressCheck]":
    """Return the dead addresses of sources that this person's published entries cite, longest dead first.

    Each has those entries as `evidence.cited_in`; another network's are not among them.
    """
    entries = within_reach(Entry.objects.public(), person, [Action.CHANGE_PUBLISHED]).order_by()
    links = EntryEvidence.objects.filter(entry__in=entries.values("pk"))
    cited_in = Prefetch("evidence__entry_links", links.select_related("entry").order_by("entry__title"), "cited_in")
    dead = AddressCheck.objects.dead().filter(evidence__in=links.order_by().values("evidence"))
    return dead.select_related("evidence").prefetch_related(cited_in)


def waiting_for(person: Any) -> list[Waiting]:
    """Return the drafts that this person may decide, longest waiting first."""
    states: QuerySet[TaskState] = TaskState.objects.reviewable_by(person)
    states = states.select_related("workflow_state__requested_by", "task").order_by(F("started_at").asc())
    rows = list(states)
    entries = _entries(int(row.workflow_state.object_id) for row in rows)
    return [
        Waiting(entry, row.task.name, name_of(row.workflow_state.requested_by, otherwise=GONE), row.started_at)
        for row in rows
        if (entry := entries.get(int(row.workflow_state.object_id)))
    ]


def _entries(keys: Iterable[int]) -> dict[int, Entry]:
    return Entry.objects.select_related("owner_network", "latest_revision").in_bulk(list(keys))
