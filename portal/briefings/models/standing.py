"""The documents that are kept ready before anybody asks."""

from django.db import models


class StandingDocument(models.Model):
    """One document kept ready: the brief of an entry, or the pack of a theme or strand.

    `mark` is the catalogue's mark, and the name of the look, at which it was last found to say what
    is published. When the catalogue has moved, what changed between the two marks tells whether it
    must be looked at again.
    """

    key = models.CharField(max_length=120, unique=True, help_text="As in entry/12, theme/retention or strand/train.")
    mark = models.CharField(max_length=32, blank=True)
    says = models.CharField(max_length=64, blank=True, help_text="Hash of what a pack says, the day apart.")
    busy_until = models.DateTimeField(null=True, blank=True, help_text="Until then another worker sees to it.")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
