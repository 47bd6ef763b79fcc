"""The mark that moves whenever something public may read differently."""

import secrets
from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone


class CatalogueVersion(models.Model):
    """One row. It moves in the transaction of every write that may change a public answer.

    An answer kept under a version is therefore never older than what that version stands for. The
    mark is drawn anew at each move, so that a number reached again, after a backup was restored or
    a write was taken back, is not taken for the same version.
    """

    number = models.PositiveBigIntegerField(default=0)
    mark = models.CharField(max_length=16, default="")
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="catalogue_version_one_row",
                condition=models.Q(pk=1),
                violation_error_message="There is one catalogue version.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}-{self.mark}"

    @classmethod
    def now(cls) -> str:
        """Return the current version; one query."""
        return str(cls.objects.filter(pk=1).first() or "0-")

    @classmethod
    def move(cls, **signal: Any) -> None:
        """Say that something public may read differently; bulk writes, which send no signal, call this."""
        moved = {"number": F("number") + 1, "mark": secrets.token_hex(8), "moved_at": timezone.now()}
        if not cls.objects.filter(pk=1).update(**moved):
            cls.objects.get_or_create(pk=1, defaults=moved | {"number": 1})

    @classmethod
    def moves_with(cls, *senders: type[models.Model]) -> None:
        """Move whenever a row of these models, or of what joins them, is saved or deleted."""
        for sender in senders:
            for signal in (post_save, post_delete):
                signal.connect(cls.move, sender=sender, dispatch_uid=f"version-{sender.__name__}-{id(signal)}")
            m2m_changed.connect(cls.move, sender=sender, dispatch_uid=f"version-{sender.__name__}-m2m")
