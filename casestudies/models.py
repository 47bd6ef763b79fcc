"""Case studies: one system's or organisation's account of a workforce arrangement."""

from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.models import Orderable

from casestudies.querysets import CaseStudyQuerySet
from portal.catalogue.models import Entry
from portal.organisations.models import Organisation


class CaseStudy(Entry):
    """One system's or organisation's account of a workforce arrangement."""

    kind_of_entry = Entry.Kind.CASE_STUDY

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        PILOT = "pilot", "Pilot"
        LIVE = "live", "Live"
        COMPLETED = "completed", "Completed"
        CLOSED = "closed", "Closed"

    class Agreement(models.TextChoices):
        PASSPORT = "passport", "Staff passport or portability agreement"
        MEMORANDUM = "memorandum", "Memorandum of understanding"
        LEAD_EMPLOYER = "lead_employer", "Lead employer or lead recruiter"
        PARTNERSHIP = "partnership", "Partnership without a separate agreement"
        CONTRACT = "contract", "Contract"

    class BankModel(models.TextChoices):
        COLLABORATIVE = "collaborative", "Collaborative: several employers, one pool"
        LEAD_EMPLOYER = "lead_employer", "One employer's bank serves others"
        SINGLE = "single", "One employer's own bank"

    class Reading(models.TextChoices):
        STATED = "stated", "Stated in the source"
        OURS = "ours", "Our reading of the source"

    system = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=120, blank=True, help_text="As the source gives it.")
    status = models.CharField(max_length=10, choices=Status, blank=True, help_text="Empty: not stated.")
    status_note = models.CharField(max_length=200, blank=True, help_text="When and by whom the status was given.")
    approach = models.TextField(blank=True)
    outcomes = models.TextField("outcomes in words", blank=True)
    agreement = models.CharField(max_length=20, choices=Agreement, blank=True)
    bank_model = models.CharField(max_length=20, choices=BankModel, blank=True)
    lessons_reading = models.CharField("where the lessons come from", max_length=10, choices=Reading, blank=True)
    innovations_used = ParentalManyToManyField("innovations.Innovation", blank=True, related_name="case_studies")

    objects = CaseStudyQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = "case study"
        verbose_name_plural = "case studies"

    def points_by_kind(self) -> list[tuple[str, list["LearningPoint"]]]:
        """Return enablers, barriers and lessons under their headings, leaving out what is empty."""
        points = list(self.learning_points.all())
        headings = {"enabler": "What helped", "barrier": "What stood in the way", "lesson": "What was learned"}
        groups = [(title, [point for point in points if point.kind == kind]) for kind, title in headings.items()]
        return [(title, rows) for title, rows in groups if rows]


class Participant(Orderable):
    """One organisation's part in a case study; named as the source names it."""

    case_study = ParentalKey(CaseStudy, on_delete=models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="participations"
    )
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=120, blank=True)

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["case_study", "name", "role"],
                name="participant_once_per_role",
                violation_error_message="This organisation is already listed with this role.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class LearningPoint(Orderable):
    """One enabler, barrier or lesson of a case study, in a sentence."""

    class Kind(models.TextChoices):
        ENABLER = "enabler", "Enabler"
        BARRIER = "barrier", "Barrier"
        LESSON = "lesson", "Lesson"

    class BarrierKind(models.TextChoices):
        FINANCE = "finance", "Finance"
        REGULATION = "regulation", "Regulation"
        TERMS = "terms", "Terms and conditions"
        DATA = "data", "Data"
        CULTURE = "culture", "Culture"
        OTHER = "other", "Other"

    case_study = ParentalKey(CaseStudy, on_delete=models.CASCADE, related_name="learning_points")
    kind = models.CharField(max_length=10, choices=Kind)
    barrier_kind = models.CharField(max_length=12, choices=BarrierKind, blank=True)
    text = models.TextField()

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                name="learning_point_barrier_kind_only_for_barriers",
                condition=Q(barrier_kind="") | Q(kind="barrier"),
                violation_error_message="Only a barrier has a kind of barrier. Leave it empty.",
            )
        ]

    def __str__(self) -> str:
        return self.text
