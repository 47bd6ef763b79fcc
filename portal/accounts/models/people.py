"""People, and the network they work for in which role."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from portal.accounts.models.keys import NetworkKey


class User(AbstractUser):
    """A person who signs in. Browsing and downloading need none.

    `through_key` is the key of a system that acts for the person, and is never stored.
    """

    through_key: "NetworkKey | None" = None

    wants_digest = models.BooleanField(default=True, help_text="One e-mail a week with what waits and what is due.")
    wants_pack_mail = models.BooleanField(
        default=True, db_default=True, help_text="One e-mail a day when an entry in one of their packs has changed."
    )
    digest_week = models.DateField(
        null=True, blank=True, editable=False, help_text="The Monday of the last week that was dealt with."
    )
    organisation = models.ForeignKey(
        "organisations.Organisation",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="readers",
        help_text="Where the person works, as they say: what pages offer first.",
    )
    times_signed_out = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="How often the person was signed out everywhere: each ends all sessions.",
    )

    def get_full_name(self) -> str:
        """Return the person's name; of what a system did for them, its key's before it."""
        name = super().get_full_name()
        return f"{self.through_key} (key of {name or self.username})" if self.through_key else name

    def get_session_auth_hash(self) -> str:
        """Return what a session must hold to be the person's: it changes with the password, and as they sign out."""
        return self._of_these_sessions(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        by_key = zip(settings.SECRET_KEY_FALLBACKS, super().get_session_auth_fallback_hash(), strict=True)
        return (self._of_these_sessions(told, key) for key, told in by_key)

    def _of_these_sessions(self, told: str, key: str | None = None) -> str:
        times = self.times_signed_out
        return salted_hmac("accounts.signed-out", f"{told} {times}", secret=key).hexdigest() if times else told


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
