"""What a list is asked: words, the values chosen of each filter, and an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from portal.catalogue.finding.fields import RELEVANCE, FacetFilter
from portal.catalogue.finding.terms import Clause, Term


@dataclass(frozen=True)
class Question:
    """What to find. `query` is the address that says just that, `within` the value of a facet that the list keeps to.

    `filters` are those of the list by their names in the address, of which `chosen` holds the values;
    `left_out` says by these names what could not be answered.
    """

    filters: Mapping[str, FacetFilter]
    within: tuple[str, str] | None
    words: str
    terms: list[Term]
    clauses: tuple[Clause, ...]
    chosen: Mapping[str, list[str]]
    order: str
    choice: str
    query: QueryDict
    left_out: Mapping[str, list[str]]

    @property
    def ignored(self) -> list[str]:
        return [sentence for said in self.left_out.values() for sentence in said]

    @property
    def compared(self) -> list[str]:
        """The entries that a reader is comparing, which the address carries along."""
        return self.query.getlist("compare")

    @property
    def cleared(self) -> str:
        """Return the query string that asks for everything."""
        return f"?{urlencode({'compare': self.compared}, doseq=True)}" if self.compared else ""

    def without(self, name: str, value: str = "") -> str:
        """Return the query string without a filter, or without one of its values; it begins at the first page."""
        rest = self.query.copy()
        rest.setlist(name, [other for other in rest.getlist(name) if value and other != value])
        rest.pop("page", None)
        if name == "q" and rest.get("sort") == RELEVANCE:
            rest.pop("sort")
        return f"?{rest.urlencode()}"

    def with_words(self, words: str) -> str:
        changed = self.query.copy()
        changed["q"] = words
        changed.pop("page", None)
        return f"?{changed.urlencode()}"
