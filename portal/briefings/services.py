"""Every write that somebody asks for: packs, further issues, stopping, and links to show them by."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from portal.briefings import bell, moves, storage, work
from portal.briefings.models import BriefingPack, PackEntry, PackHolder, ShareLink, end_of_keeping
from portal.briefings.options import PackOptions
from portal.briefings.snapshot import build_snapshot, content_hash, read_entries
from portal.catalogue.models import Entry

State = BriefingPack.State


class PackRefused(Exception):
    """A pack can't be asked for like this; the message is fit to show."""


class NoEntriesChosen(PackRefused):
    pass


class TooManyEntries(PackRefused):
    pass


class TooManyWaiting(PackRefused):
    """Whoever asks has as many packs in the queue as one may have, or the queue is as long as it may be."""


class TooManyFromHere(TooManyWaiting):
    """From one address came as many packs in an hour as may without an account."""

    def __init__(self, *, most: int, minutes: int) -> None:
        wait = f"{minutes} minutes" if minutes > 1 else "a minute"
        super().__init__(
            f"{most} packs were asked for from your network’s address within an hour, which is the most without an "
            f"account. Ask again in {wait}, or sign in. Packs of themes and briefs of entries are ready to download."
        )


class NothingNew(PackRefused):
    """Another issue would say what the last one says, or nothing."""


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


def check_queue(by: str) -> None:
    """Raise TooManyWaiting, with what to do, where another pack of this person or browser has no place."""
    waiting, most = (
        BriefingPack.objects.filter(state__in=[State.QUEUED, State.RUNNING]),
        settings.BRIEFINGS_MOST_WAITING,
    )
    if by and waiting.filter(asked_by=by).count() >= most:
        raise TooManyWaiting(
            f"{most} of your packs wait to be made, and nobody may have more at once. Stop one that you don’t need on "
            "the page of your packs, or ask again when some are ready."
        )
    if waiting.count() >= settings.BRIEFINGS_LONGEST_QUEUE:
        raise TooManyWaiting("More packs wait to be made than can be taken on just now. Ask again in some minutes.")


# --- asking ---------------------------------------------------------------------------------


@transaction.atomic
def ask_for_pack(*, slugs: Sequence[str], options: PackOptions, by: str = "", is_private: bool = False) -> BriefingPack:
    """Freeze the entries as they are now and queue a pack of them, or return the one there is.

    `by` is the key of the person or browser that asks. The same options, entries, order, versions,
    day and look give the same pack; a private one is shared with nobody else who asks for it.
    Raises PackRefused with a sentence fit to show.
    """
    return queue_issue(entries_for(slugs), options, by=by, is_private=is_private)


@transaction.atomic
def ask_for_next_issue(*, pack: BriefingPack, by: str = "") -> BriefingPack:
    """Queue another issue of a pack, as its entries are now, that says what moved since this one.

    Entries no longer published are left out, and the issue says so. Raises NothingNew.
    """
    # Held until this is done: two who ask at once get one issue.
    BriefingPack.objects.select_for_update().filter(series=pack.series).order_by("pk").first()
    options = PackOptions.from_json(pack.options)
    entries = read_entries([row["slug"] for row in pack.data["entries"]])
    if not entries:
        raise NothingNew("None of its entries is published any more, so there is no new issue to make.")
    since = moves.since(pack, freeze(entries, options))
    if since is None:
        raise NothingNew("Nothing in this pack has changed since, so there is no new issue to make.")
    return queue_issue(entries, options, follows=pack, since=since, by=by, is_private=pack.is_private)


def queue_issue(
    entries: Sequence[Entry],
    options: PackOptions,
    *,
    follows: BriefingPack | None = None,
    since: moves.Since | None = None,
    by: str = "",
    is_private: bool = False,
    standing: str = "",
) -> BriefingPack:
    """Freeze these entries and queue an issue of them, or return the one that says the same."""
    data = freeze(entries, options, since=since)
    digest = content_hash(
        # A private pack's name depends on whose it is, so that nobody else is given it.
        {"data": data, "options": options.as_json(), "holder": by if is_private else "", "standing": standing}
    )
    existing = _keep_longer(digest)
    if existing is None and not standing:
        check_queue(by)
    series = {"series": follows.series, "issue": _next_number(follows)} if follows else {}
    pack = existing or _create(
        entries,
        data,
        content_hash=digest,
        options=options.as_json(),
        asked_by=by,
        is_private=is_private,
        standing=standing or (follows.standing if follows else ""),
        **series,
    )
    if by:
        PackHolder.objects.get_or_create(pack=pack, key=by)
    return pack


def entries_for(slugs: Sequence[str]) -> list[Entry]:
    """Return the public entries with these slugs, in their order; raise PackRefused if that makes no pack."""
    slugs = list(dict.fromkeys(slugs))
    check_size(len(slugs))
    entries = read_entries(slugs)
    missing = set(slugs) - {entry.slug for entry in entries}
    if missing:
        raise EntriesNotPublished([slug for slug in slugs if slug in missing])
    return entries


