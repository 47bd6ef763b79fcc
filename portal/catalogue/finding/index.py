"""Which entries have which value, in memory: sets of entry ids as bitmaps, so that a count asks no database.

Each web process holds one index of one catalogue version. An entry's id is its place in every bitmap
for life. When the version has moved, the entries that moved it are looked at anew and the rest is
kept; where it can't be told which they are, all is. A reader is never answered from an index of
another version than the catalogue's, so list and counts always agree.
"""

import logging
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from math import log2
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from cachetools import LRUCache
from django.db import DatabaseError, connections
from django.utils import timezone
from pyroaring import BitMap

from portal.catalogue.finding import facets
from portal.catalogue.finding.engines import Section, engine
from portal.catalogue.finding.terms import Phrase, SameMeaning
from portal.catalogue.models import CatalogueMove, CatalogueVersion, Entry, Synonyms

log = logging.getLogger(__name__)
MOST_AT_ONCE = 500
"""More changed entries than this are not worth small steps."""

PHRASES_KEPT = 5_000
SORT_STEP = 6  # a comparison while sorting costs about as much as six steps along an order

Key = tuple[Any, ...]
T = TypeVar("T")


class Ordered:
    """Entries in one order. Never changed: `changed` makes another."""

    def __init__(self, ids: list[int], keys: Mapping[int, Key]) -> None:
        self._ids = ids
        self._keys = keys

    @classmethod
    def of(cls, keys: Mapping[int, Key]) -> "Ordered":
        return cls(sorted(keys, key=keys.__getitem__), keys)

    def changed(self, gone: BitMap, keys: Mapping[int, Key]) -> "Ordered":
        """Return this order without some entries and with these; keys of entries that went are forgotten."""
        ids, all_keys = list(self._ids), dict(self._keys)
        for pk in gone:
            if pk in all_keys:
                del ids[bisect_left(ids, all_keys[pk], key=all_keys.__getitem__)]
                del all_keys[pk]
        all_keys.update(keys)
        for pk, key in keys.items():
            ids.insert(bisect_left(ids, key, key=all_keys.__getitem__), pk)
        return Ordered(ids, all_keys)

    def page(self, found: BitMap, first: int, last: int) -> list[int]:
        """Return the found entries from place `first` up to `last`, in this order."""
        how_many = len(found)
        if not how_many:
            return []
        steps = min(last, how_many) * len(self._ids) / how_many
        if how_many * log2(how_many + 1) * SORT_STEP < steps:
            return sorted(found, key=self._keys.__getitem__)[first:last]
        return list(islice(self.walk(found), first, last))

    def walk(self, found: BitMap) -> Iterator[int]:
        return (pk for pk in self._ids if pk in found)


class WithWords(NamedTuple):
    """The public entries that hold a phrase, but for those of `unsure`, which were published since they were asked."""

    ids: BitMap
    unsure: BitMap


Phrases = LRUCache[tuple[Phrase, Section], WithWords]


@dataclass(frozen=True)
class Index:
    """Everything a list asks, as it was at one version of the catalogue on one day."""

    mark: str
    day: date
    public: BitMap
    values: Mapping[str, Mapping[str, BitMap]]
    options: Mapping[str, facets.Options]
    ordered: Mapping[str, Ordered]
    meaning: SameMeaning
    _chosen_orders: dict[tuple[str, str], Ordered] = field(default_factory=dict)
    _phrases: Phrases = field(default_factory=lambda: LRUCache(PHRASES_KEPT))
    _kept: dict[Any, Any] = field(default_factory=dict)
    _lock: Any = field(default_factory=Lock)

    def holding(self, facet: str, value: str) -> BitMap:
        return self.values[facet].get(value) or BitMap()

    def known_values(self, facet: str) -> frozenset[str]:
        """Return the values that can be chosen of a facet."""
        return self.kept(("known", facet), lambda: frozenset(value for value, _ in self.options[facet]))

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        """Return what was made under `key` for this index, or make it."""
        if key not in self._kept:
            self._kept[key] = make()
        made: T = self._kept[key]
        return made

    def in_order(self, name: str, choice: str = "") -> Ordered:
        """Return an order; one with a choice is made when it is first asked for."""
        if not choice:
            return self.ordered[name]
        with self._lock:
            if (name, choice) not in self._chosen_orders:
                self._chosen_orders[name, choice] = self._make_order(name, choice)
            return self._chosen_orders[name, choice]

    def _make_order(self, name: str, choice: str) -> Ordered:
        titles = self.ordered["title"]._keys
        first = dict(facets.orders()[name].keys(Entry.objects.public(), choice, self.values))
        return Ordered.of({pk: _key(first.get(pk), titles[pk]) for pk in titles})

    def holding_phrase(self, phrase: Phrase, section: Section) -> BitMap:
        """Return the public entries that hold a phrase in this section; kept, and asked only of what was published."""
        with self._lock:
            known = self._phrases.get((phrase, section))
        if known and not known.unsure:
            return known.ids
        ids = engine().ids(phrase, section, among=known.unsure if known else None)
        ids = (ids | (known.ids - known.unsure) if known else ids) & self.public
        with self._lock:
            self._phrases[phrase, section] = WithWords(ids, BitMap())
        return ids

    def phrases_unsure_of(self, changed: BitMap) -> Phrases:
        """Return what is known of phrases, to be asked again of these entries."""
        phrases: Phrases = LRUCache(PHRASES_KEPT)
        with self._lock:
            known = list(self._phrases.items())
        for phrase, (ids, unsure) in known:
            if len(unsure) + len(changed) <= MOST_AT_ONCE:
                phrases[phrase] = WithWords(ids, unsure | changed)
        return phrases


