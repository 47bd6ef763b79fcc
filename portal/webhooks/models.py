"""Addresses that want to be told of the public catalogue, what they are told, and how each telling went."""

import secrets
import uuid
from base64 import b64encode
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.core.request_ids import current_request_id
from portal.core.sealed import SealedField


class Event(models.TextChoices):
    PUBLISHED = "entry.published", "An entry was published"
    CHANGED = "entry.changed", "A published entry was changed"
    WITHDRAWN = "entry.withdrawn", "An entry was withdrawn"
    CORRECTED = "figures.corrected", "Published figures were corrected"
    TEST = "portal.test", "A test, sent by hand"


ABOUT_ENTRIES = [event for event in Event if event is not Event.TEST]


def new_secret() -> str:
    """Return a signing secret as Standard Webhooks writes it: 32 random bytes."""
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


class Webhook(models.Model):
    """One address of another system. `network` says whose people keep it; none: those who act for all networks.

    Each message is signed with the secret, so it is kept, but encrypted. For a day after it was
    changed, messages are signed with the old one as well.
    """

    network = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="webhooks"
    )
    address = models.URLField(max_length=500)
    description = models.CharField(max_length=120, blank=True)
    events: Any = models.JSONField(default=list)
    secret = SealedField(default=new_secret, editable=False)
    old_secret = SealedField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    is_on = models.BooleanField(default=True)
    off_because = models.CharField(max_length=300, blank=True)
    off_since = models.DateTimeField(null=True, blank=True)
    given_up = models.PositiveIntegerField(default=0, help_text="Messages given up since one was last taken.")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="webhooks"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.description or self.address


class Delivery(models.Model):
    """One message to one address, written with the publication it tells of: the outbox.

    Who moves `next_at` on may send it, so what a dying worker held is due again by itself.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        TAKEN = "taken", "Taken"
        GIVEN_UP = "given_up", "Given up"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, help_text="The same at each attempt.")
    event = models.CharField(max_length=20, choices=Event)
    about = models.CharField(max_length=160, blank=True, help_text="The entry's title then.")
    body = models.TextField(help_text="JSON as it is sent and signed.")
    request_id = models.CharField(max_length=32, blank=True, default=current_request_id, db_default="", editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Since it was queued, last by hand.")
    next_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook_id}"


class Attempt(models.Model):
    """One try at a delivery: when, how long it took, and what came back."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(default=timezone.now)
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: there was no answer.")
    said = models.CharField(max_length=200)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.said
