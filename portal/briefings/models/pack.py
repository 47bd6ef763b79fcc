"""Briefing packs: dated, numbered issues of chosen entries, made into a PDF by a worker."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from portal.briefings.querysets import BriefingPackQuerySet
from portal.catalogue.models import Entry
from portal.core.private_files import private_files
from portal.core.request_ids import current_request_id


def new_token() -> str:
    """Return 128 random bits: who knows a pack's address may read it, and nobody can guess one."""
    return secrets.token_urlsafe(16)


def end_of_keeping() -> datetime:
    return timezone.now() + timedelta(days=settings.BRIEFINGS_KEEP_DAYS)


def file_stem(title: str) -> str:
    """Return what the files of a pack with this title are called."""
    return slugify(title)[:80].strip("-") or "briefing-pack"


class BriefingPack(models.Model):
    """One issue: the frozen content, how far its making is, and where its file is.

    The row is the truth about the work; a message only says "look" (ADR 0004).
    """

    class Purpose(models.TextChoices):
        APPROVAL = "approval", "For approval"
        ASSURANCE = "assurance", "For assurance"
        DISCUSSION = "discussion", "For discussion"
        INFORMATION = "information", "For information"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"
        CANCELLED = "cancelled", "Stopped"
        EXPIRED = "expired", "Expired"

    class Stage(models.TextChoices):
        COLLECT = "collect", "Collect entries"
        LAY_OUT = "lay_out", "Lay out pages"
        CHECK = "check", "Check for accessibility"
        STORE = "store", "Store the file"

    # While in one of these, the same content is not made a second time.
    STATES_THAT_COUNT = (State.QUEUED, State.RUNNING, State.READY)

    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.INFORMATION)
    data = models.JSONField(help_text="All that the document says, as it was when the pack was asked for.")
    content_hash = models.CharField(max_length=64, editable=False)
    as_at = models.DateField(help_text="The day whose content it holds.")

    options = models.JSONField(default=dict, help_text="What its maker chose, to make the next issue by.")
    is_private = models.BooleanField(
        default=False, help_text="Only who asked for it, and who has a share link, opens it."
    )
    asked_by = models.CharField(
        max_length=64, blank=True, help_text="The key of the person or browser whose turn in the queue it takes."
    )

    # One pack may have several issues, each a row of its own: they share the series.
    series = models.UUIDField(default=uuid.uuid4, editable=False)
    issue = models.PositiveIntegerField(default=1, help_text="1 for the first; one more for each that follows.")
    standing = models.CharField(
        max_length=120,
        blank=True,
        help_text="Theme or strand it stands for, as in theme/retention; nobody asked for it.",
    )

    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.COLLECT)
    percent = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True, help_text="Held by the one worker that makes it.")
    lease_until = models.DateTimeField(null=True, blank=True, help_text="After this another worker may take it.")
    queued_at = models.DateTimeField(
        default=timezone.now, db_default=Now(), help_text="Since when it has waited, last."
    )
    request_id = models.CharField(
        max_length=32,
        blank=True,
        default=current_request_id,
        db_default="",
        editable=False,
        help_text="By which the log has it.",
    )
    error = models.TextField(blank=True, help_text="What went wrong and what to do, for the person who asked.")
    retry_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When a pack that failed for want of room on the disk is tried again by itself.",
    )

    file = models.FileField(upload_to="packs/", storage=private_files, blank=True)
    file_size = models.PositiveBigIntegerField(null=True, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    page_count = models.PositiveIntegerField(null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(default=end_of_keeping)

    objects = BriefingPackQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "created_at"]),
            models.Index(fields=["state", "expires_at"]),
            models.Index(fields=["standing", "-id"]),
            models.Index(fields=["asked_by", "-finished_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "issue"],
                name="briefing_pack_issue_once",
                violation_error_message="This pack has an issue with that number already.",
            ),
            models.CheckConstraint(
                name="briefing_pack_only_a_failed_one_retries",
                condition=Q(retry_at__isnull=True) | Q(state="failed"),
                violation_error_message="Only a pack that failed is tried again by itself.",
            ),
            models.UniqueConstraint(
                fields=["content_hash"],
                condition=Q(state__in=["queued", "running", "ready"]),
                name="briefing_pack_content_once",
                violation_error_message="This briefing pack exists already.",
            ),
            models.CheckConstraint(
                name="briefing_pack_title_not_empty",
                condition=~Q(title=""),
                violation_error_message="Give the briefing pack a title.",
            ),
            models.CheckConstraint(
                name="briefing_pack_lease_only_while_running",
                condition=Q(state="running", lease__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(lease__isnull=True, lease_until__isnull=True)),
                violation_error_message="A pack has a lease when, and only when, it is being made.",
            ),
            models.CheckConstraint(
                name="briefing_pack_ready_has_file",
                condition=~Q(state="ready")
                | (~Q(file="") & Q(page_count__gte=1, file_size__gte=1, finished_at__isnull=False)),
                violation_error_message="A ready pack has its file, size, pages and time.",
            ),
            models.CheckConstraint(
                name="briefing_pack_failed_says_why",
                condition=~Q(state="failed") | ~Q(error=""),
                violation_error_message="A pack that failed says why.",
            ),
            models.CheckConstraint(
                name="briefing_pack_percent_in_range",
                condition=Q(percent__lte=100),
                violation_error_message="Progress is 0 to 100 percent.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("briefings:pack", args=[self.token])

    def get_short_url(self) -> str:
        """Where the number on the cover leads: is this issue current, or which one superseded it?"""
        return reverse("briefings:issue", args=[self.number])

    def get_standing_url(self) -> str:
        """Where a standing pack's newest issue is, whichever that is by then."""
        return reverse("briefings:standing", args=self.standing.split("/"))

    @property
    def file_stem(self) -> str:
        return file_stem(self.title)

    @property
    def number(self) -> int:
        """Return the issue's number: counted up and never used twice."""
        return self.pk

    def document(self) -> dict[str, Any]:
        """Return what every form of the document is written from: the frozen content, and this issue's own."""
        site = self.data["site_address"]
        own = {"address": site + self.get_absolute_url(), "short_address": site + self.get_short_url()}
        return {**self.data, **own, "number": self.number, "issue": self.issue}

    @property
    def entry_count(self) -> int:
        return len(self.data["entries"])

    @property
    def is_in_progress(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def is_expired(self) -> bool:
        return self.state == self.State.EXPIRED or (
            self.state == self.State.READY and self.expires_at <= timezone.now()
        )


class PackEntry(models.Model):
    """One entry of a pack: at which place, and in which of its versions."""

    pack = models.ForeignKey(BriefingPack, on_delete=models.CASCADE, related_name="pack_entries")
    # The pack's content is frozen, so it outlives an entry that is deleted.
    entry = models.ForeignKey(Entry, null=True, on_delete=models.SET_NULL, related_name="pack_entries")
    position = models.PositiveSmallIntegerField()
    entry_version = models.PositiveIntegerField()

    class Meta:
        ordering = ["pack", "position"]
        verbose_name_plural = "pack entries"
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "position"],
                name="pack_entry_position_once",
                violation_error_message="Another entry has this place in the pack.",
            ),
            models.UniqueConstraint(
                fields=["pack", "entry"],
                name="pack_entry_once",
                violation_error_message="This entry is already in the pack.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.entry or 'Deleted entry'}"
