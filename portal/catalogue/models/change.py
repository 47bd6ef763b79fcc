"""The trail: who changed what in an entry, when, why and from where; and each version as it was published."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.catalogue.models.entry import Entry
from portal.catalogue.querysets import EntryChangeQuerySet
from portal.core.models import AppendOnlyModel, AppendOnlyQuerySet


class EntryChange(AppendOnlyModel):
    """One event of one entry. Rows are only ever added; they go when the entry itself is deleted.

    `by_name` stays when the account is gone, for editors alone: readers see `public_author`.
    `sentences` say to readers what a publication changed; their other rows have none.
    """

    class Action(models.TextChoices):
        CREATED = "created", "Created"
        EDITED = "edited", "Edited"
        SUBMITTED = "submitted", "Submitted"
        TAKEN_BACK = "taken_back", "Taken back"
        SENT_BACK = "sent_back", "Sent back"
        APPROVED = "approved", "Approved"
        SCHEDULED = "scheduled", "Scheduled"
        UNSCHEDULED = "unscheduled", "Taken off the schedule"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"
        RESTORED = "restored", "Draft begun from an earlier version"
        DISCARDED = "discarded", "Draft put aside"
        GIVEN = "given", "Given to another network"
        LOCKED = "locked", "Locked"
        UNLOCKED = "unlocked", "Unlocked"
        ADOPTION = "adoption", "Adoption recorded"

    class Origin(models.TextChoices):
        SCREEN = "screen", "On screen"
        IMPORT = "import", "Import"
        API = "api", "API"
        DATA_FILES = "data_files", "Data files"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="entry_changes"
    )
    by_name = models.CharField(max_length=310, blank=True)
    network = models.CharField(max_length=200, blank=True, help_text="The network that kept the entry true then.")
    action = models.CharField(max_length=12, choices=Action)
    origin = models.CharField(max_length=10, choices=Origin)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(null=True, blank=True, help_text="The version that was published.")
    title = models.CharField(max_length=160, help_text="The entry's title then.")
    sentences = models.JSONField(default=list, blank=True, help_text="What changed for readers.")

    objects = EntryChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["entry", "-at"])]
        constraints = [
            models.CheckConstraint(
                name="entry_change_version_of_publications",
                condition=Q(action="published", version__isnull=False) | (~Q(action="published") & Q(version=None)),
                violation_error_message="A publication has the version it made; nothing else has one.",
            ),
            models.UniqueConstraint(
                fields=["entry", "version"],
                name="entry_version_published_once",
                violation_error_message="This version of the entry was published already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_action_display().lower()}"

    @property
    def public_author(self) -> str:
        """Who answers for the change, as readers are told: a network, never a person."""
        if self.origin == self.Origin.DATA_FILES:
            return "the portal’s data files"
        return self.network or "the portal’s editors"


class PublishedVersion(AppendOnlyModel):
    """One version of an entry as it was published: its fields, its children and what they point at (ADR 0009).

    A copy, so that neither a purge of revisions nor a later correction of a source changes it.
    """

    change = models.OneToOneField(EntryChange, on_delete=models.CASCADE, primary_key=True, related_name="kept")
    content: Any = models.JSONField(encoder=DjangoJSONEncoder, help_text="Fields and children, as a revision has them.")
    references: Any = models.JSONField(
        encoder=DjangoJSONEncoder, help_text="Model and id to the row's values: sources, measures, places, tags."
    )

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Version {self.change.version} of {self.change.title}"
