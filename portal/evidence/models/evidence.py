"""Evidence: citable sources."""

import hashlib
from typing import Any

from django.core.files.base import File
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile

from portal.core.models import PartialDateField, partial_date_constraint
from portal.evidence.querysets import EvidenceQuerySet
from portal.organisations.models import Organisation


class AttachmentFile(FieldFile):
    """Kept under a name that has the SHA-256 of its content, by which it is known again."""

    def save(self, name: str, content: "File[Any]", save: bool = True) -> None:
        content.seek(0)
        digest = hashlib.sha256()
        for chunk in content.chunks():
            digest.update(chunk)
        super().save(f"{digest.hexdigest()}/{name}", content, save=save)


class AttachmentField(models.FileField):
    attr_class = AttachmentFile


class Evidence(models.Model):
    """One citable source: what it is, who stands behind it and how much of it was read."""

    class Type(models.TextChoices):
        SYSTEMATIC_REVIEW = "systematic_review", "Systematic review"
        RCT = "rct", "Randomised controlled trial"
        QUASI_EXPERIMENTAL = "quasi_experimental", "Quasi-experimental study"
        BEFORE_AFTER = "before_after", "Before-and-after study"
        SURVEY = "survey", "Survey"
        QUALITATIVE_EVALUATION = "qualitative_evaluation", "Qualitative evaluation"
        ECONOMIC_MODEL = "economic_model", "Economic model or impact analysis"
        CASE_STUDY = "case_study", "Case study"
        GUIDANCE = "guidance", "Guidance"
        POLICY = "policy", "Policy"
        SUPPLIER_MATERIAL = "supplier_material", "Supplier material"
        OPINION = "opinion", "Opinion"

    class Independence(models.TextChoices):
        INDEPENDENT = "independent", "Independent"
        PART_FUNDED = "part_funded", "Part-funded by the supplier or programme"
        SUPPLIER = "supplier", "Supplier"

    class Setting(models.TextChoices):
        NHS_ENGLAND = "nhs_england", "NHS in England"
        UK = "uk", "Elsewhere in the UK"
        OTHER = "other", "Elsewhere"

    class ReadExtent(models.TextChoices):
        WHOLE = "whole", "Read whole"
        EXCERPT = "excerpt", "Read in part"
        ABSTRACT = "abstract", "Abstract read"

    key = models.SlugField(max_length=80, unique=True, help_text="Stable name used in the data files and addresses.")
    title = models.CharField(max_length=400)
    publisher = models.CharField(max_length=200, blank=True)
    published = PartialDateField(help_text="Year, month or day; empty: undated.")
    date_inferred = models.BooleanField(default=False, help_text="The date was worked out, not printed.")
    url = models.URLField(max_length=500, blank=True)
    doi = models.CharField("DOI", max_length=120, blank=True)
    type = models.CharField(max_length=30, choices=Type, blank=True, help_text="Empty: not assessed.")
    design_level = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="Maryland scale, 1 to 5; empty: none or not assessed.",
    )
    independence = models.CharField(max_length=20, choices=Independence, blank=True, help_text="Empty: not stated.")
    setting = models.CharField(max_length=20, choices=Setting, blank=True, help_text="Empty: not stated.")
    sample = models.CharField(max_length=200, blank=True)
    read_extent = models.CharField(max_length=10, choices=ReadExtent, blank=True)
    known_through = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
        help_text="Where we read of it, if we have not read it itself.",
    )
    organisations = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="sources",
        help_text="Whose name, codes, place or dates were read from it.",
    )
    attachment = AttachmentField(upload_to="evidence/", max_length=255, blank=True)
    unanswered_on = models.DateField(
        null=True, blank=True, editable=False, help_text="When its web address was last asked in vain; empty: not dead."
    )
    doi_unanswered_on = models.DateField(
        null=True, blank=True, editable=False, help_text="When its DOI was last looked up in vain; empty: not dead."
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-published", "title"]
        verbose_name_plural = "evidence"
        indexes = [models.Index(fields=["type", "-published"])]
        constraints = [
            partial_date_constraint("published", "evidence_published_is_partial_date"),
            models.CheckConstraint(
                name="evidence_not_known_through_itself",
                condition=Q(known_through__isnull=True) | ~Q(known_through=models.F("pk")),
                violation_error_message="Evidence can't be known through itself.",
            ),
            models.CheckConstraint(
                name="evidence_design_level_in_range",
                condition=Q(design_level__isnull=True) | Q(design_level__gte=1, design_level__lte=5),
                violation_error_message="The design level is 1 to 5 on the Maryland scale, or empty.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
