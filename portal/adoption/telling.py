"""Standings and stops in words, the same on every page, in files and in packs."""

from collections.abc import Iterable
from typing import NamedTuple

from portal.adoption.calculations import JOURNEY, Coverage, Event, Says, Standing, Stops, coverage_of, stops_among
from portal.adoption.kept import Known
from portal.adoption.models import AdoptionRecord, Stage, StopReason
from portal.adoption.questions import UNCONFIRMED
from portal.adoption.reading import GROUPS, Adoption, Group
from portal.core.formatting import capitalised, format_date
from portal.organisations.places import Place

NOT_LISTED = "An organisation that is not listed has not been reported. That does not mean it does not use it."
REASONS = {value: str(label).lower() for value, label in StopReason.choices}


class Row(NamedTuple):
    """One organisation's line in a list. `status` says what its stage alone would not."""

    organisation: Known
    stage: str
    stage_text: str
    status: str
    event: int


class Line(NamedTuple):
    """A row of a list with the record behind it."""

    row: Row
    record: AdoptionRecord


def stops_text(stops: Stops) -> str:
    """Say how many stopped and why, beside how many ever began: "4 of 22 stopped: 3 licence cost, 1 no interface"."""
    if not stops.stopped:
        return ""
    reasons = ", ".join(f"{count} {REASONS.get(reason, reason)}" for reason, count in stops.reasons)
    return f"{stops.stopped} of {stops.ever} stopped: {reasons}"


def stops_of(adoption: Adoption, group: Group, place: Place | None = None) -> str:
    return stops_text(stops_among(adoption.standings, adoption.members(group, place)))


def adopters_text(adoption: Adoption) -> str:
    """Say how many of the main kind are known to be live, and how many more were when last heard of."""
    coverage, old = adoption.main_coverage, adoption.main_coverage.unconfirmed_live
    more = f"; {old} more {'was' if old == 1 else 'were'}, not confirmed within {adoption.months} months" if old else ""
    return f"Known to be live at {coverage.live} of {adoption.main_group.counted(coverage.all)}{more}"


def rows_of(adoption: Adoption, standings: Iterable[Standing]) -> list[Row]:
    """Return a line for each organisation of which something is known: live first, then by name."""
    rows = [
        (_rank(standing, standing.event), _row(adoption, standing, standing.event))
        for standing in standings
        if standing.event
    ]
    return [row for _, row in sorted(rows, key=lambda ranked: (ranked[0], ranked[1].organisation.name))]


def _rank(standing: Standing, word: Event) -> tuple[int, int]:
    return list(Says).index(standing.says), -JOURNEY.index(word.stage)


def _row(adoption: Adoption, standing: Standing, word: Event) -> Row:
    organisation = adoption.organisations.by_pk[standing.body]
    return Row(organisation, word.stage, str(Stage(word.stage).label), status_of(adoption, standing), word.event)


def status_of(adoption: Adoption, standing: Standing) -> str:
    """Say what a reader must know of a standing: taken over, in part, not confirmed, closed."""
    body = adoption.organisations.by_pk[standing.body]
    said = []
    if standing.taken_over_from:
        names = " and ".join(adoption.organisations.by_pk[place].display_name for place in standing.taken_over_from)
        said.append(
            f"Took over a part of {names}, which was split: which part uses it nobody said"
            if standing.says == Says.PERHAPS
            else f"Taken over from {names}"
        )
    if standing.is_unconfirmed:
        said.append(f"Not confirmed within {adoption.months} months, so counted as silent")
    if body.closed and body.closed < adoption.day:
        said.append(f"Closed on {format_date(body.closed)}; our sources don’t say who took over")
    return ". ".join(said)


def is_at(standing: Standing, stage: str) -> bool:
    """Say whether a standing is what a list's filter asks for."""
    if stage == UNCONFIRMED:
        return standing.is_unconfirmed
    return not stage or (standing.event is not None and standing.event.stage == stage)


class PlaceRow(NamedTuple):
    """A group's coverage in one place."""

    place: Known
    coverage: Coverage


def by_place(adoption: Adoption, group: Group, kind: str) -> list[PlaceRow]:
    """Return a group's coverage in each place of a kind that is open on the day and holds one of the group."""
    inside = adoption.reading.members_by_place(group)
    return [
        PlaceRow(row, coverage_of(adoption.standings, inside[row.pk]))
        for row in adoption.organisations.of_kind(kind)
        if row.pk in inside and adoption.places.is_open(row.pk)
    ]


class GroupRow(NamedTuple):
    group: Group
    coverage: Coverage

    @property
    def name(self) -> str:
        return capitalised(self.group.many)


def by_group(adoption: Adoption) -> list[GroupRow]:
    """Return the coverage of each kind of organisation of which something is known, the main one first."""
    rows = [GroupRow(group, adoption.coverage(group)) for group in GROUPS.values()]
    told = [row for row in rows if row.coverage.was_heard]
    return sorted(told, key=lambda row: row.group != adoption.main_group)
