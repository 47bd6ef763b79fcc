"""Reads of innovations."""

from typing import Self

from portal.catalogue.querysets import EntryQuerySet


class InnovationQuerySet(EntryQuerySet):
    def for_page(self) -> Self:
        return super().for_page().prefetch_related("kinds", "programmes", "case_studies")
