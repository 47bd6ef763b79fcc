"""What is public, and how entries are fetched. Every public read starts here."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from portal.core.models import AppendOnlyQuerySet

if TYPE_CHECKING:
    from portal.catalogue.models import Entry, EntryEvidence, Theme  # noqa: F401
    from portal.organisations.models import Organisation

SEARCHED = ("title", "summary", "challenge", "other_names__name")


class EntryQuerySet(models.QuerySet["Entry"]):
    def public(self) -> Self:
        """Published entries. Wagtail hides nothing by itself, so each public read asks this."""
        return self.filter(live=True)

    def with_specific(self) -> Self:
        """Fetch each entry's innovation or case study along with it."""
        return self.select_related("innovation", "casestudy")

    def to_link_to(self) -> Self:
        """Fetch what names an entry elsewhere, and nothing else."""
        return self.only("slug", "kind", "title")

    def listed(self, ids: Sequence[int]) -> list["Entry"]:
        """Return those of these entries that there are, in this order."""
        rows = self.in_bulk(ids)
        return [rows[pk] for pk in ids if pk in rows]

    def with_words(self, words: Iterable[str]) -> Self:
        """Entries that hold every word in their title, other names, summary or challenge."""
        hits = [reduce(or_, (Q(**{f"{field}__icontains": word}) for field in SEARCHED)) for word in words]
        if not hits:
            return self
        matching = self.model._base_manager.filter(reduce(and_, (self._holds(hit) for hit in hits)))
        return self.filter(pk__in=matching.values("pk"))

    def _holds(self, hit: Q) -> Any:
        return Exists(self.model._base_manager.filter(hit, pk=OuterRef("pk")))

    def best_evidenced(self) -> Self:
        """Entries with an observed, achieved benefit that adds up; most findings first."""
        benefit = Q(
            figures__role="benefit",
            figures__achievement="achieved",
            figures__basis="observed",
            figures__measure__additive=True,
        )
        findings = models.Count("evidence_links", filter=~Q(evidence_links__finding=""), distinct=True)
        return self.filter(self._holds(benefit)).annotate(findings=findings).order_by("-findings", "title")

    def without_numbers(self) -> Self:
        """Entries with findings, none of which is an achieved benefit that adds up: what totals pass over."""
        summed = Q(figures__role="benefit", figures__achievement="achieved", figures__measure__additive=True)
        has_finding = self.model._meta.get_field("evidence_links").related_model._base_manager.filter(
            ~Q(finding=""), entry=OuterRef("pk")
        )
        return self.filter(Exists(has_finding), ~self._holds(summed))

    def involving(self, organisation: "Organisation") -> Self:
        """Entries that describe, are led by or name as a participant this organisation."""
        paths = ("places", "lead_organisations", "casestudy__participants__organisation")
        return self.filter(reduce(or_, (self._holds(Q(**{path: organisation})) for path in paths)))

    def count_by_kind(self) -> dict[str, int]:
        return dict(self.order_by().values_list("kind").annotate(models.Count("pk")))

    def for_cards(self) -> Self:
        """Fetch what a card shows, in a number of queries that does not grow with the rows."""
        return self.prefetch_related(
            "themes",
            "places",
            "evidence_links__evidence",
            "figures__measure",
            "figures__place",
        )

    def for_page(self) -> Self:
        """Fetch what an entry's page shows, in a number of queries that does not grow with it."""
        return self.select_related("owner_network").prefetch_related(
            "themes",
            "plan_strands",
            "care_settings",
            "staff_groups",
            "workforce_challenges",
            "lead_organisations",
            "places",
            "other_names",
            "claims",
            "evidence_links__evidence__known_through",
            "figures__measure",
            "figures__place",
        )


class ThemeQuerySet(models.QuerySet["Theme"]):
    def with_public_counts(self) -> Self:
        """Themes with `public_entries`, the number of published entries filed under each."""
        return self.annotate(public_entries=models.Count("entries", filter=Q(entries__live=True))).order_by("position")


class EntryEvidenceQuerySet(models.QuerySet["EntryEvidence"]):
    def public(self) -> Self:
        return self.filter(entry__live=True)

    def findings_in(self, entries: EntryQuerySet) -> Self:
        """The findings of these entries, newest evidence first."""
        found = self.exclude(finding="").filter(entry__in=entries.order_by().values("pk"))
        return found.select_related("entry", "evidence").order_by("-evidence__published", "pk")


class EntryChangeQuerySet(AppendOnlyQuerySet):
    def public(self) -> Self:
        """Publications and withdrawals: nothing of a draft's way is for readers."""
        return self.filter(action__in=["published", "withdrawn"])

    def why_of_draft(self, entry: Any) -> str:
        """Return the reason last given for an entry's draft, and nothing that was said of an earlier one."""
        ended = self.filter(entry=entry, action__in=["published", "discarded"]).order_by("-pk").values("pk")[:1]
        said = self.filter(entry=entry, action__in=["submitted", "approved"]).exclude(reason="")
        reasons = said.filter(pk__gt=Coalesce(Subquery(ended), 0)).order_by("-pk").values_list("reason", flat=True)
        return reasons.first() or ""
