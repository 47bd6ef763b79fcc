"""The way of a draft: submitted, reviewed by its network, published by a publisher, or sent back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from wagtail.models import Revision, TaskState, Workflow, WorkflowContentType, WorkflowState, WorkflowTask

from portal.catalogue.models import Entry
from portal.core.formatting import format_moment
from portal.editing.models import ReviewTask

NAME = "Review and publication"
Entries = TypeVar("Entries", bound="QuerySet[Any, Any]")


@transaction.atomic
def make_workflow() -> Workflow:
    """Make the one workflow, its two steps and what it is for, unless they are there."""
    workflow, _ = Workflow.objects.get_or_create(name=NAME)
    for order, (step, label) in enumerate(ReviewTask.Step.choices):
        task, _ = ReviewTask.objects.get_or_create(step=step, defaults={"name": label})
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": order})
    for model in Entry.__subclasses__():
        kind = ContentType.objects.get_for_model(model)
        WorkflowContentType.objects.get_or_create(content_type=kind, defaults={"workflow": workflow})
    return workflow


@dataclass(frozen=True)
class Progress:
    """How far a draft is: the workflow it is in, waiting or sent back, and the step it waits for."""

    state: WorkflowState | None
    step: ReviewTask | None


def progress_of(entry: Entry) -> Progress:
    """Ask how far an entry's draft is; two queries, one where it is in no workflow."""
    state = state_of(entry)
    waits = state and state.status == WorkflowState.STATUS_IN_PROGRESS and state.current_task_state
    return Progress(state, waits.task.specific if waits else None)


def state_of(entry: Entry) -> WorkflowState | None:
    """Return the workflow a draft is in: waiting, or sent back."""
    return entry.current_workflow_state


def sent_back_because(progress: Progress) -> str:
    """Return the reason a draft was sent back with; empty unless it was."""
    state = progress.state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return ""
    rejected = state.task_states.filter(status=TaskState.STATUS_REJECTED).order_by("-finished_at").first()
    return rejected.comment if rejected else ""


def with_workflow(entries: Entries) -> Entries:
    """Fetch with each entry what `status_of` needs, so that a list asks once."""
    kinds = [ContentType.objects.get_for_model(model) for model in Entry.__subclasses__()]
    states = WorkflowState.objects.filter(
        base_content_type__in=kinds,
        object_id=Cast(OuterRef("pk"), CharField()),
        status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES],
    )
    approved = Revision.objects.filter(
        base_content_type__in=kinds, object_id=Cast(OuterRef("pk"), CharField()), approved_go_live_at__isnull=False
    )
    return entries.annotate(
        workflow_status=Subquery(states.values("status")[:1]),
        workflow_step=Subquery(states.values("current_task_state__task__reviewtask__step")[:1]),
        scheduled_for=Subquery(approved.values("approved_go_live_at")[:1]),
    )


def status_of(entry: Entry, progress: Progress | None = None) -> str:
    """Return where an entry stands, as lists and pages show it; no query for one fetched `with_workflow`."""
    status, step = _workflow_of(entry, progress)
    if status == WorkflowState.STATUS_NEEDS_CHANGES:
        return "Sent back"
    if status:
        return "Submitted" if step == ReviewTask.Step.REVIEW else "Approved, waits for a publisher"
    scheduled = scheduled_for(entry)
    if scheduled:
        return f"{'Published, with a draft' if entry.live else 'Draft'} scheduled for {format_moment(scheduled)}"
    if entry.live:
        return "Published, with a draft" if entry.has_unpublished_changes else "Published"
    return "Withdrawn" if entry.first_published_at else "Draft"


def scheduled_for(entry: Any) -> datetime | None:
    """Return when an approved draft is to be published; no query for an entry fetched `with_workflow`."""
    if hasattr(entry, "scheduled_for"):
        fetched: datetime | None = entry.scheduled_for
        return fetched
    revision = entry.specific.scheduled_revision
    return revision.approved_go_live_at if revision else None


def _workflow_of(entry: Any, progress: Progress | None) -> tuple[str | None, str | None]:
    if hasattr(entry, "workflow_status"):
        return entry.workflow_status, entry.workflow_step
    progress = progress or progress_of(entry)
    return (progress.state.status if progress.state else None), (progress.step.step if progress.step else None)
