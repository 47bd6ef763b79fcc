"""People, the network they work for and in which role, and the searches they keep."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who signs in. Browsing and downloading need none."""

    wants_digest = models.BooleanField(default=True, help_text="One e-mail a week with what waits and what is due.")
    digest_week = models.DateField(
        null=True, blank=True, editable=False, help_text="The Monday of the last week that was dealt with."
    )


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
