"""Searches that people keep."""

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from portal.accounts.models.people import User


class SavedSearch(models.Model):
    """A search a person keeps: the query string is the whole of its state."""

    class Digest(models.TextChoices):
        NEVER = "never", "No e-mail"
        DAILY = "daily", "Daily"
        WEEKLY = "weekly", "Weekly"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=40)
    query_string = models.CharField(max_length=2000, blank=True)
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.NEVER)
    created_at = models.DateTimeField(auto_now_add=True)
    told_until = models.DateTimeField(
        default=timezone.now,
        db_default=Now(),
        editable=False,
        help_text="What was published until then was told, or is not news.",
    )

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="saved_search_name_once",
                violation_error_message="You already have a saved search with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query_string}" if self.query_string else self.path
