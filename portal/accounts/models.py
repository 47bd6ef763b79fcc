"""People, the network they work for and in which role, its systems' keys, and the searches people keep."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone


class User(AbstractUser):
    """A person who signs in. Browsing and downloading need none.

    `through_key` is the key of a system that acts for the person, and is never stored.
    """

    through_key: "NetworkKey | None" = None

    wants_digest = models.BooleanField(default=True, help_text="One e-mail a week with what waits and what is due.")
    digest_week = models.DateField(
        null=True, blank=True, editable=False, help_text="The Monday of the last week that was dealt with."
    )

    def get_full_name(self) -> str:
        """Return the person's name; of what a system did for them, its key's before it."""
        name = super().get_full_name()
        return f"{self.through_key} (key of {name or self.username})" if self.through_key else name


class NetworkRole(models.Model):
    """One person's role in one network; a publisher or administrator acts for all of them."""

    class Role(models.TextChoices):
        CONTRIBUTOR = "contributor", "Contributor"
        EDITOR = "editor", "Editor"
        REVIEWER = "reviewer", "Reviewer"
        PUBLISHER = "publisher", "Publisher"
        ADMINISTRATOR = "administrator", "Administrator"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="network_roles")
    network = models.ForeignKey(
        "organisations.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
        limit_choices_to={"kind": "network"},
    )
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "network"],
                name="network_role_once",
                violation_error_message="This person already has a role in this network. Change that one.",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(network__isnull=True),
                name="network_role_for_all_once",
                violation_error_message="This person already has a role for all networks. Change that one.",
            ),
            models.CheckConstraint(
                name="network_role_names_its_network",
                condition=models.Q(network__isnull=False) | models.Q(role__in=["publisher", "administrator"]),
                violation_error_message="A contributor, editor or reviewer belongs to a network. Choose one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


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


class SavedSearch(models.Model):
    """A search a person keeps: the query string is the whole of its state."""

    class Digest(models.TextChoices):
        NEVER = "never", "No e-mail"
        DAILY = "daily", "Daily"
        WEEKLY = "weekly", "Weekly"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=40)
    query_string = models.CharField(max_length=2000, blank=True)
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.NEVER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="saved_search_name_once",
                violation_error_message="You already have a saved search with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name