def _key(first: Any, title: Key) -> Key:
    """Put entries without a key behind the others, and equals in the order of their titles."""
    return (first is None, 0 if first is None else first, *title)


_held: Index | None = None
_making = Lock()


def current_index() -> Index:
    """Return the index of the catalogue as it is now: one query, a few more after something was published."""
    global _held
    mark, day = CatalogueVersion.mark_now(), timezone.localdate()
    held = _held
    if held and (held.mark, held.day) == (mark, day):
        return held
    with _making:
        _held = _up_to_date(_held, day)
        return _held


def make_ready() -> None:
    """Build the index before anybody asks, for the processes forked from this one; no connection is left to them.

    Without a database that can be read it is built when it is first asked for.
    """
    try:
        current_index()
    except DatabaseError as problem:
        log.warning("Lists and filters are made ready when first asked for: %s", problem)
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close()
            if hasattr(connection, "close_pool"):
                connection.close_pool()


def _up_to_date(held: Index | None, day: date) -> Index:
    """Follow the catalogue until it stands still: what is published while we look is looked at once more."""
    mark = CatalogueVersion.mark_now()
    index = held if held and held.day == day else None
    while index is None or index.mark != mark:
        changed = CatalogueMove.entries_between(index.mark, mark) if index else None
        if index is None or changed is None or len(changed) > MOST_AT_ONCE:
            index = _build(mark, day)
        else:
            index = _follow(index, mark, BitMap(changed))
        mark = CatalogueVersion.mark_now()
    return index


def _build(mark: str, day: date) -> Index:
    everything = Entry.objects.public()
    values = _values(everything)
    return Index(
        mark=mark,
        day=day,
        public=BitMap(everything.values_list("pk", flat=True)),
        values=values,
        options={facet.name: facet.options() for facet in facets.facets().values() if facet.options}
        | _values_as_options(values),
        ordered={name: Ordered.of(keys) for name, keys in _keys(everything, values).items()},
        meaning=_same_meaning(),
    )


def _follow(index: Index, mark: str, changed: BitMap) -> Index:
    entries = Entry.objects.public().filter(pk__in=list(changed))
    fresh = _values(entries)
    keys = _keys(entries, fresh)
    values = {name: _changed(held, changed, fresh[name]) for name, held in index.values.items()}
    return replace(
        index,
        mark=mark,
        public=(index.public - changed) | BitMap(entries.values_list("pk", flat=True)),
        values=values,
        ordered={name: order.changed(changed, keys[name]) for name, order in index.ordered.items()},
        options={**index.options, **_values_as_options(values)},
        meaning=_same_meaning(),
        _chosen_orders={},
        _phrases=index.phrases_unsure_of(changed),
        _kept={},
        _lock=Lock(),
    )


def _values_as_options(values: Mapping[str, Mapping[str, BitMap]]) -> dict[str, facets.Options]:
    bare = [facet.name for facet in facets.facets().values() if facet.options is None]
    return {
        name: [(value, value) for value in sorted(values[name], reverse=True) if values[name][value]] for name in bare
    }


def _changed(values: Mapping[str, BitMap], changed: BitMap, fresh: Mapping[str, BitMap]) -> dict[str, BitMap]:
    kept = {value: held - changed if held.intersect(changed) else held for value, held in values.items()}
    for value, more in fresh.items():
        kept[value] = kept.get(value, BitMap()) | more
    return kept


def _values(entries: Any) -> dict[str, dict[str, BitMap]]:
    return {name: _bitmaps(pairs) for name, pairs in facets.pairs_of(entries)}


def _bitmaps(pairs: facets.Pairs) -> dict[str, BitMap]:
    ids: dict[str, list[int]] = defaultdict(list)
    for pk, value in pairs:
        ids[value].append(pk)
    return {value: BitMap(held) for value, held in ids.items()}


def _keys(entries: Any, values: facets.Holding) -> dict[str, dict[int, Key]]:
    titles = {pk: (title.casefold(), pk) for pk, title in entries.order_by().values_list("pk", "title")}
    keys: dict[str, dict[int, Key]] = {}
    for order in facets.orders().values():
        if not order.choices:
            first = dict(order.keys(entries, "", values))
            keys[order.name] = {pk: _key(first.get(pk), title) for pk, title in titles.items()}
    return keys


def _same_meaning() -> SameMeaning:
    return SameMeaning(row.listed for row in Synonyms.objects.filter(in_use=True))
