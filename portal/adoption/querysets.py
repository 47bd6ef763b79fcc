"""Reads of adoption records, coverage claims and what keeps them true."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Case, F, Max, When
from django.utils import timezone

from portal.adoption.calculations import Event, Periods
from portal.core.partial_dates import first_day, last_day

EVENT_COLUMNS = ("entry_id", "pk", "organisation_id", "stage", "on", "stop_reason", "evidence__published")
CONSENT_HOLDS = timedelta(days=730)
_first_day, _last_day = lru_cache(maxsize=4096)(first_day), lru_cache(maxsize=4096)(last_day)


class StageFact(NamedTuple):
    """A stage that records or claims of an entry name, with the latest date they give it."""

    entry: int
    stage: str
    on: str


def _event(pk: int, body: int, stage: str, on: str, reason: str, published: str | None, entered: Any) -> Event:
    """A record without a date is taken at its source's date, or else on the day it was entered."""
    said = on or published or f"{timezone.localdate(entered):%Y-%m-%d}"
    return Event(pk, body, stage, _first_day(said), _last_day(said), reason)


class AdoptionQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        return self.filter(entry__live=True)

    def events(self) -> Iterator[tuple[int, list[Event]]]:
        """Yield each entry with its records as the calculations see them; one query."""
        # The time of entry is read where it is the only date: to make times of texts is what costs most here.
        entered = Case(When(on="", then=F("reported_at")))
        rows = self.order_by("entry").values_list(*EVENT_COLUMNS, entered).iterator(chunk_size=5000)
        for entry, of_entry in groupby(rows, key=itemgetter(0)):
            yield entry, [_event(*row[1:]) for row in of_entry]

    def latest_of_each_stage(self) -> list[StageFact]:
        """Return the stages of each entry's records with the latest date of each; one query over an index."""
        rows = self.order_by().values_list("entry_id", "stage").annotate(Max("on"))
        return [StageFact(*row) for row in rows]

    def for_rows(self) -> Self:
        """Fetch what a row of a list says of its record."""
        return self.select_related("organisation", "evidence", "entry")

    def for_documents(self) -> Self:
        """Fetch what a document says of records or claims, and of their sources."""
        return self.select_related("evidence").prefetch_related("evidence__known_through")

    def unverified(self) -> Self:
        return self.filter(verified_at__isnull=True)


class ConfirmationPeriodQuerySet(models.QuerySet[Any]):
    def periods(self) -> Periods:
        return Periods(self.order_by().values_list("valid_from", "months"))


class ContactQuerySet(models.QuerySet[Any]):
    def to_be_asked(self, day: date) -> Self:
        """Keep those who agreed to be asked, and whose consent still holds on the day."""
        return self.filter(consent_for="adoption", consent_on__gt=day - CONSENT_HOLDS)


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
