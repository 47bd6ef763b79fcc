"""Do the steps of batches that are due, and act on how each ends."""

import logging

from django.db import OperationalError

from portal.core import runner
from portal.core.request_ids import done_for
from portal.exchange.imports import work
from portal.exchange.imports.applying import apply_batch
from portal.exchange.imports.checking import check_batch
from portal.exchange.imports.reading.files import read_batch
from portal.exchange.imports.reading.limits import Refused
from portal.exchange.imports.undoing import StillMoving, undo_batch
from portal.exchange.imports.unmoved import MovedOn
from portal.exchange.models import ImportBatch

logger = logging.getLogger(__name__)
State = ImportBatch.State
STEPS = {State.READING: read_batch, State.CHECKING: check_batch, State.APPLYING: apply_batch, State.UNDOING: undo_batch}


def do_due_imports() -> int:
    """Do steps until none is due or the worker stops. Return how many were taken."""
    taken = 0
    while not runner.stopping.is_set() and (batch := work.claim_due_batch()):
        with done_for(batch.request_id):
            do_step(batch)
        taken += 1
    return taken


def do_step(batch: ImportBatch) -> None:
    """Do one step of a claimed batch. What a step writes is one transaction: done whole, or not at all."""
    try:
        if work.is_exhausted(batch):
            work.give_up_step(batch, work.GIVEN_UP.format(times=work.MOST_ATTEMPTS))
            return
        STEPS[State(batch.state)](batch)
    except (Refused, StillMoving) as reason:
        work.give_up_step(batch, str(reason))
    except MovedOn as reason:
        work.finish_step(batch, State.CHECKING, error=str(reason))
    except (runner.ChildStopped, runner.ChildUnwanted):
        work.give_back(batch)
    except work.TakenOver:
        logger.warning("Import %s: put aside, or taken over by another worker", batch.pk)
    except OperationalError:
        logger.exception("Import %s: the database was busy, it is tried again", batch.pk)
        work.let_another_try(batch)
    except Exception:
        logger.exception("Import %s: a step failed", batch.pk)
        work.give_up_step(batch, work.BROKEN)
