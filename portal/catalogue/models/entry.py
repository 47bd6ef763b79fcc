"""What innovations and case studies have in common.

An entry of either kind is an Entry row plus its own row, so that figures, evidence,
adoption and packs hang on Entry once. Drafts, revisions, workflow and locks belong to
the kind's row: a bare Entry refuses to make one (ADR 0002).
"""

import re
from typing import Any, ClassVar

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from portal.catalogue.models.tags import CareSetting, PlanStrand, StaffGroup, Theme, WorkforceChallenge
from portal.catalogue.previews import further_modes, show_draft
from portal.catalogue.querysets import EntryEvidenceQuerySet, EntryQuerySet
from portal.core.models import WithPublicId
from portal.evidence.models import Evidence
from portal.organisations.models import Organisation


class BareEntry(TypeError):
    """A revision was asked of an Entry instead of its innovation or case study."""


ADDRESS_OR_NUMBER = re.compile(r"@|\d[\d ()./-]{6,}\d")
NAME_A_ROLE = "Name a role, as in: programme manager for insomnia. No e-mail address or telephone number is published."


class Entry(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """One innovation or case study, in what the two have in common."""

    class Kind(models.TextChoices):
        INNOVATION = "innovation", "Innovation"
        CASE_STUDY = "case_study", "Case study"

    class Scope(models.TextChoices):
        LOCAL = "local", "One organisation"
        SYSTEM = "system", "One system"
        REGIONAL = "regional", "Several systems or a region"
        NATIONAL = "national", "National"

    PAGES: ClassVar[dict[str, str]] = {Kind.INNOVATION: "innovations", Kind.CASE_STUDY: "casestudies"}
    kind_of_entry: ClassVar[str] = ""

    live = models.BooleanField(default=False, editable=False)
    kind = models.CharField(max_length=12, choices=Kind, editable=False)
    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=100, unique=True)
    summary = models.TextField(help_text="Two or three plain sentences: what it is and what it changes.")
    challenge = models.TextField(blank=True, help_text="The shortage or strain it answers.")
    themes = ParentalManyToManyField(Theme, blank=True, related_name="entries")
    plan_strands = ParentalManyToManyField(PlanStrand, blank=True, related_name="entries")
    care_settings = ParentalManyToManyField(CareSetting, blank=True, related_name="entries")
    staff_groups = ParentalManyToManyField(StaffGroup, blank=True, related_name="entries")
    workforce_challenges = ParentalManyToManyField(WorkforceChallenge, blank=True, related_name="entries")
    lead_organisations = ParentalManyToManyField(Organisation, blank=True, related_name="entries_led")
    places = ParentalManyToManyField(
        Organisation,
        blank=True,
        related_name="entries_here",
        limit_choices_to={"kind__in": ["country", "region", "icb"]},
        help_text="The ICBs or regions it describes.",
    )
    owner_network = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries_owned",
        limit_choices_to={"kind": "network"},
        help_text="The network that keeps the entry true.",
    )
    family = models.SlugField(max_length=60, blank=True, help_text="Innovations whose benefits may be the same hours.")
    policy_answered = models.TextField(blank=True)
    scope = models.CharField(max_length=10, choices=Scope, blank=True, help_text="Empty: not stated.")
    where_it_may_not_work = models.TextField("where it may not work", blank=True)
    what_it_needs = models.TextField("what it needs from you", blank=True)
    contact_role = models.CharField(max_length=160, blank=True, help_text="A role, not a person.")
    caveats = models.TextField(blank=True, help_text="What a reader must know before quoting this entry.")
    last_reviewed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False, help_text="Counts publications.")

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["live", "kind", "title"]),
            models.Index(fields=["live", "-first_published_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="entry_next_review_after_last",
                condition=Q(next_review_on__isnull=True)
                | Q(last_reviewed_on__isnull=True)
                | Q(next_review_on__gt=models.F("last_reviewed_on")),
                violation_error_message="The next review must be after the last one.",
            ),
            models.CheckConstraint(
                name="entry_live_has_summary",
                condition=Q(live=False) | ~Q(summary=""),
                violation_error_message="A published entry needs a summary.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Whom to ask is a role: nobody's address or number is published because an editor typed it."""
        super().clean()
        if ADDRESS_OR_NUMBER.search(self.contact_role):
            raise ValidationError({"contact_role": NAME_A_ROLE})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.kind_of_entry:
            self.kind = self.kind_of_entry
        super().save(*args, **kwargs)

    @property
    def is_review_overdue(self) -> bool:
        return bool(self.next_review_on and self.next_review_on < timezone.localdate())

    @property
    def specific(self) -> "Entry":
        """The innovation or case study behind this row; free when fetched with `.with_specific()`."""
        if type(self) is not Entry:
            return self
        kind_of_row = {self.Kind.INNOVATION: "innovation", self.Kind.CASE_STUDY: "casestudy"}[self.Kind(self.kind)]
        return getattr(self, kind_of_row)

    def get_absolute_url(self) -> str:
        return reverse(f"{self.PAGES[self.kind]}:detail", args=[self.slug])

    def get_brief_url(self) -> str:
        return reverse(f"{self.PAGES[self.kind]}:brief", args=[self.slug])

    def get_changes_url(self) -> str:
        return reverse(f"{self.PAGES[self.kind]}:changes", args=[self.slug])

    def get_version_url(self, number: int) -> str:
        return reverse(f"{self.PAGES[self.kind]}:version", args=[self.slug, number])

    @classmethod
    def get_content_type(cls) -> ContentType:
        return ContentType.objects.get_for_model(cls, for_concrete_model=False)

    @classmethod
    def get_base_content_type(cls) -> ContentType:
        """Revisions, workflow states and log rows hang on the kind, not on Entry."""
        return cls.get_content_type()

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False) -> Any:
        """Rebuild a draft without asking for each source, measure and place whether it is there.

        Modelcluster would ask for each row, and fail where one is gone; nobody can delete what drafts point at.
        """
        return super().from_serializable_data(data, check_fks=False, strict_fks=strict_fks)

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """Rebuild a draft; what a draft must not carry comes from the database row."""
        draft = super().with_content_json(content)
        draft.version = self.version
        draft.owner_network_id = self.owner_network_id
        return draft

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [*self.DEFAULT_PREVIEW_MODES, *(further_modes() if self.pk else [])]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        """Answer with the draft in the public template, for the editing site's frame alone."""
        self.kind = self.kind_of_entry  # a new one has it from its first saving on
        answer = show_draft(request, self, mode=mode_name)
        answer["X-Frame-Options"] = "SAMEORIGIN"
        return csp_replace({"frame-ancestors": [SELF]})(lambda request: answer)(request)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        if type(self) is Entry:
            raise BareEntry("Save a revision of entry.specific: an Entry alone has no fields of its kind.")
        return super().save_revision(*args, **kwargs)

    @property
    def revisions(self) -> Any:
        return self.specific._revisions if type(self) is not Entry else self.specific.revisions

    @property
    def workflow_states(self) -> Any:
        return self.specific._workflow_states if type(self) is not Entry else self.specific.workflow_states

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        if type(self) is Entry:
            return self.specific.unpublish(*args, **kwargs)
        return super().unpublish(*args, **kwargs)


class OtherName(Orderable):
    """Another name or abbreviation people know an entry by."""

    entry = ParentalKey(Entry, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(max_length=160)

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "name"],
                name="other_name_once_per_entry",
                violation_error_message="This other name is already listed.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class EntryEvidence(WithPublicId, Orderable):
    """One piece of evidence an entry cites, and what it found, in our words."""

    entry = ParentalKey(Entry, on_delete=models.CASCADE, related_name="evidence_links")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="entry_links")
    finding = models.TextField(blank=True, help_text="What it found, in our words; empty: cited for facts only.")
    locator = models.CharField(max_length=300, blank=True, help_text="Page, table or words to find the place.")

    objects = EntryEvidenceQuerySet.as_manager()

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "evidence"],
                name="entry_evidence_once",
                violation_error_message="This entry already cites this evidence.",
            ),
        ]
        verbose_name = "source"

    def __str__(self) -> str:
        return str(self.evidence)


class Claim(WithPublicId, Orderable):
    """A statement without a source: shown as such, and never a figure."""

    entry = ParentalKey(Entry, on_delete=models.CASCADE, related_name="claims")
    statement = models.TextField()
    said_by = models.CharField(max_length=160, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "claim without a source"
        verbose_name_plural = "claims without a source"

    def __str__(self) -> str:
        return self.statement
