"""Reads of organisations, named as people ask for them."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from portal.organisations.models import Organisation  # noqa: F401


SHOWN_ON_PAGE = (
    "former_names",
    "other_codes",
    "sources",
    "memberships__within",
    "successions_out__successor",
    "successions_in__predecessor__successions_out",
)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def regions(self) -> Self:
        return self.filter(kind="region")

    def icbs(self) -> Self:
        return self.filter(kind="icb")

    def networks(self) -> Self:
        return self.filter(kind="network")

    def trusts(self) -> Self:
        return self.filter(kind="trust")

    def to_choose(self) -> Self:
        """The organisations open today that a reader may be of, kind by kind."""
        today = timezone.localdate()
        opened = Q(opened_on__isnull=True) | Q(opened_on__lte=today)
        not_closed = Q(closed_on__isnull=True) | Q(closed_on__gte=today)
        kinds = ["trust", "icb", "network", "region"]
        return self.filter(opened, not_closed, kind__in=kinds).order_by("kind", "name")

    def named_like(self, words: str) -> Self:
        """Organisations whose code or a present or former name holds every word."""
        found = self
        for word in words.split():
            former = self.model._base_manager.filter(former_names__name__icontains=word)
            found = found.filter(Q(name__icontains=word) | Q(code__iexact=word) | Q(pk__in=former.values("pk")))
        return found

    def count_by_kind(self) -> list[tuple[str, str, int]]:
        """Return value, name and count of each kind there is."""
        counts = dict(self.order_by().values_list("kind").annotate(models.Count("pk")))
        return [(value, str(name), counts[value]) for value, name in self.model.Kind.choices if value in counts]

    def for_page(self) -> Self:
        """Fetch what an organisation's page says of its names, place, codes and succession."""
        return self.select_related("region").prefetch_related(*SHOWN_ON_PAGE)
