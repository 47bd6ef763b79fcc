"""Which version of the rule of evidence strength is in force."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.core.models import AppendOnlyModel
from portal.evidence.querysets import RuleInForceQuerySet


class RuleInForce(AppendOnlyModel):
    """One version of the rule put in force: from when, by whom and why. The highest number stands.

    Without a row the first version is in force, since its publication. Rows are only ever added, by
    `put_rule_in_force`.
    """

    number = models.PositiveIntegerField(unique=True, help_text="Counts the times a version was put in force.")
    version = models.PositiveIntegerField()
    since = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=310, blank=True, help_text="Stays when the account is gone.")
    why = models.TextField()

    objects = RuleInForceQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "rules in force"
        constraints = [
            models.CheckConstraint(
                name="rule_in_force_says_why",
                condition=~Q(why=""),
                violation_error_message="Say why this version is put in force.",
            )
        ]

    def __str__(self) -> str:
        return f"Version {self.version} of the strength rule"
