"""The steps of making a pack: one claim, one file, a bounded number of attempts (ADR 4)."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from portal.briefings import storage
from portal.briefings.models import BriefingPack, end_of_keeping
from portal.briefings.querysets import BriefingPackQuerySet

State = BriefingPack.State
Stage = BriefingPack.Stage


def claim_due_pack(*, only_small: bool = False) -> BriefingPack | None:
    """Take the pack whose turn it is, or None when nothing is due; with `only_small`, none that takes minutes.

    Two workers may see the same row; the UPDATE repeats the condition, so one of them gets it.
    """
    due = BriefingPack.objects.due().filter(attempts__lt=settings.BRIEFINGS_MAX_ATTEMPTS)
    wanted = due.small() if only_small else due
    for pk in wanted.in_turn().values_list("pk", flat=True)[:20]:
        claimed = due.filter(pk=pk).update(
            state=State.RUNNING,
            lease=uuid.uuid4(),
            lease_until=_lease_end(),
            attempts=F("attempts") + 1,
            stage=Stage.COLLECT,
            percent=0,
        )
        if claimed:
            return BriefingPack.objects.get(pk=pk)
    return None


def _lease_end() -> Any:
    """By the database's clock, as all who look at a lease must agree about the time."""
    return Now() + timedelta(seconds=settings.BRIEFINGS_LEASE_SECONDS)


def _mine(pack: BriefingPack) -> BriefingPackQuerySet:
    """The pack's row, if this claim still holds it."""
    return BriefingPack.objects.filter(pk=pack.pk, state=State.RUNNING, lease=pack.lease)


def record_progress(*, pack: BriefingPack, stage: str, percent: int) -> bool:
    """Show how far the making is and prolong the lease; False if another worker has taken over."""
    return _mine(pack).update(stage=stage, percent=min(percent, 99), lease_until=_lease_end()) == 1


def finish_pack(*, pack: BriefingPack, unfinished: Path, pages: int) -> bool:
    """Put the file in its place and call the pack ready; False if another worker has taken over."""
    if not record_progress(pack=pack, stage=Stage.STORE, percent=95):
        unfinished.unlink(missing_ok=True)
        return False
    try:
        kept = storage.keep(unfinished, pack)
    except FileNotFoundError:
        return False
    finished = _mine(pack).update(
        **_NO_LEASE,
        state=State.READY,
        stage=Stage.STORE,
        percent=100,
        file=storage.file_name(pack),
        file_size=kept.size,
        file_sha256=kept.sha256,
        page_count=pages,
        error="",
        finished_at=timezone.now(),
        expires_at=end_of_keeping(),
    )
    return finished == 1


_NO_LEASE: dict[str, None] = {"lease": None, "lease_until": None}


def fail_pack(*, pack: BriefingPack, error: str) -> None:
    """Give up this pack, saying why; only for its holder."""
    _mine(pack).update(**_NO_LEASE, state=State.FAILED, error=error, finished_at=timezone.now())


def fail_for_now(*, pack: BriefingPack, error: str) -> None:
    """Give up this pack for something that will pass and is no fault of its own: it is tried again by itself.

    After a day that is left to the person.
    """
    now = timezone.now()
    is_young = now - pack.created_at < timedelta(seconds=settings.BRIEFINGS_RETRY_FOR_SECONDS)
    retry_at = now + timedelta(seconds=settings.BRIEFINGS_RETRY_SECONDS) if is_young else None
    _mine(pack).update(**_NO_LEASE, state=State.FAILED, error=error, finished_at=now, retry_at=retry_at)


def queue_again(pack: BriefingPack) -> bool:
    """Let a pack that is not being made wait for its turn again; False if the same content has a newer row."""
    try:
        with transaction.atomic():
            changed = BriefingPack.objects.filter(pk=pack.pk, state__in=[State.FAILED, State.CANCELLED]).update(
                state=State.QUEUED,
                queued_at=timezone.now(),
                stage=Stage.COLLECT,
                percent=0,
                attempts=0,
                error="",
                retry_at=None,
                finished_at=None,
                expires_at=end_of_keeping(),
            )
    except IntegrityError:
        return False
    return changed == 1


def queue_what_may_work_now() -> int:
    """Queue again what failed for want of room some minutes ago. Return how many."""
    packs = BriefingPack.objects.to_retry(timezone.now()).defer("data")
    queued = [pack for pack in packs if queue_again(pack)]
    # Where the content was asked for anew meanwhile, that pack is the one to make.
    BriefingPack.objects.to_retry(timezone.now()).update(retry_at=None)
    return len(queued)


def give_back_pack(*, pack: BriefingPack) -> None:
    """Let the pack wait again because this worker is stopping: that is no attempt."""
    _mine(pack).update(**_NO_LEASE, state=State.QUEUED, percent=0, attempts=F("attempts") - 1)


def let_another_try(*, pack: BriefingPack, error: str) -> None:
    """Let the pack wait again after an unexplained death, or give it up when that came too often."""
    if pack.attempts >= settings.BRIEFINGS_MAX_ATTEMPTS:
        fail_pack(pack=pack, error=error)
    else:
        _mine(pack).update(**_NO_LEASE, state=State.QUEUED, percent=0)


def fail_exhausted_packs() -> int:
    """Give up packs whose worker went silent on the last attempt. Return how many."""
    times = settings.BRIEFINGS_MAX_ATTEMPTS
    return (
        BriefingPack.objects.abandoned()
        .filter(attempts__gte=times)
        .update(
            **_NO_LEASE,
            state=State.FAILED,
            finished_at=timezone.now(),
            error=f"The work stopped {times} times before the pack was finished. Try again, with fewer entries if it "
            "happens again.",
        )
    )
