"""Mail that waits to be sent."""

from django.db import models
from django.utils import timezone


class WaitingMail(models.Model):
    """One mail to one address, until the worker has sent it; then the row is gone, with the links in it."""

    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    headers = models.JSONField(default=dict)
    written_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, db_index=True, help_text="Before this nobody sends it.")
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["due_at", "pk"]

    def __str__(self) -> str:
        return self.subject
