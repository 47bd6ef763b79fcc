"""Keys of a network's systems."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models.people import User


class NetworkKey(models.Model):
    """One key to the API, by which a network's system does what its maker may, in that network alone.

    The key itself is kept nowhere: `prefix` finds the row, `hashed_key` is compared.
    """

    class Scope(models.TextChoices):
        READ = "read", "Read what is public, with a limit of its own"
        DRAFTS = "drafts", "Read, write and submit the network’s drafts, and add sources"
        ADOPTION = "adoption", "Record who has taken up the network’s entries"
        PACKS = "packs", "Make briefing packs"

    network = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        related_name="keys",
        limit_choices_to={"kind": "network"},
    )
    name = models.CharField(max_length=60, help_text="The system that uses it. The trail names it.")
    scopes = models.JSONField(default=list, help_text="What it may be used for.")
    prefix = models.CharField(max_length=8, unique=True, editable=False)
    hashed_key = models.CharField(max_length=150, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="keys_made")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="keys_revoked")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="network_key_expires_after_it_was_made",
                condition=Q(expires_at__gt=models.F("made_at")),
                violation_error_message="A key works for at least a moment.",
            ),
            models.CheckConstraint(
                name="network_key_named",
                condition=~Q(name=""),
                violation_error_message="Name the system that uses the key.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def works(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def scope_labels(self) -> list[str]:
        return [str(self.Scope(scope).label) for scope in self.scopes]
