"""What entries can be filtered and ordered by. The floors above add what only they know."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Entries = Any
"""A queryset of published entries, without order."""

Pairs = Iterable[tuple[int, str]]
Options = list[tuple[str, str]]
Holding = Mapping[str, Mapping[str, Iterable[int]]]
"""By each facet's name, which entries hold each of its values."""


@dataclass(frozen=True)
class Facet:
    """A list of values, any number of which an entry has.

    Without `options` they are the values that entries have, the greatest first.
    """

    name: str
    options: Callable[[], Options] | None


@dataclass(frozen=True)
class Order:
    """A way to order entries: the least key first, equals by title; entries without a key come last.

    `keys(entries, choice, holding)` may take them from the facets, worked out of the same entries before.
    `told` gives, for the entries of a page, the words that say what each was ordered by. An order
    with `choices` - a facet's name - is one for each of its values.
    """

    name: str
    label: str
    keys: Callable[[Entries, str, Holding], Iterable[tuple[int, Any]]]
    told: Callable[[list[int], str], Mapping[int, str]]
    choices: str = ""


_facets: dict[str, Facet] = {}
_pairs: list[tuple[tuple[str, ...], Callable[[Entries], tuple[Pairs, ...]]]] = []
_orders: dict[str, Order] = {}
_places: list[Callable[[Entries], Iterable[tuple[int, int]]]] = []


def add_facet(name: str, pairs: Callable[[Entries], Pairs], options: Callable[[], Options] | None = None) -> None:
    """Let entries be filtered by what `pairs` tells of them, in one or few queries."""
    add_facets({name: options}, lambda entries: (pairs(entries),))


def add_facets(
    options: Mapping[str, Callable[[], Options] | None], pairs: Callable[[Entries], tuple[Pairs, ...]]
) -> None:
    """Add facets, each with its options, that one look at entries tells together."""
    _facets.update({name: Facet(name, offered) for name, offered in options.items()})
    _pairs.append((tuple(options), pairs))


def pairs_of(entries: Entries) -> Iterator[tuple[str, Pairs]]:
    """Yield each facet's name with its pairs of entry and value."""
    for names, pairs in _pairs:
        yield from zip(names, pairs(entries), strict=True)


def add_order(order: Order) -> None:
    _orders[order.name] = order


def add_places(pairs: Callable[[Entries], Iterable[tuple[int, int]]]) -> None:
    """Have entries found in these places too: each pair is an entry and an organisation."""
    _places.append(pairs)


def facets() -> Mapping[str, Facet]:
    return _facets


def orders() -> Mapping[str, Order]:
    return _orders


def places_of(entries: Entries) -> Iterable[tuple[int, int]]:
    return (pair for pairs in _places for pair in pairs(entries))


def values_at(path: str) -> Callable[[Entries], Pairs]:
    """Return the pairs of what stands at the end of a path of fields, leaving out what is empty."""

    def pairs(entries: Entries) -> Pairs:
        rows = entries.order_by().values_list("pk", path)
        return ((pk, str(value)) for pk, value in rows.iterator(chunk_size=5000) if value)

    return pairs


def tags(rows: Any) -> Callable[[], Options]:
    """Return the options of a queryset of tags, in the editors' order."""
    return lambda: list(rows.all().values_list("slug", "name"))


def choices(model: Any) -> Callable[[], Options]:
    return lambda: [(str(value), str(label)) for value, label in model.choices]
