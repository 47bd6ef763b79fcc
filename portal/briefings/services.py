"""Every write to a briefing pack: asking for one, and the steps of its making."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from portal.briefings import bell, storage
from portal.briefings.for_us import ForUs
from portal.briefings.models import BriefingPack, PackEntry, end_of_keeping
from portal.briefings.options import PackOptions
from portal.briefings.querysets import BriefingPackQuerySet
from portal.briefings.snapshot import build_snapshot, content_hash, read_entries
from portal.catalogue.models import Entry

State = BriefingPack.State
Stage = BriefingPack.Stage


class PackRefused(Exception):
    """A pack can't be asked for like this; the message is fit to show."""


class NoEntriesChosen(PackRefused):
    pass


class TooManyEntries(PackRefused):
    pass


class EntriesNotPublished(PackRefused):
    """Some of the chosen entries are not public (any more); `slugs` names them."""

    def __init__(self, slugs: Sequence[str]) -> None:
        self.slugs = list(slugs)
        verb = "entry is" if len(self.slugs) == 1 else "entries are"
        super().__init__(f"{len(self.slugs)} {verb} not published and can’t be in a pack: {', '.join(self.slugs)}.")


def check_size(how_many: int) -> None:
    most = settings.BRIEFINGS_MAX_ENTRIES
    if how_many == 0:
        raise NoEntriesChosen("Add at least one entry before you make a briefing pack.")
    if how_many > most:
        raise TooManyEntries(f"A briefing pack holds at most {most} entries. You chose {how_many}.")


# --- asking ---------------------------------------------------------------------------------


def ask_for_pack(
    *, slugs: Sequence[str], title: str, purpose: str, for_us: Mapping[str, ForUs] | None = None
) -> BriefingPack:
    """Freeze the entries as they are now and queue a pack of them, or return the one there is.

    `for_us` holds the reader's own number of people by slug, for entries that shall say what they
    could mean for it. The same title, purpose, entries, order, numbers, versions, day and look give
    the same pack. Raises PackRefused with a sentence fit to show.
    """
    slugs = list(dict.fromkeys(slugs))
    check_size(len(slugs))
    with transaction.atomic():
        entries = read_entries(slugs)
        missing = set(slugs) - {entry.slug for entry in entries}
        if missing:
            raise EntriesNotPublished([slug for slug in slugs if slug in missing])
        pack = _pack_of(entries, title=title, purpose=BriefingPack.Purpose(purpose), for_us=for_us or {})
        transaction.on_commit(bell.ring, robust=True)
    return pack


def _pack_of(
    entries: Sequence[Entry], *, title: str, purpose: BriefingPack.Purpose, for_us: Mapping[str, ForUs]
) -> BriefingPack:
    as_at = timezone.localdate()
    options = PackOptions(title=title, purpose=purpose, for_us=for_us)
    data = build_snapshot(entries=entries, options=options, as_at=as_at)
    digest = content_hash(data)
    existing = _keep_longer(digest)
    if existing:
        return existing
    try:
        with transaction.atomic():
            pack = BriefingPack.objects.create(
                title=data["title"], purpose=purpose, data=data, content_hash=digest, as_at=as_at
            )
            PackEntry.objects.bulk_create(
                PackEntry(pack=pack, entry=entry, position=position, entry_version=entry.version)
                for position, entry in enumerate(entries, start=1)
            )
    except IntegrityError:
        # A double click: the other request was first, and its pack is the same.
        return BriefingPack.objects.current().get(content_hash=digest)
    return pack


def _keep_longer(digest: str) -> BriefingPack | None:
    """Return the pack that already holds this content, kept as long as if it were made today."""
    existing = BriefingPack.objects.current().filter(content_hash=digest)
    existing.update(expires_at=end_of_keeping())
    return existing.first()


def retry_pack(*, pack: BriefingPack) -> BriefingPack:
    """Queue a failed pack again; if its content was asked for meanwhile, return that pack."""
    try:
        with transaction.atomic():
            BriefingPack.objects.filter(pk=pack.pk, state=State.FAILED).update(
                state=State.QUEUED,
                stage=Stage.COLLECT,
                percent=0,
                attempts=0,
                error="",
                finished_at=None,
                expires_at=end_of_keeping(),
            )
            transaction.on_commit(bell.ring, robust=True)
    except IntegrityError:
        return BriefingPack.objects.current().get(content_hash=pack.content_hash)
    pack.refresh_from_db()
    return pack


# --- making ---------------------------------------------------------------------------------


def claim_due_pack() -> BriefingPack | None:
    """Take the oldest pack that waits or whose worker went silent; None when nothing is due.

    Two workers may see the same row; the UPDATE repeats the condition, so one of them gets it.
    """
    for pk in BriefingPack.objects.due().values_list("pk", flat=True)[:20]:
        claimed = (
            BriefingPack.objects.due()
            .filter(pk=pk, attempts__lt=settings.BRIEFINGS_MAX_ATTEMPTS)
            .update(
                state=State.RUNNING,
                lease=uuid.uuid4(),
                lease_until=_lease_end(),
                attempts=F("attempts") + 1,
                stage=Stage.COLLECT,
                percent=0,
            )
        )
        if claimed:
            return BriefingPack.objects.get(pk=pk)
    return None


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.BRIEFINGS_LEASE_SECONDS)


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
        size = storage.keep(unfinished, pack)
    except FileNotFoundError:
        return False
    finished = _mine(pack).update(
        **_NO_LEASE,
        state=State.READY,
        stage=Stage.STORE,
        percent=100,
        file=storage.file_name(pack),
        file_size=size,
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


# --- afterwards -----------------------------------------------------------------------------


def report_lost_file(*, pack: BriefingPack) -> None:
    """A ready pack's file is gone: say so, and let the person have it made again."""
    BriefingPack.objects.filter(pk=pack.pk, state=State.READY).update(
        state=State.FAILED, error="The file of this pack was lost. Make it again: its content is kept.", file=""
    )


def remove_expired_packs() -> int:
    """Remove the files of packs past their keeping, and files that belong to none. Return how many expired."""
    expired = 0
    for pack in BriefingPack.objects.past_keeping(timezone.now()):
        # Asked again: a person may have prolonged it this moment.
        rows = BriefingPack.objects.past_keeping(timezone.now()).filter(pk=pack.pk)
        if rows.update(state=State.EXPIRED, file="", percent=0):
            storage.remove(storage.file_name(pack))
            expired += 1
    ready = BriefingPack.objects.filter(state=State.READY)
    storage.remove_strays(ready.values_list("file", flat=True))
    return expired
