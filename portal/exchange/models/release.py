"""What was written of the catalogue for others to take."""

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.core.private_files import folder_for, private_files
from portal.exchange.querysets import DataFileQuerySet, DataReleaseQuerySet


class DataRelease(models.Model):
    """One making of the whole public catalogue as files, all of one state of it.

    The row is the truth about the work (ADR 4). One is made at a time: the database lets no second row run.
    """

    FOLDER = "data"

    class State(models.TextChoices):
        RUNNING = "running", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"

    name = models.CharField(max_length=20, unique=True, help_text="The moment it began, as in 2026-11-28-020012.")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    lease = models.UUIDField(default=uuid.uuid4)
    lease_until = models.DateTimeField(help_text="Whoever makes it is taken for lost from then on.")
    began_at = models.DateTimeField(default=timezone.now)
    as_at = models.DateTimeField(null=True, help_text="The moment whose catalogue it holds.")
    finished_at = models.DateTimeField(null=True)
    entries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=400, blank=True)

    objects = DataReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="running"),
                name="data_release_one_at_a_time",
                violation_error_message="Another making of the data files runs.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        """The name under which its files are kept."""
        return f"{self.FOLDER}/{self.name}"

    @property
    def unfinished(self) -> Path:
        """Where it is written, on the host that makes it, until it is whole."""
        return folder_for(self.FOLDER) / f"{self.name}.{self.lease}.part"


class DataFile(models.Model):
    """One file of a release that is ready."""

    class Format(models.TextChoices):
        JSON_LINES = "jsonl", "JSON Lines"
        CSV = "csv", "CSV"
        WORKBOOK = "xlsx", "Workbook (XLSX)"
        ABOUT = "about", "About the files"

    release = models.ForeignKey(DataRelease, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=60)
    format = models.CharField(max_length=5, choices=Format)
    about = models.CharField(max_length=300)
    media_type = models.CharField(max_length=100)
    is_whole = models.BooleanField(help_text="Holds every table, not one.")
    rows = models.PositiveIntegerField(null=True, help_text="Null: not a single table.")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = DataFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "name"],
                name="data_file_once_per_release",
                violation_error_message="The release has a file of this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("data:file", args=[self.release.name, self.name])

    def open(self) -> Any:
        """Open it for reading. Raises FileNotFoundError where it was removed, OSError where storage is away."""
        return private_files().open(f"{self.release.folder}/{self.name}")

    @property
    def licence(self) -> str:
        return str(settings.DATA_LICENCE)
