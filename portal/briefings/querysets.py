"""Reads of briefing packs, named as the worker and the pages ask for them."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import Coalesce, Now, RowNumber

if TYPE_CHECKING:
    from portal.briefings.models import BriefingPack

FINISHED = ("ready", "failed", "cancelled")


class BriefingPackQuerySet(models.QuerySet["BriefingPack"]):
    def current(self) -> Self:
        """Packs that stand for their content: it is not made again while one of these exists."""
        return self.filter(state__in=self.model.STATES_THAT_COUNT)

    # --- the queue --------------------------------------------------------------------------

    def due(self) -> Self:
        """Packs a worker may take: waiting, or left by a worker whose lease ran out."""
        return self.filter(Q(state="queued") | self._abandoned())

    def in_turn(self) -> Self:
        """Packs in the order in which they are made, fair to everyone who asks.

        Each person's or browser's first comes before anybody's second: what counts is how many of their
        own stood before a pack when it was asked for, less those that were stopped. So whoever asks for
        many doesn't begin anew with each that is finished. Standing packs come after people's.
        """
        mine = Window(RowNumber(), partition_by=[F("asked_by")], order_by=[F("created_at").asc(), F("pk").asc()])
        own = self.model.objects.filter(asked_by=OuterRef("asked_by")).order_by()
        under_way = own.filter(state="running", lease_until__gte=Now())
        made_since = own.filter(
            state__in=["ready", "failed"], finished_at__gt=OuterRef("created_at"), pk__lt=OuterRef("pk")
        )
        turn = mine + _how_many(under_way) + _how_many(made_since)
        is_standing = models.Case(models.When(standing="", then=Value(0)), default=Value(1))
        return self.annotate(turn=turn, is_standing=is_standing).order_by("is_standing", "turn", "created_at", "pk")

    def small(self) -> Self:
        """Packs that take seconds, not minutes."""
        entries = self.model._meta.get_field("pack_entries").related_model._base_manager
        return self.exclude(Exists(entries.filter(pack=OuterRef("pk"), position__gt=settings.BRIEFINGS_SMALL_ENTRIES)))

    def places_in_queue(self) -> list[int]:
        """Return the ids of waiting packs in the order in which they will be made."""
        return list(self.filter(state="queued").in_turn().values_list("pk", flat=True))

    def abandoned(self) -> Self:
        return self.filter(self._abandoned())

    def _abandoned(self) -> Q:
        return Q(state="running", lease_until__lt=Now())

    def to_retry(self, now: datetime) -> Self:
        """Packs that failed for something that passes, and whose time to be tried again has come."""
        return self.filter(state="failed", retry_at__lte=now)

    # --- afterwards -------------------------------------------------------------------------

    def past_keeping(self, now: datetime) -> Self:
        """Packs whose time is over; the newest issue of a standing pack stays until another follows."""
        newer = self.model.objects.filter(series=OuterRef("series"), issue__gt=OuterRef("issue"), state="ready")
        return self.filter(Q(standing="") | Exists(newer), state__in=FINISHED, expires_at__lte=now)

    # --- people -----------------------------------------------------------------------------

    def held_by(self, keys: Collection[str]) -> Self:
        """Packs that a person or browser with one of these keys asked for, newest first."""
        return self.filter(self._holding(keys)).exclude(state="expired").order_by("-created_at", "-pk")

    def with_is_mine(self, keys: Collection[str]) -> Self:
        """Add `is_mine`: whether whoever has these keys asked for the pack. Without a key nothing is asked."""
        return self.annotate(is_mine=self._holding(keys) if keys else Value(False))

    def _holding(self, keys: Collection[str]) -> Any:
        holders = self.model._meta.get_field("holders").related_model._base_manager
        return Exists(holders.filter(pack=OuterRef("pk"), key__in=list(keys)))

    def with_changes(self) -> Self:
        """Add `changed`, how many of a pack's entries were published anew or withdrawn since, and `is_newest`."""
        shown = self.model._meta.get_field("pack_entries").related_model._base_manager
        moved = ~Q(entry__version=F("entry_version")) | Q(entry__live=False) | Q(entry=None)
        rows = shown.filter(moved, pack=OuterRef("pk")).order_by().values("pack").annotate(how_many=Count("pk"))
        changed = Subquery(rows.values("how_many"), output_field=IntegerField())
        newer = self.model.objects.filter(series=OuterRef("series"), issue__gt=OuterRef("issue"), state="ready")
        return self.annotate(changed=Coalesce(changed, Value(0)), is_newest=~Exists(newer))

    # --- issues -----------------------------------------------------------------------------

    def issues_of(self, pack: "BriefingPack") -> Self:
        return self.filter(series=pack.series).order_by("-issue")

    def latest_ready(self, pack: "BriefingPack") -> "BriefingPack | None":
        """Return the newest issue of the same pack that can be read; without its content."""
        return self.issues_of(pack).filter(state="ready").defer("data").first()

    def standing_for(self, key: str) -> Self:
        return self.filter(standing=key).order_by("-pk")

    def newest_standing(self) -> Self:
        """The newest issue of each standing pack that can be read."""
        newer = self.model.objects.filter(standing=OuterRef("standing"), state="ready", pk__gt=OuterRef("pk"))
        return self.filter(~Q(standing=""), ~Exists(newer), state="ready")


def _how_many(packs: BriefingPackQuerySet) -> Any:
    """Count the packs of one person or browser, within a query over packs."""
    counted = packs.values("asked_by").annotate(how_many=Count("pk")).values("how_many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
