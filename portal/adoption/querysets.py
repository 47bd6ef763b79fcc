"""Reads of adoption records, coverage claims and what keeps them true."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Max
from django.utils import timezone

from portal.adoption.calculations import Event
from portal.core.partial_dates import first_day, last_day

EVENT_COLUMNS = (
    *("pk", "entry_id", "organisation_id", "stage", "on", "stop_reason"),
    *("evidence__published", "reported_at"),
)
DEFAULT_MONTHS = 12
"""Until a period is loaded: the design's own."""

_first_day, _last_day = lru_cache(maxsize=4096)(first_day), lru_cache(maxsize=4096)(last_day)


class StageFact(NamedTuple):
    """A stage that records or claims of an entry name, with the latest date they give it."""

    entry: int
    stage: str
    on: str


class AdoptionQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        return self.filter(entry__live=True)

    def events(self) -> Iterator[tuple[int, Event]]:
        """Yield each record's entry, and the record as the calculations see it; one query.

        A record without a date is taken at its source's date, or else on the day it was entered.
        """
        for row in self.order_by().values_list(*EVENT_COLUMNS).iterator(chunk_size=5000):
            pk, entry, organisation, stage, on, reason, published, reported_at = row
            said = on or published or f"{timezone.localdate(reported_at):%Y-%m-%d}"
            yield entry, Event(pk, organisation, stage, _first_day(said), _last_day(said), reason)

    def latest_of_each_stage(self) -> list[StageFact]:
        """Return the stages of each entry's records with the latest date of each; one query over an index."""
        rows = self.order_by().values_list("entry_id", "stage").annotate(Max("on"))
        return [StageFact(*row) for row in rows]

    def for_rows(self) -> Self:
        """Fetch what a row of a list says of its record."""
        return self.select_related("organisation", "evidence", "entry")

    def unverified(self) -> Self:
        return self.filter(verified_at__isnull=True)


class ConfirmationPeriodQuerySet(models.QuerySet[Any]):
    def months_on(self, day: date) -> int:
        """Return the period in force on a day; before the first one, the first one's."""
        rows = list(self.order_by("valid_from").values_list("valid_from", "months"))
        in_force = [months for valid_from, months in rows if valid_from <= day] or [months for _, months in rows[:1]]
        return in_force[-1] if in_force else DEFAULT_MONTHS


class LinkQuerySet(models.QuerySet[Any]):
    def usable(self, now: Any) -> Self:
        return self.filter(used_at__isnull=True, expires_at__gt=now)

    def long_expired(self, *, now: Any, kept: timedelta) -> Self:
        return self.filter(expires_at__lt=now - kept)


class ReplyQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def for_rows(self) -> Self:
        return self.select_related("entry", "organisation", "contradicts")
