"""How adoption is kept true: how long a word holds, whom we may ask, the links we send and what they answer."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Now
from django.utils import timezone

from portal.adoption.models.record import AdoptionRecord, Stage, StopReason
from portal.adoption.querysets import (
    CONSENT_HOLDS,
    ConfirmationPeriodQuerySet,
    ContactQuerySet,
    LinkQuerySet,
    ReplyQuerySet,
)
from portal.catalogue.models import Entry
from portal.organisations.models import Organisation


class ConfirmationPeriod(models.Model):
    """For how many months what was said of an organisation holds without being confirmed, from a date on."""

    valid_from = models.DateField(unique=True)
    months = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(60)])
    reviewed_on = models.DateField()
    why = models.CharField(max_length=300, blank=True)

    objects = ConfirmationPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="confirmation_period_in_range",
                condition=Q(months__gte=1, months__lte=60),
                violation_error_message="The period is from 1 to 60 months.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.months} months from {self.valid_from}"


class Contact(models.Model):
    """An address at an organisation that agreed to be asked whether what it uses is still in use. No name is kept.

    The consent is who agreed, when and to what. Without one that still holds nothing is sent there.
    """

    class Purpose(models.TextChoices):
        ADOPTION = "adoption", "To be asked by e-mail whether what the organisation uses is still in use"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="adoption_contacts")
    email = models.EmailField(max_length=254)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts_added"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    consent_by = models.CharField(
        max_length=120, blank=True, db_default="", help_text="The role of whoever agreed, never a name."
    )
    consent_on = models.DateField(null=True, blank=True)
    consent_for = models.CharField(max_length=16, choices=Purpose, blank=True, db_default="")
    kept_until = models.DateField(
        db_index=True,
        db_default=Cast(Now(), models.DateField()),
        help_text="Deleted after this day, unless consent is given anew.",
    )
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_times = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How often since the last answer."
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name", "email"]
        indexes = [models.Index(fields=["asked_at"])]
        constraints = [
            models.CheckConstraint(
                name="contact_consent_whole",
                condition=(Q(consent_by="", consent_on=None, consent_for=""))
                | (~Q(consent_by="") & Q(consent_on__isnull=False) & ~Q(consent_for="")),
                violation_error_message="Say who agreed, when, and to what.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                name="contact_once",
                violation_error_message="This address is already there for this organisation.",
            ),
        ]

    def __str__(self) -> str:
        return f"Contact at {self.organisation}"

    def may_be_asked(self, day: date) -> bool:
        """Say whether they agreed, and that consent still holds on the day."""
        return bool(self.consent_for and self.consent_on and self.consent_on > day - CONSENT_HOLDS)


class ForgottenAddress(models.Model):
    """An address whose owner had it removed, as a code that tells it only to whoever types it again."""

    code = models.CharField(max_length=64, unique=True)
    on = models.DateField()

    def __str__(self) -> str:
        return f"Forgotten on {self.on}"


class ConfirmationLink(models.Model):
    """A link sent to a contact, which can be answered once. Of its secret only the hash is kept."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Link of {self.made_at:%Y-%m-%d}"

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class Reply(models.Model):
    """What an organisation's contact said of one entry. What contradicts a verified record waits for the network."""

    class Answer(models.TextChoices):
        STILL = "still", "Still as recorded"
        CHANGED = "changed", "Changed"
        STOPPED = "stopped", "Stopped"

    class State(models.TextChoices):
        TAKEN = "taken", "Taken as it was said"
        WAITING = "waiting", "Waits for the network"
        ACCEPTED = "accepted", "Accepted by the network"
        REFUSED = "refused", "Not accepted"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="adoption_replies")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="adoption_replies")
    answer = models.CharField(max_length=8, choices=Answer)
    stage = models.CharField(max_length=16, choices=Stage)
    stop_reason = models.CharField(max_length=12, choices=StopReason, blank=True)
    note = models.CharField(max_length=500, blank=True)
    said_on = models.DateField()
    state = models.CharField(max_length=8, choices=State)
    contradicts = models.ForeignKey(
        AdoptionRecord, null=True, blank=True, on_delete=models.SET_NULL, related_name="contradicted_by"
    )
    record = models.ForeignKey(AdoptionRecord, null=True, blank=True, on_delete=models.SET_NULL, related_name="replies")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="replies_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_why = models.CharField(max_length=500, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ["said_on", "pk"]
        verbose_name_plural = "replies"
        indexes = [models.Index(fields=["state", "entry"])]
        constraints = [
            models.CheckConstraint(
                name="reply_stopped_has_reason",
                condition=(Q(stage="stopped") & ~Q(stop_reason="")) | (~Q(stage="stopped") & Q(stop_reason="")),
                violation_error_message="Give a reason when, and only when, the organisation stopped.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_answer_display()}"


class LookedThrough(models.Model):
    """One row: up to which day records were looked through for those that nobody confirmed in time."""

    through = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="looked_through_one_row",
                condition=Q(pk=1),
                violation_error_message="There is one day up to which records were looked through.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.through}"
