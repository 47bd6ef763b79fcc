"""Who did what to a draft, written down as it happens."""

from typing import Any

from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_approved, task_rejected, workflow_cancelled

from portal.accounts.permissions import origin_of
from portal.catalogue.services import record_change
from portal.editing.models import ReviewTask


def listen() -> None:
    workflow_cancelled.connect(_taken_back, dispatch_uid="trail-taken-back")
    task_approved.connect(_approved, sender=TaskState, dispatch_uid="trail-approved")
    task_rejected.connect(_sent_back, sender=TaskState, dispatch_uid="trail-sent-back")


def _taken_back(instance: WorkflowState, user: Any, **signal: Any) -> None:
    record_change(entry=instance.content_object, by=user, action="taken_back", origin=origin_of(user))


def _approved(instance: TaskState, user: Any, **signal: Any) -> None:
    """The network's approval; that of a publisher is written down as the publication."""
    if instance.task.specific.step == ReviewTask.Step.REVIEW:
        _record(instance, user, "approved")


def _sent_back(instance: TaskState, user: Any, **signal: Any) -> None:
    _record(instance, user, "sent_back")


def _record(state: TaskState, user: Any, action: str) -> None:
    entry = state.workflow_state.content_object
    record_change(entry=entry, by=user, action=action, origin=origin_of(user), reason=state.comment)
