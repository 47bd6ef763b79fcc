"""Writes that concern entries of both kinds: publishing, withdrawing, and the trail they leave.

Whether a person may do it is the caller's question.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import Revision

from portal.catalogue.changes import changes_between
from portal.catalogue.finding.documents import keep_texts
from portal.catalogue.models import CatalogueVersion, Entry, EntryChange, PublishedVersion
from portal.catalogue.versions import as_published, copy_of, latest_kept
from portal.core.people import name_of

Action, Origin = EntryChange.Action, EntryChange.Origin


class NotPublishable(Exception):
    """A draft can't become what readers see; the text says why, fit to show."""


class SlugTaken(NotPublishable):
    """Another entry has the address that a draft asks for."""


class AddressChanged(NotPublishable):
    """A draft asks for another address than its entry was published under."""


class NotPublic(Exception):
    """Something was asked of an entry that is not published."""


@dataclass(frozen=True)
class _Told:
    """Who publishes or withdraws, why and from where: what Wagtail's signals don't carry."""

    by: AbstractBaseUser | None = None
    reason: str = ""
    origin: str = Origin.SCREEN


_UNTOLD = _Told()
_told: ContextVar[_Told] = ContextVar("told", default=_UNTOLD)


@contextmanager
def _telling(by: AbstractBaseUser | None, reason: str, origin: str) -> Iterator[None]:
    token = _told.set(_Told(by, reason, origin))
    try:
        yield
    finally:
        _told.reset(token)


@CatalogueVersion.moves_once()
def publish_entry(
    *, entry: Entry, by: AbstractBaseUser | None = None, reason: str = "", origin: str = Origin.SCREEN
) -> None:
    """Make `entry` as it stands in memory, with its children, a revision, and publish that.

    `by` is the person, or None for the data files. The entry must have been saved once; it is
    read again from the database, live.
    """
    revision = entry.save_revision(user=by, clean=False, log_action=False)
    publish_revision(revision=revision, by=by, reason=reason, origin=origin)
    entry.refresh_from_db()


@CatalogueVersion.moves_once()
def publish_revision(
    *, revision: Revision, by: AbstractBaseUser | None, reason: str = "", origin: str = Origin.SCREEN
) -> None:
    """Publish a draft: count one version up, keep a copy of it, and tell readers what changed and why.

    A draft that is to go live later is scheduled instead. Raises NotPublishable if its address is
    another entry's, or is not the one its entry was published under.
    """
    entry = revision.content_type.model_class()._default_manager.select_for_update().get(pk=revision.object_id)
    _check_address(entry, revision.content["slug"])
    revision.content_object = entry
    with _telling(by, reason, origin):
        revision.publish(user=by, log_action=by is not None, skip_permission_checks=True)
    if revision.approved_go_live_at:
        record_change(entry=entry, action=Action.SCHEDULED, by=by, reason=reason, origin=origin)


def _check_address(entry: Entry, slug: str) -> None:
    """Drafts don't reserve their slug, so another entry may have taken it since."""
    other = Entry.objects.filter(slug=slug).exclude(pk=entry.pk).first()
    if other:
        name = f"“{other.title}”" if other.live else "another entry"
        raise SlugTaken(f"The address “{slug}” belongs to {name}. Choose another one.")
    if entry.first_published_at and slug != entry.slug:
        raise AddressChanged(f"A published entry keeps its address “{entry.slug}”: others have cited it.")


@CatalogueVersion.moves_once()
def withdraw_entry(*, entry: Entry, by: AbstractBaseUser | None, reason: str, origin: str = Origin.SCREEN) -> None:
    """Take a published entry from readers, with its versions and its change log; raise NotPublic if it isn't live."""
    row = type(entry.specific)._default_manager.select_for_update().get(pk=entry.pk)
    if not row.live:
        raise NotPublic(f"“{row.title}” is not published, so there is nothing to withdraw.")
    with _telling(by, reason, origin):
        UnpublishAction(row, user=by, log_action=by is not None).execute(skip_permission_checks=True)
    entry.refresh_from_db()


def record_change(
    *,
    entry: Entry,
    action: str,
    by: AbstractBaseUser | None = None,
    reason: str = "",
    origin: str = Origin.SCREEN,
    **publication: Any,
) -> EntryChange:
    """Add one row to the trail of an entry; publications and withdrawals write their own."""
    return EntryChange.objects.create(
        entry_id=entry.pk,
        by_id=by.pk if by else None,
        by_name=name_of(by),
        network=entry.owner_network.name if entry.owner_network else "",
        action=action,
        origin=origin,
        reason=reason.strip(),
        title=entry.title,
        **publication,
    )


def record_publication(*, instance: Any, revision: Revision, **signal: Any) -> None:
    """Count and keep a version: hears of every publication, also of those that Wagtail's schedule makes."""
    if not isinstance(instance, Entry) or not instance.live:
        return
    before = latest_kept(instance) if instance.version else None
    instance.version += 1
    Entry.objects.filter(pk=instance.pk).update(version=instance.version)
    kept = copy_of(type(instance), revision.content)
    told = _told.get()
    kept.change = record_change(
        entry=instance,
        action=Action.PUBLISHED,
        by=told.by,
        reason=told.reason,
        origin=told.origin,
        at=instance.last_published_at,
        version=instance.version,
        sentences=_sentences(type(instance), before, kept),
    )
    kept.save(force_insert=True)
    keep_texts([instance.pk])


def _sentences(model: type[Entry], before: PublishedVersion | None, after: PublishedVersion) -> list[str]:
    """Say to readers what a publication changed, compared with what was published before."""
    if before is None:
        return ["First published."]
    changes = changes_between(*as_published(model, [before, after]))
    return [change.sentence for change in changes] or ["Published again. Nothing differs."]


def record_withdrawal(*, instance: Any, **signal: Any) -> None:
    """Write down every withdrawal, also those that Wagtail's schedule makes."""
    if isinstance(instance, Entry):
        told = _told.get()
        record_change(entry=instance, action=Action.WITHDRAWN, by=told.by, reason=told.reason, origin=told.origin)
        keep_texts([instance.pk])
