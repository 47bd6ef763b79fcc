"""The way of a draft: submitted, reviewed by its network, published by a publisher, or sent back."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import TaskState, Workflow, WorkflowContentType, WorkflowState, WorkflowTask

from portal.catalogue.models import Entry
from portal.editing.models import ReviewTask

NAME = "Review and publication"


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


def state_of(entry: Entry) -> WorkflowState | None:
    """Return the workflow a draft is in: waiting, or sent back."""
    return entry.current_workflow_state


def waiting_step(entry: Entry) -> ReviewTask | None:
    """Return the step that a submitted draft waits for."""
    state = state_of(entry)
    waits = state and state.status == WorkflowState.STATUS_IN_PROGRESS and state.current_task_state
    return waits.task.specific if waits else None


def sent_back_because(entry: Entry) -> str:
    """Return the reason a draft was sent back with; empty unless it was."""
    state = state_of(entry)
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return ""
    rejected = state.task_states.filter(status=TaskState.STATUS_REJECTED).order_by("-finished_at").first()
    return rejected.comment if rejected else ""


def status_of(entry: Entry) -> str:
    """Return where an entry stands, in one word or two, as lists and pages show it."""
    step = waiting_step(entry)
    if step:
        return "Submitted" if step.step == ReviewTask.Step.REVIEW else "Approved, waits for a publisher"
    state = state_of(entry)
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return "Sent back"
    if entry.live:
        return "Published, with a draft" if entry.has_unpublished_changes else "Published"
    return "Withdrawn" if entry.first_published_at else "Draft"
