"""The steps of a batch: one claim, one step at a time, a bounded number of attempts (ADR 4)."""

import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import F
from django.db.models.functions import Now

from portal.exchange.models import ImportBatch
from portal.exchange.models.batch import ImportBatchQuerySet

State = ImportBatch.State
LEASE_SECONDS = 60
ROWS_A_SECOND = 30
"""The slowest that rows are written on a busy machine, three times over."""
MOST_ATTEMPTS = 3
GIVEN_UP = (
    "The work stopped {times} times before it was finished, and nothing was changed by it. Try again, with fewer rows "
    "if it happens again."
)
BROKEN = (
    "Something went wrong that is no fault of the file, and nothing was changed. Try again; if it happens again, tell "
    "the portal’s team the import’s number."
)
BACK_TO = {
    State.READING: State.REFUSED,
    State.CHECKING: State.REFUSED,
    State.APPLYING: State.CHECKED,
    State.UNDOING: State.APPLIED,
}
"""Where a batch goes whose step can't be done."""


class TakenOver(Exception):
    """Another worker has this batch, or it was put aside: nothing more may be written of it."""


def claim_due_batch() -> ImportBatch | None:
    """Take the batch that waits longest, or None. The UPDATE repeats the condition, so one worker gets it."""
    due = ImportBatch.objects.due()
    for pk in due.order_by("pk").values_list("pk", flat=True)[:20]:
        claimed = due.filter(pk=pk).update(
            lease=uuid.uuid4(), lease_until=_lease_end(LEASE_SECONDS), attempts=F("attempts") + 1, done=0
        )
        if claimed:
            return ImportBatch.objects.select_related("network", "by").get(pk=pk)
    return None


def seconds_to_write(rows: int) -> int:
    """Return how long a lease must last while so many rows are written: in one transaction it can't be renewed."""
    return LEASE_SECONDS + rows // ROWS_A_SECOND


def _lease_end(seconds: int) -> Any:
    """By the database's clock, as all who look at a lease must agree about the time."""
    return Now() + timedelta(seconds=seconds)


def _mine(batch: ImportBatch) -> ImportBatchQuerySet:
    return ImportBatch.objects.filter(pk=batch.pk, lease=batch.lease, state=batch.state)


def record_progress(batch: ImportBatch, *, done: int, total: int, seconds: int = LEASE_SECONDS) -> None:
    """Show how far it is and prolong the lease. Raises TakenOver."""
    if not _mine(batch).update(done=done, total=total, lease_until=_lease_end(seconds)):
        raise TakenOver


def finish_step(batch: ImportBatch, state: str, **fields: Any) -> None:
    """Go on to another state; inside the transaction of what the step wrote, if it wrote. Raises TakenOver."""
    free = {"lease": None, "lease_until": None, "attempts": 0, "done": 0, "error": "", "waits_since": Now()}
    if not _mine(batch).update(**(free | fields), state=state):
        raise TakenOver


def give_up_step(batch: ImportBatch, error: str) -> None:
    """Say why a step can't be done; a batch that was checked or applied stays so."""
    finish_step(batch, BACK_TO[State(batch.state)], error=error)


def give_back(batch: ImportBatch) -> None:
    """Let the step wait again because this worker is stopping: that is no attempt."""
    _mine(batch).update(lease=None, lease_until=None, attempts=F("attempts") - 1)


def let_another_try(batch: ImportBatch) -> None:
    """Let the step wait again at once after a failure of the database's; where that is still away the lease ends."""
    with suppress(DatabaseError):
        _mine(batch).update(lease=None, lease_until=None)


def is_exhausted(batch: ImportBatch) -> bool:
    return batch.attempts > MOST_ATTEMPTS
