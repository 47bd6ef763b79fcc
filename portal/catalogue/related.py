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


def related_to(entry: Entry, *, at_most: int = SHOWN) -> list[Related]:
    """Return the published entries that share most with one fetched with `.for_page()`; two queries.

    Among equals the better evidenced come first. Of a draft the reasons are its own, the entries public.
    """
    index = current_index()
    reasons = list(_reasons(entry, index))
    rows = Entry.objects.public().listed(_closest(reasons, entry, index, at_most))
    return [Related(row, [one.text for one in reasons if row.pk in one.shared_by]) for row in rows]


def _reasons(entry: Entry, index: Index) -> Iterator[Reason]:
    cited = [str(link.evidence_id) for link in entry.evidence_links.all() if link.finding]
    evaluated = BitMap.union(BitMap(), *(index.holding(EVALUATION, one) for one in cited))
    yield Reason("cites the same evaluation", SAME_EVALUATION, evaluated)
    for theme in entry.themes.all():
        yield Reason(f"same theme: {theme.name}", SAME_THEME, index.holding("theme", theme.slug))
    boards = [(code, name) for code, name in index.options["icb"] if entry.pk in index.holding("icb", code)]
    if len(boards) <= AT_FEW_BOARDS:
        for code, name in boards:
            yield Reason(f"same ICB: {name}", SAME_BOARD, index.holding("icb", code))


def _closest(reasons: list[Reason], entry: Entry, index: Index, at_most: int) -> list[int]:
    by_weight = [index.public - BitMap([entry.pk])]  # entries whose reasons weigh at least 0, 1, 2 and so on
    for reason in reasons:
        for _ in range(reason.weight):
            more = [before & reason.shared_by for before in by_weight]
            by_weight = [by_weight[0], *(a | b for a, b in zip([*by_weight[1:], BitMap()], more, strict=True))]
    order, chosen = index.in_order("strength"), list[int]()
    for reached in reversed(by_weight[1:]):
        chosen += order.page(reached - BitMap(chosen), 0, at_most - len(chosen))
    return chosen
