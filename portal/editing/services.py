"""What people, and systems by their keys, do to drafts: save, submit, approve, send back, put aside, withdraw."""

from typing import Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Revision, WorkflowState

from portal.accounts.permissions import Action, may, origin_of
from portal.catalogue.models import Entry, EntryChange
from portal.catalogue.services import publish_revision, record_change, withdraw_entry
from portal.editing.models import ReviewTask
from portal.editing.readiness import check_ready
from portal.editing.workflow import Progress, progress_of, scheduled_for, state_of
from portal.organisations.models import Organisation

SUBMITTED = "Submitted. Your network’s reviewers see it on their start page."
TAKEN_BACK = "Taken back. You can change the draft again, and submit it when it is ready."


class NotAllowed(Exception):
    """A person may not do this now; the text says why, fit to show."""


class WhyMissing(NotAllowed):
    """A change to what readers have seen was handed in without saying why."""


def draft_of(entry: Entry) -> Entry:
    """Return the latest draft, or the entry itself where there is none."""
    draft: Entry = entry.specific.get_latest_revision_as_object()
    return draft


def waits_for(step: ReviewTask) -> str:
    """Say who decides next."""
    return "its network’s reviewers" if step.step == ReviewTask.Step.REVIEW else "a publisher"


@transaction.atomic
def save_draft(*, draft: Any, by: Any) -> Revision:
    """Save an entry in memory as its new draft, as the form does; one without a row is begun.

    Raises NotAllowed: for who may not, and while the draft waits to be decided about or is locked.
    """
    is_new = draft.pk is None
    if not may(by, Action.ADD if is_new else Action.CHANGE, draft):
        raise NotAllowed("Your role does not change this entry.")
    if is_new:
        draft.live = False
        draft.save()
    else:
        hold(draft)
        _check_unlocked(draft, by)
    revision = draft.save_revision(user=by, clean=False, log_action="wagtail.create" if is_new else "wagtail.edit")
    record_change(entry=draft, by=by, action="created" if is_new else "edited", origin=origin_of(by))
    return revision


def hold(entry: Entry) -> Entry:
    """Let nobody else change this entry until the transaction ends; return it as it is now.

    Two who decide, or save, at the same moment come one after the other, and the second sees what the first did.
    """
    held: Entry = Entry.objects.select_for_update().get(pk=entry.pk)
    return held


def _check_unlocked(draft: Any, by: Any) -> None:
    lock = draft.get_lock()
    if lock and lock.for_user(by):
        why = "Somebody locked this draft." if draft.locked else "This draft waits to be decided about."
        raise NotAllowed(f"{why} It can be changed when that is over.")


def check_may_decide(*, entry: Entry, by: Any, progress: Progress | None = None) -> ReviewTask:
    """Return the step that `by` may take now, or raise NotAllowed."""
    progress = progress or progress_of(entry)
    step, state = progress.step, progress.state
    if step is None or state is None:
        raise NotAllowed("This draft waits for nobody. It was decided, taken back or never submitted.")
    if not may(by, step.action, entry):
        raise NotAllowed("Your role does not decide this step.")
    if state.requested_by_id == by.pk:
        raise NotAllowed("You submitted this draft, so somebody else decides.")
    if entry.latest_revision and entry.latest_revision.user_id == by.pk:
        raise NotAllowed("You changed this draft last, so somebody else decides.")
    return step


def _check_revision(entry: Entry, revision: int) -> None:
    if entry.specific.latest_revision_id != revision:
        raise NotAllowed("The draft changed while you read it. Look at it again, then decide.")


def _check_not_scheduled(entry: Entry) -> None:
    if scheduled_for(entry):
        raise NotAllowed("This draft is approved and waits for its day. A publisher can take it off the schedule.")


@transaction.atomic
def submit(*, entry: Entry, by: Any, reason: str = "") -> None:
    """Hand the draft to its network's reviewers, or raise NotAllowed or NotReady.

    `reason` says why it changes: whoever wrote the draft knows best, and readers see it once it is published.
    """
    entry = hold(entry)
    if not may(by, Action.CHANGE, entry):
        raise NotAllowed("Your role does not change this entry.")
    _check_not_scheduled(entry)
    check_ready(draft_of(entry))
    state = state_of(entry)
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise NotAllowed("This draft was submitted already.")
    if entry.first_published_at and not (reason.strip() or EntryChange.objects.why_of_draft(entry)):
        raise WhyMissing("Say why it changes: readers see it in the change log.")
    if state:
        state.resume(by)
    else:
        entry.specific.get_workflow().start(entry.specific, by)
    record_change(entry=entry, by=by, action="submitted", origin=origin_of(by), reason=reason)


