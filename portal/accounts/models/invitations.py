"""Invitations to work for a network."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.accounts.models.people import NetworkRole, User


class Invitation(models.Model):
    """One person asked by e-mail to take a role in a network, or in all; taken at most once."""

    email = models.EmailField(max_length=254)
    network = models.ForeignKey(
        "organisations.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations",
        limit_choices_to={"kind": "network"},
    )
    role = models.CharField(max_length=20, choices=NetworkRole.Role)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="invitations_made")
    by_operator = models.BooleanField(default=False, help_text="Made by a command on the server, in nobody's name.")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations_accepted"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_names_its_network",
                condition=Q(network__isnull=False) | Q(role__in=["publisher", "administrator"]),
                violation_error_message="A contributor, editor or reviewer belongs to a network. Choose one.",
            ),
            models.CheckConstraint(
                name="invitation_expires_after_it_was_made",
                condition=Q(expires_at__gt=F("made_at")),
                violation_error_message="An invitation is open for at least a moment.",
            ),
            models.CheckConstraint(
                name="invitation_taken_or_withdrawn",
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                violation_error_message="An invitation that was taken can't be withdrawn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_role_display()}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    @property
    def state(self) -> str:
        if self.accepted_at:
            return "Accepted"
        if self.withdrawn_at:
            return "Withdrawn"
        return "Open" if self.is_open else "Expired"
