"""Reads of briefing packs, named as the worker and the pages ask for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from portal.briefings.models import BriefingPack


class BriefingPackQuerySet(models.QuerySet["BriefingPack"]):
    def current(self) -> Self:
        """Packs that stand for their content: it is not made again while one of these exists."""
        return self.filter(state__in=self.model.STATES_THAT_COUNT)

    def due(self) -> Self:
        """Packs a worker may take, oldest first: waiting, or left by a worker whose lease ran out."""
        return self.filter(Q(state="queued") | self._abandoned()).order_by("created_at", "pk")

    def abandoned(self) -> Self:
        return self.filter(self._abandoned())

    def _abandoned(self) -> Q:
        return Q(state="running", lease_until__lt=timezone.now())

    def past_keeping(self, now: datetime) -> Self:
        return self.filter(state="ready", expires_at__lte=now)

    def waiting_before(self, pack: "BriefingPack") -> Self:
        earlier = Q(created_at__lt=pack.created_at) | Q(created_at=pack.created_at, pk__lt=pack.pk)
        return self.filter(earlier, state="queued")

    def with_tokens(self, tokens: Sequence[str]) -> Self:
        return self.filter(token__in=tokens).exclude(state="expired")
