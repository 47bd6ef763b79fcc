"""Reads of the data files."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

if TYPE_CHECKING:
    from portal.exchange.models import DataFile, DataRelease  # noqa: F401 (mypy reads them in the bases)


class DataReleaseQuerySet(models.QuerySet["DataRelease"]):
    def ready(self) -> Self:
        return self.filter(state="ready")

    def newest(self) -> "DataRelease | None":
        return self.ready().order_by("-as_at").first()

    def lost(self) -> Self:
        """Those whose maker is taken for lost."""
        return self.filter(state="running", lease_until__lt=Now())

    @staticmethod
    def last_night(now: datetime) -> datetime:
        """Return the hour of the night in which the newest files should have been made."""
        here = timezone.localtime(now)
        night = here.replace(hour=settings.DATA_FILES_HOUR, minute=0, second=0, microsecond=0)
        return night if night <= here else night - timedelta(days=1)

    def is_due(self, now: datetime) -> bool:
        """Say whether one is to be made: none since the hour of the night, none runs, none just failed."""
        since = self.last_night(now)
        just_now = now - timedelta(seconds=settings.DATA_FILES_RETRY_SECONDS)
        enough: Any = models.Q(state="ready", began_at__gte=since)
        enough |= models.Q(state="running", lease_until__gte=now) | models.Q(state="failed", finished_at__gte=just_now)
        return not self.filter(enough).exists()


class DataFileQuerySet(models.QuerySet["DataFile"]):
    def public(self) -> Self:
        """The files of releases that are ready, with their release."""
        return self.filter(release__state="ready").select_related("release")

    def newest(self) -> Self:
        """The files of the newest release."""
        releases: Any = self.model._meta.get_field("release").related_model
        newest = releases.objects.ready().order_by("-as_at")[:1]
        return self.public().filter(release__in=newest.values("pk"))
