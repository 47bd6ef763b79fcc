"""Organisations, the places they lie in, what they were called and what became of them."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.core.models import PartialDateField, partial_date_constraint
from portal.organisations.querysets import OrganisationQuerySet


class Organisation(models.Model):
    """One body or area with a code: England, a region, an ICB, a trust, a network."""

    if TYPE_CHECKING:  # relations from the floors above
        entries_here: Any
        adoption_records: Any

    class Kind(models.TextChoices):
        COUNTRY = "country", "Country"
        REGION = "region", "NHS region"
        ICB = "icb", "Integrated care board"
        NETWORK = "network", "Health innovation network"
        TRUST = "trust", "NHS trust"

    AREAS = (Kind.COUNTRY, Kind.REGION, Kind.ICB)

    class TrustType(models.TextChoices):
        ACUTE = "acute", "Acute"
        ACUTE_SPECIALIST = "acute_specialist", "Acute specialist"
        AMBULANCE = "ambulance", "Ambulance"
        COMMUNITY = "community", "Community"
        MENTAL_HEALTH = "mental_health", "Mental health"

    code = models.SlugField(max_length=40, unique=True, help_text="ODS code where there is one; any length.")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200)
    short_name = models.CharField(
        max_length=120, blank=True, help_text="As people say it: without NHS and the legal form."
    )
    abbreviation = models.CharField(max_length=20, blank=True)
    trust_type = models.CharField(max_length=20, choices=TrustType, blank=True, help_text="Empty: not classified.")
    trust_type_basis = models.CharField(max_length=200, blank=True, help_text="What the type was read from.")
    legal_form = models.CharField(max_length=40, blank=True)
    town = models.CharField(max_length=80, blank=True)
    area = models.CharField(max_length=300, blank=True, help_text="The area served, in words.")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True, help_text="Last day; empty: open.")
    region = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations_in_region",
        help_text="Follows from the memberships; kept here for filters.",
    )
    note = models.TextField(blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "code"]
        indexes = [models.Index(fields=["kind", "name"]), models.Index(fields=["region", "kind"])]
        constraints = [
            models.CheckConstraint(
                name="organisation_closed_after_opened",
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message="An organisation can't close before it opened. Check both dates.",
            ),
            models.CheckConstraint(
                name="organisation_trust_type_only_for_trusts",
                condition=Q(trust_type="") | Q(kind="trust"),
                violation_error_message="Only a trust has a trust type. Leave it empty.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisations:detail", args=[self.code])

    @property
    def display_name(self) -> str:
        return self.short_name or self.name

    @property
    def can_adopt(self) -> bool:
        """Say whether it takes things up itself; a region or a network is where others do."""
        return self.kind in (self.Kind.TRUST, self.Kind.ICB)

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def was_split(self) -> bool:
        """Say whether its work passed in parts to several."""
        return len(self.successions_out.all()) > 1

    def only_successor(self) -> "Organisation | None":
        """Return who took the whole of it over, on its closing; None while it is open and after a split."""
        if self.is_open:
            return None
        successors = [row.successor for row in self.successions_out.all()]
        return successors[0] if len(successors) == 1 else None

    def members_now(self) -> "OrganisationQuerySet":
        """Organisations that lie in this one today."""
        today = timezone.localdate()
        started = Q(start__isnull=True) | Q(start__lte=today)
        not_ended = Q(end__isnull=True) | Q(end__gte=today)
        inside = self.members.filter(started, not_ended).values("organisation")
        return Organisation.objects.filter(pk__in=inside, closed_on__isnull=True)


class OrganisationCode(models.Model):
    """Another code of an organisation, in another body's list (ONS, ODS)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="other_codes")
    system = models.CharField(max_length=20)
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "code"],
                name="organisation_code_once_per_system",
                violation_error_message="Another organisation already has this code in the same list.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.code}"


class OrganisationName(models.Model):
    """A name an organisation went by; the current one stands on the organisation itself."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=200)
    until = PartialDateField(help_text="When it stopped being used.")

    class Meta:
        ordering = ["-until", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="organisation_name_once",
                violation_error_message="This former name is already listed.",
            ),
            partial_date_constraint("until", "organisation_name_until_is_partial_date"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """For a time, one organisation lies in another: a trust in an ICB, an ICB in a region."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    within = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    start = models.DateField(null=True, blank=True, help_text="Empty: since before our records.")
    end = models.DateField(null=True, blank=True, help_text="Last day; empty: still.")

    class Meta:
        ordering = ["organisation", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "within", "start"],
                name="membership_once",
                violation_error_message="This membership is already recorded.",
            ),
            models.UniqueConstraint(
                fields=["organisation", "within"],
                condition=Q(start__isnull=True),
                name="membership_without_start_once",
                violation_error_message="This membership is already recorded.",
            ),
            models.CheckConstraint(
                name="membership_not_within_itself",
                condition=~Q(organisation=F("within")),
                violation_error_message="An organisation can't lie within itself.",
            ),
            models.CheckConstraint(
                name="membership_in_order",
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gte=F("start")),
                violation_error_message="A membership can't end before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.within}"


class Succession(models.Model):
    """One organisation's work passed to another on a date; a split has several rows."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="successions_out")
    successor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="successions_in")
    on = models.DateField()

    class Meta:
        ordering = ["on", "predecessor", "successor"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="succession_once",
                violation_error_message="This succession is already recorded.",
            ),
            models.CheckConstraint(
                name="succession_to_another",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="An organisation can't succeed itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} to {self.successor}"


class MapTile(models.Model):
    """Where an ICB stands on the tile map of the boards open from a date on."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="map_tiles")
    boards_from = models.DateField(help_text="The map shows the boards open from this day.")
    column = models.PositiveSmallIntegerField()
    row = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["boards_from", "row", "column"]
        constraints = [
            models.UniqueConstraint(
                fields=["boards_from", "column", "row"],
                name="map_tile_place_once",
                violation_error_message="Another board already stands on this tile of the map.",
            ),
            models.UniqueConstraint(
                fields=["boards_from", "organisation"],
                name="map_tile_organisation_once",
                violation_error_message="This board already has a tile on the map.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} at {self.column}, {self.row}"
