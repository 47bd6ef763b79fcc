"""Benefit figures: one value of one measure, for one entry, place and period, with its source."""

from collections.abc import Mapping
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from portal.benefits.models.measure import Measure
from portal.benefits.querysets import BenefitFigureQuerySet
from portal.catalogue.models import Entry
from portal.core.models import WithPublicId
from portal.core.quantities import Qualifier
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation


class Basis(models.TextChoices):
    OBSERVED = "observed", "Observed"
    MODELLED = "modelled", "Modelled"
    NOT_STATED = "not_stated", "Basis not stated"


class PeriodKind(models.TextChoices):
    DURING = "during", "During a period"
    CUMULATIVE = "cumulative", "Cumulative to a date"
    AS_AT = "as_at", "As at a date"
    NOT_STATED = "not_stated", "Not stated"


class FigureValue(models.Model):
    """A value with everything it must never travel without."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="%(class)ss")
    label = models.CharField(max_length=200, help_text="What this figure counts, in a few words.")
    value = models.DecimalField(max_digits=18, decimal_places=4)
    low = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    counted = models.CharField(
        max_length=60, blank=True, help_text="A narrower word for the measure's unit: nurses, practices, interns."
    )
    per = models.CharField(max_length=60, blank=True, help_text="A rate: year, month, trust, referral.")
    qualifier = models.CharField(max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    basis = models.CharField(max_length=10, choices=Basis)
    period_kind = models.CharField(max_length=10, choices=PeriodKind)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    period_note = models.CharField(max_length=160, blank=True, help_text="As the source gives it, where dates can't.")
    place = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        help_text="The smallest organisation or area known to hold it; empty: not stated.",
    )
    place_note = models.CharField(max_length=160, blank=True, help_text="Part of the place, as the source names it.")
    note = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def unit(self) -> str:
        return self.counted or self.measure.unit


def value_constraints(noun: str) -> list[models.BaseConstraint]:
    """The promises that hold for every kind of figure; `noun` starts the constraints' names."""
    return [
        models.CheckConstraint(
            name=f"{noun}_value_within_range",
            condition=(Q(low__isnull=True) | Q(low__lte=F("value"))) & (Q(high__isnull=True) | Q(high__gte=F("value"))),
            violation_error_message="The value must lie between low and high.",
        ),
        models.CheckConstraint(
            name=f"{noun}_range_whole",
            condition=Q(low__isnull=True, high__isnull=True) | Q(low__isnull=False, high__isnull=False),
            violation_error_message="Give both low and high, or neither.",
        ),
        models.CheckConstraint(
            name=f"{noun}_period_in_order",
            condition=Q(period_start__isnull=True) | Q(period_end__isnull=True) | Q(period_end__gte=F("period_start")),
            violation_error_message="The period must not end before it starts.",
        ),
        models.CheckConstraint(
            name=f"{noun}_period_fits_its_kind",
            condition=Q(period_kind="during", period_start__isnull=False, period_end__isnull=False)
            | Q(period_kind="cumulative", period_end__isnull=False)
            | Q(period_kind="as_at", period_start__isnull=True, period_end__isnull=False)
            | Q(period_kind="not_stated", period_start__isnull=True, period_end__isnull=True),
            violation_error_message=(
                "A period has a start and an end; 'cumulative' needs its end; 'as at' its date alone; "
                "'not stated' neither."
            ),
        ),
    ]


