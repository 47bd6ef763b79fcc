"""Which entries a question finds, how many each further filter would, and in which order they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pyroaring import BitMap

from portal.catalogue.finding.engines import Section, engine
from portal.catalogue.finding.fields import RELEVANCE
from portal.catalogue.finding.index import Index, Ordered
from portal.catalogue.finding.questions import Question
from portal.catalogue.finding.terms import Clause, Phrase

ANYWHERE = len(Section)
"""All sections together, which is one look-up and not one of each."""

RANKED = 2_000
"""Up to so many found entries the database weighs each by its words; among more, those with the words in
a more telling place come first, and of those alike the ones with the stronger evidence."""


@dataclass(frozen=True)
class Relaxed:
    """A filter in the way: what it is, and what would be found without it."""

    text: str
    without: str
    found: BitMap


class Answer:
    """What an index answers to a question. A filter's counts ignore what is chosen of itself."""

    def __init__(self, index: Index, question: Question) -> None:
        self.index = index
        self.question = question

    @cached_property
    def _within(self) -> BitMap:
        within = self.question.within
        return self.index.holding(*within) if within else self.index.public

    def _all_words(self, deep: int) -> BitMap:
        """Return the entries of this list with all the words in the first so many sections."""
        return BitMap.intersection(self._within, *(self._clause(one, deep) for one in self.question.clauses))

    def _clause(self, clause: Clause, deep: int) -> BitMap:
        ways = (BitMap.intersection(*(self._phrase(one, deep) for one in way)) for way in clause)
        return BitMap.union(*ways)

    def _phrase(self, phrase: Phrase, deep: int) -> BitMap:
        sections = list(Section)[:deep] if deep < ANYWHERE else [Section.ANYWHERE]
        return BitMap.union(*(self.index.holding_phrase(phrase, section) for section in sections))

    @cached_property
    def with_words(self) -> BitMap:
        """The entries of this list that hold all the words, whatever else was chosen."""
        return self._all_words(ANYWHERE)

    def _by_place(self) -> Iterator[BitMap]:
        """Yield what was found: all the words in the title, then with the help of the summary, of the facts, of all.

        Each is looked up when it is wanted: a page full of titles asks no further.
        """
        left = self.found
        for deep in range(1, ANYWHERE):
            part = self._all_words(deep) & left
            left = left - part
            yield part
        yield left

    @cached_property
    def _chosen(self) -> dict[str, BitMap]:
        """The entries with any of the values chosen of a filter."""
        return {
            name: BitMap.union(*(self.index.holding(self.question.filters[name].facet, value) for value in values))
            for name, values in self.question.chosen.items()
        }

    @cached_property
    def found(self) -> BitMap:
        return BitMap.intersection(self.with_words, *self._chosen.values())

    def found_without(self, name: str) -> BitMap:
        if name not in self._chosen:
            return self.found
        others = (found for other, found in self._chosen.items() if other != name)
        return BitMap.intersection(self.with_words, *others)

    def counts(self, name: str) -> dict[str, int]:
        """Return how many entries each value of a filter would show, given all the other filters."""
        left, facet = self.found_without(name), self.question.filters[name].facet
        held = self.index.values[facet]
        return {
            value: left.intersection_cardinality(held[value]) if value in held else 0
            for value, _ in self.index.options[facet]
        }

    # A page of what was found

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, place: slice) -> list[int]:
        """Return the ids from one place to another of the chosen order; for the paginator."""
        first, last, _ = place.indices(len(self))
        if self.question.order != RELEVANCE:
            return self._order.page(self.found, first, last)
        return list(self._by_relevance(first, last))

    def walk(self) -> Iterator[int]:
        """Yield every entry found, in order."""
        if self.question.order == RELEVANCE:
            return self._by_relevance(0, len(self))
        return self._order.walk(self.found)

    @property
    def _order(self) -> Ordered:
        return self.index.in_order(self.question.order, self.question.choice)

    def _by_relevance(self, first: int, last: int) -> Iterator[int]:
        before = 0
        for alike in self._by_place():
            low, high = max(first - before, 0), min(last - before, len(alike))
            if low < high:
                yield from self._best(alike, low, high)
            before += len(alike)
            if before >= last:
                return

    def _best(self, alike: BitMap, first: int, last: int) -> list[int]:
        if len(self.found) > RANKED:
            return self.index.in_order("strength").page(alike, first, last)
        titles = self.index.in_order("title").page(alike, 0, len(alike))
        return sorted(titles, key=lambda pk: self._ranks.get(pk, 0.0))[first:last]

    @cached_property
    def _ranks(self) -> dict[int, float]:
        return engine().ranks(self.question.clauses, self.found)

    # Nothing found

    def relaxed(self) -> Relaxed | None:
        """Return the filter without which most would be found; None when it takes more than one."""
        ways = [
            Relaxed(self._named(name), self.question.without(name), self.found_without(name)) for name in self._chosen
        ]
        if self.question.clauses:
            left = BitMap.intersection(self._within, *self._chosen.values())
            ways.append(Relaxed(f"“{self.question.words}”", self.question.without("q"), left))
        best = max(ways, key=lambda way: len(way.found), default=None)
        return best if best and best.found else None

    def _named(self, name: str) -> str:
        one = self.question.filters[name]
        names = dict(self.index.options[one.facet])
        return f"{one.label}: " + " or ".join(names[value] for value in self.question.chosen[name])

    @property
    def unknown_words(self) -> list[str]:
        """The words, as typed in small letters, that no entry holds and that mean nothing else."""
        return [
            word
            for clause in self.question.clauses
            if len(clause) == 1
            for phrase in clause[0]
            for word in phrase.words
            if not self._phrase(Phrase((word,)), ANYWHERE)
        ]
