"""What the parts of a running site say of themselves."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models.functions import Now

FORGOTTEN_AFTER = timedelta(days=1)


class WorkerHeartbeatQuerySet(models.QuerySet["WorkerHeartbeat"]):
    def newest_first(self) -> Self:
        """Rows with `age`, by the database's clock: hosts may disagree about the time, and it wrote both."""
        age = models.ExpressionWrapper(Now() - models.F("at"), output_field=models.DurationField())
        return self.annotate(age=age).order_by("-at")

    def beat(self, worker: str) -> None:
        """Say that this worker lives, and forget those that have said nothing for a day."""
        self.update_or_create(worker=worker, defaults={"at": Now()}, create_defaults={"began_at": Now(), "at": Now()})
        self.filter(at__lt=Now() - FORGOTTEN_AFTER).delete()


class WorkerHeartbeat(models.Model):
    """When one worker last said that it lives. The row is the truth, as with all work (ADR 4)."""

    worker = models.CharField(max_length=255, unique=True, help_text="Its host and process number.")
    began_at = models.DateTimeField()
    at = models.DateTimeField(db_index=True)

    objects = WorkerHeartbeatQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.worker
