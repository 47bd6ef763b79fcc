"""What has been loaded from the data files."""

from django.db import models


class LoadedFile(models.Model):
    """One data file as it was last loaded, and the adoption facts it made."""

    path = models.CharField(max_length=200, unique=True, help_text="From the top of the repository.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    entry_version = models.PositiveIntegerField(null=True, blank=True, help_text="The version this load published.")
    public_ids = models.JSONField(default=list, blank=True, help_text="Adoption records and claims it made.")
    loaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.path
