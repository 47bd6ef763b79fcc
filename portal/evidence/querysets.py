"""Reads of evidence."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Prefetch

from portal.core.models import AppendOnlyQuerySet
from portal.evidence.calculations import FIRST, RULES, Rule

if TYPE_CHECKING:
    from portal.evidence.models import AddressCheck, Evidence, RuleInForce  # noqa: F401


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def public(self) -> Self:
        """Evidence cited by at least one published entry."""
        return self.filter(models.Exists(self._public_links().filter(evidence=models.OuterRef("pk"))))

    def for_list(self) -> Self:
        """Fetch each row with the public entries that cite it, as `public_links`."""
        links = self._public_links().select_related("entry").order_by("entry__title")
        return self.select_related("known_through").prefetch_related(
            Prefetch("entry_links", queryset=links, to_attr="public_links")
        )

    def count_by_type(self) -> list[tuple[str, str, int]]:
        """Return value, name and count of each type there is, strongest first."""
        counts = dict(self.order_by().values_list("type").annotate(models.Count("pk")))
        return [(value, str(name), counts[value]) for value, name in self.model.Type.choices if value in counts]

    def _public_links(self) -> models.QuerySet[models.Model]:
        """The links come from a floor above, so they are reached through the relation."""
        links: Any = self.model._meta.get_field("entry_links").related_model
        return links.objects.public()


class AddressCheckQuerySet(models.QuerySet["AddressCheck"]):
    def due(self, now: datetime) -> Self:
        """What is to be asked now: of evidence that published entries cite."""
        evidence: Any = self.model._meta.get_field("evidence").related_model
        public = evidence.objects.public()
        return self.filter(next_at__lte=now, evidence__in=public.order_by().values("pk"))

    def dead(self) -> Self:
        """What failed three times over at least a week and has not answered since, longest dead first."""
        return self.filter(dead_since__isnull=False).order_by("dead_since", "pk")


class UnknownRule(Exception):
    """There is no version of the strength rule with this number; the message is fit to show."""

    def __init__(self, version: int) -> None:
        known = ", ".join(str(number) for number in RULES)
        super().__init__(f"There is no version {version} of the strength rule. There is: {known}.")


def get_rule(version: int) -> Rule:
    """Return a published version of the strength rule; raise UnknownRule."""
    try:
        return RULES[version]
    except KeyError:
        raise UnknownRule(version) from None


class RuleInForceQuerySet(AppendOnlyQuerySet):
    def standing(self) -> "RuleInForce | None":
        """Return the row that stands; None while it is the first version's, which needs no row."""
        return self.order_by("-number").first()

    def rule(self) -> Rule:
        """Return the version in force; one query. Raise UnknownRule if this code has it not."""
        row = self.standing()
        return get_rule(row.version) if row else FIRST
