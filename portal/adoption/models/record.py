"""Who has taken up what: dated records of organisations, and aggregate claims kept apart from them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.adoption.querysets import AdoptionQuerySet
from portal.catalogue.models import Entry
from portal.core.models import PartialDateField, WithPublicId, partial_date_constraint
from portal.core.quantities import Qualifier
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation


class Stage(models.TextChoices):
    EXPLORING = "exploring", "Exploring"
    PILOTING = "piloting", "Piloting"
    ADOPTED_IN_PART = "adopted_in_part", "Adopted in part"
    ADOPTED = "adopted", "Adopted"
    SPREAD = "spread", "Spreading"
    SUSTAINED = "sustained", "Sustained"
    PAUSED = "paused", "Paused"
    STOPPED = "stopped", "Stopped"
    NOT_ADOPTING = "not_adopting", "Not adopting"


class StopReason(models.TextChoices):
    COST = "cost", "Other cost"
    LICENCE_COST = "licence_cost", "Licence cost"
    NO_INTERFACE = "no_interface", "No interface"
    STAFFING = "staffing", "No people to run it"
    NO_BENEFIT = "no_benefit", "No benefit seen"
    SUPPLIER = "supplier", "Supplier withdrew it"
    REPLACED = "replaced", "Replaced by something else"
    PILOT_ENDED = "pilot_ended", "Pilot ended as planned"
    NOT_STATED = "not_stated", "Reason not stated"


class AdoptionRecord(WithPublicId):
    """One organisation reached one stage of taking up one entry, on a date somebody stated."""

    StopReason = StopReason

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="adoption_records")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="adoption_records")
    stage = models.CharField(max_length=16, choices=Stage)
    on = PartialDateField(help_text="Year, month or day as stated; empty: not stated.")
    stop_reason = models.CharField(max_length=12, choices=StopReason, blank=True)
    extent = models.CharField(max_length=200, blank=True, help_text="How far: wards, teams, patients.")
    note = models.TextField(blank=True)
    said_by = models.CharField(max_length=200, blank=True)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="adoption_records"
    )
    reported_at = models.DateTimeField(auto_now_add=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="adoption_records_reported",
        help_text="Who entered it on a screen. Nobody verifies what they entered.",
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="adoption_records_verified",
    )
    verified_at = models.DateTimeField(null=True, blank=True)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "organisation__name"]
        indexes = [
            models.Index(fields=["entry", "organisation", "-on"]),
            models.Index(fields=["organisation", "stage"]),
            models.Index(fields=["entry", "stage", "on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "organisation", "stage", "on"],
                name="adoption_record_once",
                violation_error_message="This organisation's stage on this date is already recorded.",
            ),
            models.CheckConstraint(
                name="adoption_record_stopped_has_reason",
                condition=(Q(stage="stopped") & ~Q(stop_reason="")) | (~Q(stage="stopped") & Q(stop_reason="")),
                violation_error_message="Give a reason when, and only when, the organisation stopped.",
            ),
            models.CheckConstraint(
                name="adoption_record_says_who",
                condition=Q(evidence__isnull=False) | ~Q(said_by=""),
                violation_error_message="Say who reported this, or cite the evidence.",
            ),
            partial_date_constraint("on", "adoption_record_on_is_partial_date"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_stage_display()}"


class CoverageClaim(WithPublicId):
    """An aggregate claim ("61% of acute trusts"): never mixed with records of organisations."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="coverage_claims")
    group = models.CharField(max_length=200, help_text="Who is counted, in words.")
    place = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="coverage_claims"
    )
    stage = models.CharField(max_length=16, choices=Stage)
    qualifier = models.CharField(max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    count = models.PositiveIntegerField(null=True, blank=True)
    denominator = models.PositiveIntegerField(null=True, blank=True)
    share_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=80, blank=True, help_text="What is counted: trusts, practices, patients.")
    as_at = PartialDateField(help_text="Empty: not stated.")
    note = models.TextField(blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="coverage_claims")
    position = models.PositiveSmallIntegerField(default=0)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="coverage_claim_count_within_denominator",
                condition=Q(denominator__isnull=True) | Q(count__isnull=True) | Q(count__lte=F("denominator")),
                violation_error_message="The count can't be above the number it is counted out of.",
            ),
            models.CheckConstraint(
                name="coverage_claim_share_in_range",
                condition=Q(share_percent__isnull=True) | Q(share_percent__gte=0, share_percent__lte=100),
                violation_error_message="The share is between 0 and 100 percent.",
            ),
            partial_date_constraint("as_at", "coverage_claim_as_at_is_partial_date"),
        ]

    def __str__(self) -> str:
        return self.group
