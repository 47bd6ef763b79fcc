"""How the addresses of evidence answer."""

from urllib.parse import quote

from django.db import models
from django.utils import timezone

from portal.evidence.models.evidence import Evidence
from portal.evidence.querysets import AddressCheckQuerySet


class AddressCheck(models.Model):
    """One address or DOI of a source: when it was asked, what it said, when it is asked again. The row is the truth.

    Who moves `next_at` on may ask: a worker that dies leaves the row due again some minutes later.
    """

    class Kind(models.TextChoices):
        URL = "url", "Web address"
        DOI = "doi", "DOI"

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="address_checks")
    kind = models.CharField(max_length=3, choices=Kind)
    text = models.CharField(max_length=500, help_text="The address or DOI, as the source has it.")
    host = models.CharField(max_length=260)
    next_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True, help_text="When its host last sent any answer.")
    good_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="Since the last good answer.")
    dead_since = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=200, blank=True, help_text="The last answer, in words.")

    objects = AddressCheckQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["next_at"]), models.Index(fields=["dead_since"])]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "kind"],
                name="address_check_once",
                violation_error_message="This address is checked already.",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def address(self) -> str:
        return address_of(self.kind, self.text)


def address_of(kind: str, text: str) -> str:
    """Return what is asked: a DOI is looked up at doi.org."""
    return f"https://doi.org/{quote(text, safe='/:;()')}" if kind == AddressCheck.Kind.DOI else text


class AskedHost(models.Model):
    """One host that was asked: it is left alone until `free_at`, by every worker."""

    name = models.CharField(max_length=260, unique=True)
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
