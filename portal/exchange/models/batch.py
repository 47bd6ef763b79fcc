"""A batch: one uploaded file on its way to drafts, and what it takes to take it back."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from portal.core.request_ids import current_request_id
from portal.organisations.models import Organisation

UNDO_FOR = timedelta(days=30)


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def due(self) -> "ImportBatchQuerySet":
        """Batches with a step to do that no living worker is doing."""
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        return self.filter(free, state__in=ImportBatch.WORKING)


class ImportBatch(models.Model):
    """One file that an editor imports for one network, and how far it is.

    The row is the truth about the work; a message only says "look" (ADR 4).
    """

    class State(models.TextChoices):
        READING = "reading", "Being read"
        COLUMNS = "columns", "Waits for its columns to be matched"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked, nothing changed yet"
        APPLYING = "applying", "Becoming drafts"
        APPLIED = "applied", "Applied"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        REFUSED = "refused", "Refused"

    WORKING = (State.READING, State.CHECKING, State.APPLYING, State.UNDOING)

    network = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="import_batches")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_batches"
    )
    by_name = models.CharField(max_length=310, blank=True, help_text="Stays when the account is gone.")
    file_name = models.CharField(max_length=200)
    file_size = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    error = models.TextField(blank=True, help_text="Why it was refused, or why a step has to be asked for again.")
    sheets = models.JSONField(default=list, help_text="Each sheet's name, headings, table and columns.")
    takes_duplicates = models.BooleanField(default=False)
    request_id = models.CharField(max_length=32, blank=True, default=current_request_id, db_default="", editable=False)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    waits_since = models.DateTimeField(
        default=timezone.now, db_default=Now(), help_text="When the step that is next was asked for."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_name = models.CharField(max_length=310, blank=True)
    receipt = models.JSONField(default=dict, help_text="Counts and totals, as they were when it was applied.")

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "import batches"
        indexes = [
            models.Index(fields=["network", "-created_at"]),
            models.Index(fields=["state"], name="import_batch_state"),
        ]

    def __str__(self) -> str:
        return f"Import {self.pk}: {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("imports:batch", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def percent(self) -> int:
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def undo_until(self) -> datetime | None:
        return self.applied_at + UNDO_FOR if self.applied_at else None

    @property
    def can_be_undone(self) -> bool:
        until = self.undo_until
        return self.state == self.State.APPLIED and until is not None and timezone.now() < until


class ImportFile(models.Model):
    """The file of a batch, as it was uploaded, until it has been read."""

    batch = models.OneToOneField(ImportBatch, primary_key=True, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"File of import {self.pk}"


class ImportRow(models.Model):
    """One row of a batch's file: its cells as text, and what applying it would do."""

    class State(models.TextChoices):
        UNREAD = "", "Not checked"
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        DUPLICATE = "duplicate", "Duplicate?"
        WRONG = "wrong", "Wrong"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    sheet = models.PositiveSmallIntegerField(help_text="Place in the batch's list of sheets.")
    number = models.PositiveIntegerField(help_text="As a spreadsheet numbers it.")
    cells = models.JSONField()
    entry = models.CharField(max_length=100, blank=True, help_text="Address of the entry it belongs to.")
    state = models.CharField(max_length=10, choices=State, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, help_text="What it is, in a few words.")
    problems: Any = models.JSONField(default=list, help_text="Column, value, problem and fix of each.")
    changes: Any = models.JSONField(default=list, help_text="Column, before and after of each.")
    same_as = models.CharField(max_length=400, blank=True, help_text="What it may be a duplicate of, and why.")
    is_wanted = models.BooleanField(default=False, help_text="Apply it though it may be a duplicate.")

    class Meta:
        ordering = ["sheet", "number"]
        indexes = [
            models.Index(fields=["batch", "sheet", "number"]),
            models.Index(fields=["batch", "state", "sheet", "number"]),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}"


class ImportedChange(models.Model):
    """One thing that a batch made or changed: what to look at, and what to put back, when it is undone."""

    class What(models.TextChoices):
        ENTRY = "entry", "Entry"
        RECORD = "record", "Adoption record"
        SOURCE = "source", "Source"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=6, choices=What)
    key = models.PositiveBigIntegerField(help_text="The row's own key.")
    title = models.CharField(max_length=400)
    is_new = models.BooleanField()
    before: Any = models.JSONField(default=dict)
    after: Any = models.JSONField(default=dict)
    kept_because = models.TextField(blank=True, help_text="Why undoing the batch left it as it is.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "what", "key"],
                name="imported_change_once",
                violation_error_message="The batch has changed this already.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ColumnMatch(models.Model):
    """Which of our columns a network's heading means, as somebody of it once said."""

    network = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="column_matches")
    table = models.CharField(max_length=20)
    heading = models.CharField(max_length=200, help_text="In small letters, without signs.")
    column = models.CharField(max_length=40, blank=True, help_text="Empty: leave it out.")

    class Meta:
        verbose_name_plural = "column matches"
        constraints = [
            models.UniqueConstraint(
                fields=["network", "table", "heading"],
                name="column_match_once",
                violation_error_message="This heading has been matched already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.heading}: {self.column or 'left out'}"
