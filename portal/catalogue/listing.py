"""One filtered page of entries, with its facets, removable tags and orders: the lists' shared work."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from portal.catalogue.cards import Card, cards_of
from portal.catalogue.compare import address_of, entries_to_compare
from portal.catalogue.filters import EntryFilters
from portal.catalogue.finding.answers import Answer, Relaxed
from portal.catalogue.finding.facets import orders
from portal.catalogue.finding.fields import RELEVANCE, FacetFilter
from portal.catalogue.finding.index import Index
from portal.catalogue.finding.missed import record_missed
from portal.catalogue.finding.passages import passages_for
from portal.catalogue.finding.questions import Question
from portal.catalogue.finding.spelling import nearest_words
from portal.catalogue.models import Entry
from portal.core.paging import ListPage, list_page

PER_PAGE = 10
OFFERED = 3
OPEN_FACETS = 3
LONG_FACET = 15


class MovedOn(Exception):
    """An entry of the page was withdrawn since the index was asked."""


@dataclass(frozen=True)
class Option:
    """One value of a facet: how many entries it would show, and whether it is chosen."""

    value: str
    text: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A filter as the page shows it; `is_open` from the start, `is_long` enough to look through."""

    name: str
    label: str
    options: list[Option]
    place: int

    @property
    def chosen(self) -> int:
        return sum(option.chosen for option in self.options)

    @property
    def is_open(self) -> bool:
        return self.place < OPEN_FACETS or bool(self.chosen)

    @property
    def is_long(self) -> bool:
        return len(self.options) > LONG_FACET


@dataclass(frozen=True)
class ChosenTag:
    """A filter in use, and the query string without it."""

    text: str
    without: str


@dataclass(frozen=True)
class Offer:
    """What would be found without the filter most in the way."""

    text: str
    without: str
    total: int
    cards: list[Card]


@dataclass(frozen=True)
class Nearest:
    """The words as they may have been meant, and the query string that looks for them."""

    words: str
    address: str


@dataclass(frozen=True)
class Listing:
    index: Index
    page: ListPage
    cards: list[Card]
    facets: list[Facet]
    chosen: list[ChosenTag]
    words: str
    ignored: list[str]
    order: str
    orders: list[tuple[str, str]]
    choice: str
    choices: list[tuple[str, str]]
    query: str
    nearest: Nearest | None
    offer: Offer | None
    is_counted: bool
    compared: list[Entry]
    cleared: str

    @property
    def query_to_keep(self) -> str:
        return self.query.removeprefix("?")

    @property
    def comparison(self) -> str:
        return address_of(entry.slug for entry in self.compared)


def list_entries(query: QueryDict, filters: type[EntryFilters]) -> Listing:
    """Answer a list's query string; what can't be answered is left out and said in `ignored`."""
    while True:
        try:
            return _listing(filters(query).answer)
        except MovedOn:
            continue


def _listing(answer: Answer) -> Listing:
    question, index = answer.question, answer.index
    page = list_page(answer, question.query, per_page=PER_PAGE)
    facets = [_facet(place, one, answer) for place, one in enumerate(question.filters.values())]
    unknown = answer.unknown_words
    is_counted = bool(question.clauses) and not answer.with_words and not question.chosen and page.number == 1
    if is_counted:
        record_missed(question.words, question.terms)
    relaxed = answer.relaxed() if not page.total else None
    compared, not_compared = entries_to_compare(question.compared)
    return Listing(
        index=index,
        page=page,
        cards=shown_cards(page.rows, question),
        facets=facets,
        chosen=_chosen_tags(facets, question),
        words=question.words,
        ignored=[*question.ignored, *([page.ignored] if page.ignored else []), *not_compared],
        order=question.query.get("sort") or question.order,
        orders=_orders(question),
        choice=question.choice,
        choices=_choices(question, index),
        query=_query_of_files(question),
        nearest=_nearest(question, nearest_words(unknown, index.mark)),
        offer=_offer(relaxed, answer) if relaxed else None,
        is_counted=is_counted,
        compared=compared,
        cleared=question.cleared,
    )


def shown_cards(ids: list[int], question: Question) -> list[Card]:
    """Return the cards of these entries in this order, with what they matched and what they are ordered by."""
    if not ids:
        return []
    cards = cards_of(ids)
    if len(cards) < len(ids):
        raise MovedOn
    passages = passages_for(question.clauses, ids)
    told = orders()[question.order].told(ids, question.choice) if question.order in orders() else {}
    return [
        replace(
            card,
            passage=passages.get(card.pk),
            ordered_by=told.get(card.pk, ""),
            compare=address_of([*question.compared, card.slug]),
        )
        for card in cards
    ]


def _facet(place: int, one: FacetFilter, answer: Answer) -> Facet:
    name = one.field_name
    counts, chosen = answer.counts(name), set(answer.question.chosen.get(name, []))
    options = [
        Option(value=value, text=text, count=counts[value], chosen=value in chosen)
        for value, text in answer.index.options[one.facet]
    ]
    return Facet(name=name, label=one.label, options=options, place=place)


def _chosen_tags(facets: Sequence[Facet], question: Question) -> list[ChosenTag]:
    """Name what is chosen; what several filters offer, as a board, with its filter's name."""
    tags = [ChosenTag(text=f"“{question.words}”", without=question.without("q"))] if question.words else []
    chosen = [(facet, option) for facet in facets if facet.chosen for option in facet.options if option.chosen]
    offered = Counter(option.text for facet in facets for option in facet.options) if chosen else Counter[str]()
    for facet, option in chosen:
        text = f"{facet.label}: {option.text}" if offered[option.text] > 1 else option.text
        tags.append(ChosenTag(text=text, without=question.without(facet.name, option.value)))
    return tags


def _orders(question: Question) -> list[tuple[str, str]]:
    known = [(order.name, order.label) for order in orders().values()]
    return [(RELEVANCE, "Relevance"), *known] if question.clauses else known


def _choices(question: Question, index: Index) -> list[tuple[str, str]]:
    """Return what the wanted order can be chosen for; empty when it is one without a choice."""
    wanted = orders().get(question.query.get("sort", ""))
    if wanted is None or not wanted.choices:
        return []
    return [(value, name) for value, name in index.options[wanted.choices] if value in index.values[wanted.choices]]


def _query_of_files(question: Question) -> str:
    """Return the question for the files of all that was found, with its question mark; empty when nothing is asked."""
    query = question.query.copy()
    query.pop("page", None)
    query.pop("compare", None)
    return f"?{query.urlencode()}" if query else ""


def _nearest(question: Question, words: dict[str, str]) -> Nearest | None:
    if not words:
        return None
    meant = " ".join(
        f'"{text}"' if term.is_quoted else text
        for term in question.terms
        for text in [" ".join(words.get(word, word) for word in term.words)]
    )
    return Nearest(meant, question.with_words(meant))


def _offer(relaxed: Relaxed, answer: Answer) -> Offer:
    first = answer.index.in_order("title").page(relaxed.found, 0, OFFERED)
    return Offer(
        text=relaxed.text,
        without=relaxed.without,
        total=len(relaxed.found),
        cards=shown_cards(first, replace(answer.question, clauses=(), order="title")),
    )
