"""Entries related to one, with the reasons: counted in memory, over the index that lists are found by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pyroaring import BitMap

from portal.catalogue.finding.index import Index, current_index
from portal.catalogue.finding.own_facets import EVALUATION
from portal.catalogue.models import Entry

SHOWN = 4
AT_FEW_BOARDS = 3
"""An entry at more boards than this is about none of them, so no other is related by it."""
SAME_EVALUATION, SAME_THEME, SAME_BOARD = 3, 2, 1
"""What a reason weighs."""


class Reason(NamedTuple):
    text: str
    weight: int
    shared_by: BitMap


@dataclass(frozen=True)
class Related:
    """Another entry, and why it is shown."""

    entry: Entry
    reasons: list[str]

    @property
    def why(self) -> str:
        return "; ".join(self.reasons)


class Signs(NamedTuple):
    """What others may share beside an entry's boards: the sources of its findings, its themes by slug and name."""

    pk: int
    sources: list[int]
    themes: list[tuple[str, str]]


def signs_of(entry: Entry) -> Signs:
    """Return the signs of an entry fetched with `.for_page()`."""
    sources = [link.evidence_id for link in entry.evidence_links.all() if link.finding]
    return Signs(entry.pk or 0, sources, [(theme.slug, theme.name) for theme in entry.themes.all()])


def related_to(entry: Entry, *, at_most: int = SHOWN) -> list[Related]:
    """Return the published entries that share most with one fetched with `.for_page()`; two queries.

    Among equals the better evidenced come first. Of a draft the reasons are its own, the entries public.
    """
    return related_by(signs_of(entry), at_most=at_most)


def related_by(signs: Signs, *, at_most: int = SHOWN) -> list[Related]:
    index = current_index()
    reasons = list(_reasons(signs, index))
    rows = Entry.objects.public().to_link_to().listed(_closest(reasons, signs, index, at_most))
    return [Related(row, [one.text for one in reasons if row.pk in one.shared_by]) for row in rows]


def _reasons(signs: Signs, index: Index) -> Iterator[Reason]:
    evaluated = BitMap.union(BitMap(), *(index.holding(EVALUATION, str(one)) for one in signs.sources))
    yield Reason("cites the same evaluation", SAME_EVALUATION, evaluated)
    for slug, name in signs.themes:
        yield Reason(f"same theme: {name}", SAME_THEME, index.holding("theme", slug))
    boards = [(code, name) for code, name in index.options["icb"] if signs.pk in index.holding("icb", code)]
    if len(boards) <= AT_FEW_BOARDS:
        for code, name in boards:
            yield Reason(f"same ICB: {name}", SAME_BOARD, index.holding("icb", code))


def _closest(reasons: list[Reason], signs: Signs, index: Index, at_most: int) -> list[int]:
    by_weight = [index.public - BitMap([signs.pk])]  # entries whose reasons weigh at least 0, 1, 2 and so on
    for reason in reasons:
        for _ in range(reason.weight):
            more = [before & reason.shared_by for before in by_weight]
            by_weight = [by_weight[0], *(a | b for a, b in zip([*by_weight[1:], BitMap()], more, strict=True))]
    order, chosen = index.in_order("strength"), list[int]()
    for reached in reversed(by_weight[1:]):
        chosen += order.page(reached - BitMap(chosen), 0, at_most - len(chosen))
    return chosen
