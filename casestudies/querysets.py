"""Reads of case studies."""

from typing import Self

from portal.catalogue.querysets import EntryQuerySet


class CaseStudyQuerySet(EntryQuerySet):
    def for_page(self) -> Self:
        return super().for_page().prefetch_related("participants__organisation", "learning_points", "innovations_used")