@transaction.atomic
def approve(*, entry: Entry, by: Any, revision: int, reason: str = "") -> None:
    """Take the waiting step; the last one publishes the very revision that was read.

    Without a `reason` of one's own, the one it was submitted with stands.

    Raises NotAllowed when somebody else must decide or the draft has moved on, NotReady when it
    lacks something.
    """
    entry = hold(entry)
    check_may_decide(entry=entry, by=by)
    _check_revision(entry, revision)
    check_ready(draft_of(entry))
    entry.current_workflow_task_state.approve(
        user=by, comment=reason.strip() or EntryChange.objects.why_of_draft(entry)
    )


@transaction.atomic
def send_back(*, entry: Entry, by: Any, reason: str) -> None:
    """Return the draft to whoever submitted it, with what to change."""
    entry = hold(entry)
    check_may_decide(entry=entry, by=by)
    if not reason.strip():
        raise NotAllowed("Say what should change: the reason goes to whoever submitted it.")
    entry.current_workflow_task_state.reject(user=by, comment=reason)


@transaction.atomic
def take_back(*, entry: Entry, by: Any) -> None:
    """Take a draft back that one submitted, to change it before anybody decides."""
    entry = hold(entry)
    state = progress_of(entry).state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        raise NotAllowed("This draft waits for nobody, so there is nothing to take back.")
    if state.requested_by_id != by.pk:
        raise NotAllowed("Only whoever submitted a draft takes it back. If you decide it, send it back.")
    state.cancel(user=by)


@transaction.atomic
def withdraw(*, entry: Entry, by: Any, reason: str) -> None:
    """Take a published entry from readers; its address then says that it is not there."""
    entry = hold(entry)
    if not may(by, Action.PUBLISH, entry):
        raise NotAllowed("Only a publisher withdraws an entry.")
    if not reason.strip():
        raise NotAllowed("Say why it is withdrawn: readers are told.")
    if not entry.live:
        raise NotAllowed("It is not published, so there is nothing to withdraw.")
    withdraw_entry(entry=entry.specific, by=by, reason=reason)


def publish_approved(workflow_state: WorkflowState, *, by: Any) -> None:
    """Publish the draft whose last step was taken, with that step's reason for the change log."""
    entry = workflow_state.content_object
    last = workflow_state.task_states.order_by("-finished_at").first()
    check_ready(draft_of(entry))
    reason = last.comment if last else ""
    publish_revision(revision=entry.get_latest_revision(), by=by, reason=reason, origin=origin_of(by))


@transaction.atomic
def discard_draft(*, entry: Entry, by: Any) -> None:
    """Put a draft of a published entry aside: the next one begins from what readers see. History keeps it."""
    entry = hold(entry)
    if not may(by, Action.CHANGE, entry):
        raise NotAllowed("Your role does not change this entry.")
    if not entry.live:
        raise NotAllowed("It was never published: there is nothing to go back to. Delete it instead.")
    _check_not_scheduled(entry)
    state = state_of(entry)
    if state:
        state.cancel(user=by)
    live = entry.specific.live_revision.as_object()
    live.save_revision(user=by, clean=False, changed=False)
    Entry.objects.filter(pk=entry.pk).update(has_unpublished_changes=False)
    record_change(entry=entry, by=by, action="discarded", origin=origin_of(by))


@transaction.atomic
def drop_draft(*, entry: Entry, by: Any) -> bool:
    """Put the draft of a published entry aside; remove an entry that was never published. Return whether it is gone."""
    entry = hold(entry)
    if entry.live:
        discard_draft(entry=entry, by=by)
        return False
    if not may(by, Action.DELETE, entry):
        raise NotAllowed("Readers have seen this entry, or your role does not delete it: withdraw it instead.")
    _check_not_scheduled(entry)
    log(instance=entry.specific, action="wagtail.delete", user=by, deleted=True)
    entry.specific.delete()
    return True


@transaction.atomic
def hand_over(*, entry: Entry, to: Organisation, by: Any) -> None:
    """Give an entry to the network that keeps it true from now on; its drafts go with it."""
    entry = hold(entry)
    if not may(by, Action.PUBLISH, entry):
        raise NotAllowed("Only a publisher hands an entry over.")
    if to.kind != Organisation.Kind.NETWORK:
        raise NotAllowed("Choose a network: no other organisation keeps entries.")
    entry = entry.specific
    entry.owner_network = to
    entry.save(update_fields=["owner_network"])
    record_change(entry=entry, by=by, action="given", origin=origin_of(by), reason=f"To {to.display_name}.")
