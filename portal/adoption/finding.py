"""What adoption adds to finding entries: the furthest stage, where it is adopted, and how many have."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any

from portal.adoption.calculations import Says
from portal.adoption.models import AdoptionRecord, CoverageClaim, Stage
from portal.adoption.querysets import StageFact
from portal.adoption.reading import walk_adoption
from portal.adoption.telling import adopters_text
from portal.adoption.uptake import stage_reached
from portal.catalogue.finding.facets import (
    Entries,
    Holding,
    Order,
    Pairs,
    add_facet,
    add_facets,
    add_order,
    add_places,
    choices,
)
from portal.catalogue.finding.own_facets import boards_as_options, boards_of
from portal.catalogue.models import Entry


def help_finding() -> None:
    add_facet("stage", _stages, choices(Stage))
    add_facets({"used": boards_as_options, "confirmed": boards_as_options}, _boards_of_users)
    add_places(_places)
    add_order(Order("adopted", "Most adopted", _by_adopters, _adopters_told))


def _stages(entries: Entries) -> Pairs:
    """Pair each entry with the stage its card shows."""
    of_entries = entries.order_by().values("pk")
    facts: dict[int, list[StageFact]] = defaultdict(list)
    for fact in AdoptionRecord.objects.filter(entry__in=of_entries).latest_of_each_stage():
        facts[fact.entry].append(fact)
    for row in _rows(CoverageClaim, entries, "stage", "as_at"):
        facts[row[0]].append(StageFact(*row))
    reached = ((pk, stage_reached(rows)) for pk, rows in facts.items())
    return ((pk, fact.stage) for pk, fact in reached if fact)


def _rows(model: Any, entries: Entries, *columns: str) -> Any:
    rows = model.objects.public().filter(entry__in=entries.order_by().values("pk")).order_by()
    return rows.values_list("entry_id", *columns).iterator(chunk_size=5000)


def _places(entries: Entries) -> Iterable[tuple[int, int]]:
    rows = chain(_rows(AdoptionRecord, entries, "organisation_id"), _rows(CoverageClaim, entries, "place_id"))
    return ((pk, place) for pk, place in rows if place)


def _boards_of_users(entries: Entries) -> tuple[Pairs, Pairs]:
    """Return the boards in which an organisation was last heard of as using an entry, and was confirmed in time.

    By the same standings as a coverage counts: its live ones are the confirmed, and an adopter that
    closed counts as who took it over.
    """
    used, confirmed = [], []
    for adoption in walk_adoption(entries):
        for standing in adoption.open_standings():
            if standing.was_live:
                used.append((adoption.entry, standing.body))
            if standing.says == Says.LIVE:
                confirmed.append((adoption.entry, standing.body))
    return boards_of(used), boards_of(confirmed)


def _by_adopters(entries: Entries, choice: str, holding: Holding) -> Iterable[tuple[int, tuple[int, int]]]:
    """Order by how many are known to be live, then by how many were when last heard of: as the entry's page counts."""
    for adoption in walk_adoption(entries):
        coverage = adoption.main_coverage
        if coverage.live or coverage.last_heard_live:
            yield adoption.entry, (-coverage.live, -coverage.last_heard_live)


def _adopters_told(ids: list[int], choice: str) -> dict[int, str]:
    told = {adoption.entry: adopters_text(adoption) for adoption in walk_adoption(Entry.objects.filter(pk__in=ids))}
    return {pk: told.get(pk, "No organisation reported") for pk in ids}