class BenefitFigure(WithPublicId, FigureValue, Orderable):
    """One value of one measure, for one entry, place and period, with its source."""

    class Role(models.TextChoices):
        BENEFIT = "benefit", "Benefit"
        BASELINE = "baseline", "Baseline"
        OUTTURN = "outturn", "Level after the change"
        TARGET = "target", "Target"
        INPUT = "input", "Input"
        CONTEXT = "context", "Reach or context"

    class Achievement(models.TextChoices):
        ACHIEVED = "achieved", "Achieved"
        POTENTIAL = "potential", "Potential"

    class Change(models.TextChoices):
        INCREASE = "increase", "Up"
        DECREASE = "decrease", "Down"

    class GrossOrNet(models.TextChoices):
        GROSS = "gross", "Gross"
        NET = "net", "Net"

    class Horizon(models.TextChoices):
        IN_YEAR = "in_year", "In-year"
        MULTI_YEAR = "multi_year", "Multi-year"

    class YesNo(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"

    entry = ParentalKey(Entry, on_delete=models.CASCADE, related_name="figures")
    place_not_stated = models.BooleanField(
        default=False, help_text="The source doesn't say where. The figure is shown, and stays out of totals."
    )
    key = models.SlugField(max_length=80, help_text="Stable within the entry; used in the data files.")
    role = models.CharField(max_length=10, choices=Role)
    achievement = models.CharField(max_length=10, choices=Achievement)
    change = models.CharField(
        max_length=10, choices=Change, blank=True, help_text="For a change: up or down; empty for an amount or level."
    )
    monetised = models.CharField(max_length=3, choices=YesNo, blank=True, help_text="Time or care turned into money?")
    gross_or_net = models.CharField(max_length=5, choices=GrossOrNet, blank=True, help_text="Empty: not stated.")
    horizon = models.CharField(max_length=10, choices=Horizon, blank=True, help_text="Empty: not stated.")
    cash_releasing = models.CharField(max_length=3, choices=YesNo, blank=True, help_text="Empty: unknown.")
    price_year = models.PositiveSmallIntegerField(null=True, blank=True)
    population = models.CharField(max_length=200, blank=True)
    population_size = models.PositiveIntegerField(null=True, blank=True)
    staff_group = models.CharField(max_length=120, blank=True)
    method = models.TextField(blank=True)
    attribution_share = models.DecimalField(
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="The part due to the entry, 0 to 1; empty: not stated.",
    )
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="figures")
    locator = models.CharField(max_length=300, blank=True, help_text="Words or page to find the place in the source.")
    restates = models.UUIDField(null=True, blank=True, help_text="Public id of the figure this says in another unit.")
    supersedes = models.UUIDField(null=True, blank=True, help_text="Public id of the earlier figure this replaces.")
    contradicts = models.UUIDField(
        null=True, blank=True, help_text="Public id of a figure that can't be right if this one is."
    )
    overlap_group = models.SlugField(max_length=60, blank=True, help_text="Figures that may hold the same benefit.")

    objects = BenefitFigureQuerySet.as_manager()

    class Meta(Orderable.Meta):
        indexes = [
            models.Index(fields=["measure", "basis", "achievement"]),
            models.Index(fields=["place", "measure"]),
            models.Index(fields=["public_id"]),
            models.Index(fields=["restates"], name="figure_restates", condition=Q(restates__isnull=False)),
            models.Index(fields=["contradicts"], name="figure_contradicts", condition=Q(contradicts__isnull=False)),
        ]
        constraints = [
            *value_constraints("benefit_figure"),
            models.UniqueConstraint(
                fields=["entry", "key"],
                name="benefit_figure_key_once_per_entry",
                violation_error_message="Another figure of this entry has the same key.",
            ),
            models.UniqueConstraint(
                fields=["entry", "public_id"],
                name="benefit_figure_public_id_once_per_entry",
                violation_error_message="Another figure of this entry has the same public id.",
            ),
            models.CheckConstraint(
                name="benefit_figure_place_or_not_stated",
                condition=Q(place_not_stated=False) | Q(place__isnull=True),
                violation_error_message="Choose a place, or say that it is not stated; not both.",
            ),
            models.CheckConstraint(
                name="benefit_figure_attribution_in_range",
                condition=Q(attribution_share__isnull=True) | Q(attribution_share__gte=0, attribution_share__lte=1),
                violation_error_message="The attribution share lies between 0 and 1.",
            ),
            models.CheckConstraint(
                name="benefit_figure_not_restating_itself",
                condition=(Q(restates__isnull=True) | ~Q(restates=F("public_id")))
                & (Q(supersedes__isnull=True) | ~Q(supersedes=F("public_id")))
                & (Q(contradicts__isnull=True) | ~Q(contradicts=F("public_id"))),
                violation_error_message="A figure can't restate, supersede or contradict itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def told_before(self, labels: Mapping[UUID, str]) -> str:
        """Say which figure this one repeats or replaces; `labels` are those of its page, by public id."""
        if self.restates and self.restates in labels:
            return f"The same benefit as “{labels[self.restates]}”, said in another way. Not to be added to it."
        if self.supersedes and self.supersedes in labels:
            return f"A later count that includes “{labels[self.supersedes]}”."
        if self.contradicts and self.contradicts in labels:
            return f"Does not agree with “{labels[self.contradicts]}”. Both are shown as their sources have them."
        return ""


class NetworkClaim(WithPublicId, FigureValue):
    """A total that the networks state for all their programmes; never added to entries' figures."""

    said_by = models.CharField(max_length=160)
    key = models.SlugField(max_length=80, unique=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="network_claims")

    class Meta:
        ordering = [F("period_end").asc(nulls_first=True), "key"]
        constraints = value_constraints("network_claim")

    def __str__(self) -> str:
        return self.label
