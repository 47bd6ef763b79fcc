"""The filters of each list, shared by its page, its files and the API."""

from functools import cached_property
from typing import Any, ClassVar

from django.http import QueryDict
from django_filters import FilterSet

from portal.catalogue.finding.answers import Answer
from portal.catalogue.finding.facets import orders
from portal.catalogue.finding.fields import (
    RELEVANCE,
    SHOWN_OF_EACH,
    AddressForm,
    FacetFilter,
    LeftOut,
    OrderFilter,
    PlaceFilter,
    TextFilter,
    WordsFilter,
)
from portal.catalogue.finding.found import Found
from portal.catalogue.finding.index import Index, current_index
from portal.catalogue.finding.questions import Question
from portal.catalogue.finding.terms import clauses_of
from portal.catalogue.models import Entry

MOST_COMPARED = 4
"""A page's address carries along which entries its reader is comparing; that changes nothing about what is found."""


class EntryFilters(FilterSet):
    """Turns a query string into the finder's question, which also says what was left out of it.

    `answer` gives ids and counts, `qs` the entries in order. `within` keeps a list to the entries with
    one value of a facet.
    """

    within: ClassVar[tuple[str, str] | None] = None

    q = WordsFilter(label="Words to look for")
    theme = FacetFilter("Theme", "theme")
    strand = FacetFilter("Plan strand", "strand")
    region = PlaceFilter("NHS region", "region")
    icb = PlaceFilter("Integrated care board", "icb")
    used = PlaceFilter("Reported in use in", "used")
    confirmed = PlaceFilter("Confirmed in use in", "confirmed")
    setting = FacetFilter("Care setting", "setting")
    staff = FacetFilter("Staff group", "staff")
    challenge = FacetFilter("Workforce challenge", "challenge")
    stage = FacetFilter("Furthest stage of adoption", "stage")
    strength = FacetFilter("Strength of evidence", "strength")
    figures = FacetFilter("Achieved benefit, by basis", "figures")
    lead = FacetFilter("Led by", "lead")
    year = FacetFilter("Year of a source", "year")
    review = FacetFilter("Review", "review")
    sort = OrderFilter(label="Sort by")
    measure = TextFilter(label="Measure of the benefit to sort by")

    class Meta:
        model = Entry
        form = AddressForm
        fields: ClassVar[list[str]] = []  # only what is declared here; a list names those it shows before all others

    def __init__(
        self, data: QueryDict | None = None, queryset: Any = None, *, index: Index | None = None, **kwargs: Any
    ) -> None:
        rows = self._meta.model.objects.public() if queryset is None else queryset
        super().__init__(QueryDict() if data is None else data, rows, **kwargs)
        self.index = index or current_index()

    @classmethod
    def facet_filters(cls) -> dict[str, FacetFilter]:
        return {name: one for name, one in cls.base_filters.items() if isinstance(one, FacetFilter)}

    def get_form_class(self) -> Any:
        """Return the form that reads the address. It knows what can be chosen, so it is made once for an index."""
        return self.index.kept(("form", type(self)), super().get_form_class)

    @cached_property
    def question(self) -> Question:
        self.form.full_clean()
        read, words = self.form.cleaned_data, self.form.cleaned_data["q"]
        usual = RELEVANCE if words.terms else "title"
        order, choice = self._order(usual)
        chosen = {name: read[name] for name in self.facet_filters() if read[name]}
        return Question(
            filters=self.facet_filters(),
            within=self.within,
            words=words.text,
            terms=words.terms,
            clauses=clauses_of(words.terms, self.index.meaning),
            chosen=chosen,
            order=order,
            choice=choice,
            query=self._query(chosen, usual, choice),
            left_out=self.form.left_out,
        )

    @cached_property
    def answer(self) -> Answer:
        return Answer(self.index, self.question)

    @property
    def qs(self) -> Found:
        return Found(self.answer, self.queryset)

    def _order(self, usual: str) -> tuple[str, str]:
        """Return the order, and what it was chosen for; one that wants a choice waits for it."""
        wanted, choice = self.form.cleaned_data["sort"], self.form.cleaned_data["measure"]
        if wanted not in orders():
            return usual, ""
        choices = orders()[wanted].choices
        if not choices or choice in self.index.values[choices]:
            return wanted, choice if choices else ""
        names = dict(self.index.options[choices])
        if not choice:
            said = "the largest benefit first, until you choose a measure"
        elif choice in names:
            said = f"no entry has an observed benefit of {names[choice]} to sort by"
        else:
            said = f"there is no measure “{choice[:SHOWN_OF_EACH]}”"
        self.form.add_error("measure", LeftOut(said, kept=""))
        return usual, ""

    def _query(self, chosen: dict[str, list[str]], usual: str, choice: str) -> QueryDict:
        query, read = QueryDict(mutable=True), self.form.cleaned_data
        if read["q"].text:
            query["q"] = read["q"].text
        for name, values in chosen.items():
            query.setlist(name, values)
        if read["sort"] in orders() and read["sort"] != usual:
            query["sort"] = read["sort"]
        if choice:
            query["measure"] = choice
        if "page" in self.data:
            query["page"] = self.data.get("page", "")
        if compared := self.data.getlist("compare")[:MOST_COMPARED]:
            query.setlist("compare", compared)
        return query


class CatalogueFilters(EntryFilters):
    """The list of both kinds."""

    kind = FacetFilter("Innovation or case study", "kind")
    innovation_kind = FacetFilter("Kind of innovation", "innovation_kind")
    arrangement = FacetFilter("Arrangement", "arrangement")

    class Meta(EntryFilters.Meta):
        fields: ClassVar[list[str]] = ["kind"]
