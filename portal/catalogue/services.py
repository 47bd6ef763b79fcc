"""Writes that concern entries of both kinds."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from portal.catalogue.models import Entry


@transaction.atomic
def publish_entry(*, entry: Entry, by: AbstractBaseUser | None = None) -> None:
    """Make `entry` as it stands in memory, with its children, a revision, and publish that.

    `by` is the person, or None for the data files. The entry must have been saved once; it is
    read again from the database, live. Whether `by` may publish is the caller's question.
    """
    entry.version = Entry.objects.values_list("version", flat=True).get(pk=entry.pk) + 1
    revision = entry.save_revision(user=by, clean=False, log_action=False)
    revision.publish(user=by, log_action=False, skip_permission_checks=True)
    entry.refresh_from_db()
