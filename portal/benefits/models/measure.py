"""What is counted, with unit and direction, and the constants that conversions use."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.benefits.querysets import MeasureQuerySet


class Measure(models.Model):
    """One thing that is counted, its unit, and whether it may be added up."""

    class Direction(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"
        NONE = "none", "No judgement"

    class Topic(models.TextChoices):
        TIME = "time", "Staff time"
        MONEY = "money", "Money"
        PEOPLE = "people", "Recruiting, keeping and training people"
        SHIFTS = "shifts", "Shifts and banks"
        SERVICE = "service", "Patients and service"
        EXPERIENCE = "experience", "Experience and inclusion"
        REACH = "reach", "Reach and uptake"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_USE = "in_use", "In use"
        RETIRED = "retired", "Retired"

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120, unique=True)
    topic = models.CharField(max_length=12, choices=Topic)
    unit = models.CharField(max_length=40, help_text="hours, GBP, percent, people: one unit, never mixed.")
    direction = models.CharField(max_length=6, choices=Direction)
    additive = models.BooleanField(help_text="May values be added up? Never for rates, percentages, medians, ratios.")
    counts_people = models.BooleanField(default=False, help_text="A total may count a person twice across programmes.")
    price_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="For money: the year (2024 is 2024/25) whose prices its totals are in."
    )
    definition = models.TextField()
    why_it_matters = models.TextField(blank=True)
    how_worked_out = models.TextField(blank=True)
    caveats = models.TextField(blank=True)
    author = models.CharField(max_length=120)
    checker = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    reviewed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                name="measure_next_review_after_reviewed",
                condition=Q(next_review_on__isnull=True)
                | Q(reviewed_on__isnull=True)
                | Q(next_review_on__gt=F("reviewed_on")),
                violation_error_message="The next review must be after the last one.",
            ),
            models.CheckConstraint(
                name="measure_percent_not_additive",
                condition=~Q(unit="percent") | Q(additive=False),
                violation_error_message="A percentage can't be added up. Set additive to no.",
            ),
            models.CheckConstraint(
                name="measure_of_money_has_price_year",
                condition=~Q(unit="GBP") | Q(additive=False) | Q(price_year__isnull=False),
                violation_error_message="Money that is added up needs a price year. Give the year, as in 2024.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("benefits:measure", args=[self.key])

    @property
    def is_review_overdue(self) -> bool:
        return bool(self.next_review_on and self.next_review_on < timezone.localdate())


class WorkingTime(models.Model):
    """The hours in a working day and in a whole-time year, from a date on; for display only."""

    valid_from = models.DateField(unique=True)
    hours_per_day = models.DecimalField(max_digits=5, decimal_places=2)
    hours_per_week = models.DecimalField(max_digits=5, decimal_places=2)
    weeks_per_year = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["-valid_from"]
        verbose_name_plural = "working time"
        constraints = [
            models.CheckConstraint(
                name="working_time_positive",
                condition=Q(hours_per_day__gt=0, hours_per_week__gt=0, weeks_per_year__gt=0),
                violation_error_message="Hours and weeks are above zero.",
            )
        ]

    def __str__(self) -> str:
        return f"From {self.valid_from}"


class Deflator(models.Model):
    """A price index for one financial year; money is rebased only when both years are here."""

    year = models.PositiveSmallIntegerField(unique=True, help_text="The year the financial year starts in.")
    index = models.DecimalField(max_digits=8, decimal_places=4)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                name="deflator_positive",
                condition=Q(index__gt=0),
                violation_error_message="A price index is above zero.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"
