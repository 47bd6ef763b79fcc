"""Who asked for a pack, the links by which they show it to others, and what a person has chosen for the next."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from portal.briefings.models.pack import BriefingPack, new_token


class PackHolder(models.Model):
    """One person or browser that asked for a pack and finds it among their own.

    The same content is made once, so a pack may have several. A key tells nobody's name: it is
    `person-` with the account's number, or random for a browser.
    """

    pack = models.ForeignKey(BriefingPack, on_delete=models.CASCADE, related_name="holders")
    key = models.CharField(max_length=64)
    since = models.DateTimeField(auto_now_add=True)
    told_until = models.DateTimeField(
        default=timezone.now,
        db_default=Now(),
        help_text="They know of publications up to then, as far as they move the pack.",
    )

    class Meta:
        indexes = [models.Index(fields=["key", "-since"])]
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "key"],
                name="pack_holder_once",
                violation_error_message="They hold this pack already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pack}: {self.key}"


class ShareLink(models.Model):
    """An address that shows a pack to whoever has it, until it expires or is taken back. It names nobody."""

    pack = models.ForeignKey(BriefingPack, on_delete=models.CASCADE, related_name="share_links")
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="share_link_expires_after_it_was_made",
                condition=Q(expires_at__gt=models.F("created_at")),
                violation_error_message="A share link works for at least a moment.",
            )
        ]

    def __str__(self) -> str:
        return f"Link to {self.pack}"

    def get_absolute_url(self) -> str:
        return reverse("briefings:shared", args=[self.token])

    @property
    def works(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class KeptBasket(models.Model):
    """What one person has chosen, found again on any device where they sign in."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="basket")
    slugs = models.JSONField(default=list, help_text="Entries, in the person’s order.")
    for_us = models.JSONField(default=dict, help_text="The person’s own numbers of people, by slug.")

    def __str__(self) -> str:
        return f"Basket of {self.person}"
