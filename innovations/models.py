"""Innovations: changes to how the workforce is deployed, trained or supported."""

from django.db import models
from modelcluster.fields import ParentalManyToManyField

from innovations.querysets import InnovationQuerySet
from portal.catalogue.models import Entry
from portal.core.models import Tag


class InnovationKind(Tag):
    """What sort of change it is: a digital tool, a role, a pathway."""

    class Meta(Tag.Meta):
        pass


class Programme(Tag):
    """A national or network programme that carried an innovation."""

    class Meta(Tag.Meta):
        pass


class Innovation(Entry):
    """A change to how the workforce is deployed, trained or supported."""

    kind_of_entry = Entry.Kind.INNOVATION

    class CostBand(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"

    class Ease(models.TextChoices):
        EASY = "easy", "Easy"
        MODERATE = "moderate", "Moderate"
        HARD = "hard", "Hard"

    class NiceStatus(models.TextChoices):
        RECOMMENDED = "recommended", "Recommended"
        EARLY_VALUE = "early_value", "Recommended for early use while evidence is gathered"
        RESEARCH_ONLY = "research_only", "Recommended in research only"
        NOT_RECOMMENDED = "not_recommended", "Not recommended"
        BRIEFING = "briefing", "Described in a briefing, no recommendation"

    kinds = ParentalManyToManyField(InnovationKind, blank=True, related_name="innovations")
    programmes = ParentalManyToManyField(Programme, blank=True, related_name="innovations")
    supplier_or_lead = models.TextField("supplier or lead", blank=True)
    how_it_works = models.TextField(blank=True)
    eligibility = models.TextField(blank=True)
    cost_band = models.CharField(max_length=10, choices=CostBand, blank=True, help_text="Empty: not stated.")
    cost_drivers = models.TextField("what drives the cost", blank=True)
    ease_of_adoption = models.CharField(max_length=10, choices=Ease, blank=True, help_text="Empty: not stated.")
    nice_status = models.CharField("NICE status", max_length=20, choices=NiceStatus, blank=True)
    nice_reference = models.CharField("NICE reference", max_length=80, blank=True)

    objects = InnovationQuerySet.as_manager()