def freeze(entries: Sequence[Entry], options: PackOptions, *, since: moves.Since | None = None) -> dict[str, Any]:
    """Return all that the document will say, as plain data."""
    return build_snapshot(entries=entries, options=options, as_at=timezone.localdate(), since=since)


def preview(*, slugs: Sequence[str], options: PackOptions) -> dict[str, Any]:
    """Return what a pack would say, with no number and no address; nothing is kept. Raises PackRefused."""
    with transaction.atomic():
        data = freeze(entries_for(slugs), options)
    return {**data, "number": None, "issue": 1, "address": "", "short_address": ""}


def _next_number(pack: BriefingPack) -> int:
    return (BriefingPack.objects.issues_of(pack).aggregate(last=Max("issue"))["last"] or 0) + 1


def _create(entries: Sequence[Entry], data: dict[str, Any], **fields: Any) -> BriefingPack:
    try:
        with transaction.atomic():
            pack = BriefingPack.objects.create(
                title=data["title"],
                purpose=fields["options"]["purpose"],
                data=data,
                as_at=timezone.localdate(),
                **fields,
            )
            PackEntry.objects.bulk_create(
                PackEntry(pack=pack, entry=entry, position=position, entry_version=entry.version)
                for position, entry in enumerate(entries, start=1)
            )
    except IntegrityError:
        # A double click: the other request was first, and its pack is the same.
        return BriefingPack.objects.current().get(content_hash=fields["content_hash"])
    transaction.on_commit(bell.ring, robust=True)
    return pack


def _keep_longer(digest: str) -> BriefingPack | None:
    """Return the pack that already holds this content, kept as long as if it were made today."""
    existing = BriefingPack.objects.current().filter(content_hash=digest)
    existing.update(expires_at=end_of_keeping())
    return existing.first()


# --- holding --------------------------------------------------------------------------------


def hand_over(*, from_key: str, to_key: str) -> None:
    """Let a person who signs in also find what this browser asked for before."""
    held = PackHolder.objects.filter(key=from_key).values_list("pack_id", flat=True)
    PackHolder.objects.bulk_create([PackHolder(pack_id=pack, key=to_key) for pack in held], ignore_conflicts=True)


@transaction.atomic
def stop_pack(*, pack: BriefingPack, keys: Collection[str]) -> bool:
    """Stop the making of a pack, or only take it off one's list where others asked for it too.

    Return whether it was stopped. A worker that is making it notices within a second.
    """
    mine = PackHolder.objects.filter(pack=pack, key__in=keys)
    if PackHolder.objects.filter(pack=pack).exclude(key__in=keys).exists():
        mine.delete()
        return False
    in_progress = BriefingPack.objects.filter(pk=pack.pk, state__in=[State.QUEUED, State.RUNNING])
    stopped = in_progress.update(
        state=State.CANCELLED, lease=None, lease_until=None, percent=0, finished_at=timezone.now()
    )
    return stopped == 1


@transaction.atomic
def retry_pack(*, pack: BriefingPack) -> BriefingPack:
    """Queue a failed or stopped pack again; if its content was asked for meanwhile, return that pack."""
    if not work.queue_again(pack):
        same = BriefingPack.objects.current().filter(content_hash=pack.content_hash).first()
        if same:
            return same
    transaction.on_commit(bell.ring, robust=True)
    pack.refresh_from_db()
    return pack


def report_lost_file(*, pack: BriefingPack) -> None:
    """A ready pack's file is gone: say so, and let the person have it made again."""
    BriefingPack.objects.filter(pk=pack.pk, state=State.READY).update(
        state=State.FAILED, error="The file of this pack was lost. Make it again: its content is kept.", file=""
    )
    if pack.standing:  # nobody asked for it, so nobody would ask again
        work.queue_again(pack)


# --- sharing --------------------------------------------------------------------------------


def share_pack(*, pack: BriefingPack, days: int) -> ShareLink:
    """Make a link that shows the pack for so many days, at most as long as the pack is kept."""
    until = min(timezone.now() + timedelta(days=days), pack.expires_at)
    return ShareLink.objects.create(pack=pack, expires_at=until)


def revoke_link(*, link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


# --- afterwards -----------------------------------------------------------------------------


def remove_expired_packs() -> int:
    """Remove the files of packs past their keeping, and files that belong to none. Return how many expired."""
    expired = 0
    for pack in BriefingPack.objects.past_keeping(timezone.now()).defer("data"):
        # Asked again: a person may have prolonged it this moment.
        rows = BriefingPack.objects.past_keeping(timezone.now()).filter(pk=pack.pk)
        if rows.update(state=State.EXPIRED, file="", percent=0, retry_at=None):
            storage.remove(storage.file_name(pack))
            expired += 1
    ShareLink.objects.filter(expires_at__lt=timezone.now() - timedelta(days=settings.BRIEFINGS_KEEP_DAYS)).delete()
    ready = BriefingPack.objects.filter(state=State.READY)
    storage.remove_strays(ready.values_list("file", flat=True))
    return expired
