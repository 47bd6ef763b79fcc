"""The facets and orders that the catalogue itself knows."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.catalogue.finding.facets import (
    Entries,
    Holding,
    Options,
    Order,
    Pairs,
    add_facet,
    add_facets,
    add_order,
    add_places,
    choices,
    places_of,
    tags,
    values_at,
)
from portal.catalogue.models import CareSetting, Entry, EntryEvidence, PlanStrand, StaffGroup, Theme
from portal.catalogue.models import WorkforceChallenge as Challenge
from portal.catalogue.places import places_on
from portal.catalogue.strength import levels_of
from portal.core.formatting import format_date
from portal.evidence.models import RuleInForce
from portal.organisations.models import Organisation
from portal.organisations.places import Place, Places

EVALUATION = "evaluation"
"""Not a filter: the evidence that says what an entry achieved, by which entries are related."""
DUE_SOON = timedelta(days=90)
REVIEW_STATES = [
    ("in_date", "Reviewed, in date"),
    ("due", "Review due within 90 days"),
    ("overdue", "Review overdue"),
    ("not_stated", "Next review not stated"),
]


def add_own_facets() -> None:
    add_facet("kind", values_at("kind"), choices(Entry.Kind))
    add_facet("theme", values_at("themes__slug"), tags(Theme.objects))
    add_facet("strand", values_at("plan_strands__slug"), tags(PlanStrand.objects))
    add_facet("setting", values_at("care_settings__slug"), tags(CareSetting.objects))
    add_facet("staff", values_at("staff_groups__slug"), tags(StaffGroup.objects))
    add_facet("challenge", values_at("workforce_challenges__slug"), tags(Challenge.objects))
    add_facets({"region": lambda: _organisations("region"), "icb": boards_as_options}, _regions_and_boards)
    add_facet("lead", values_at("lead_organisations__kind"), choices(Organisation.Kind))
    add_facet("strength", _levels, _level_options)
    add_facet("year", _years)
    add_facet(EVALUATION, _evaluations, list)
    add_facet("review", _review_states, lambda: list(REVIEW_STATES))
    add_places(lambda entries: _pairs(entries, "places"))
    add_order(Order("title", "Title", lambda entries, choice, holding: [], lambda ids, choice: {}))
    add_order(Order("newest", "Newest", _newness, _published_on))
    add_order(Order("strength", "Strongest evidence", _weakness, _strength_told))


def _pairs(entries: Entries, path: str) -> Iterable[tuple[int, int]]:
    rows = entries.order_by().values_list("pk", path)
    return ((pk, value) for pk, value in rows.iterator(chunk_size=5000) if value)


# Places. What closed counts, from then on, as what took it over.


def places_today() -> Places:
    return places_on(timezone.localdate())


def heirs_of(places: Places, place: Place) -> set[Place]:
    """Return the open organisations that a place is, or has become part of; several after a split."""
    heirs: set[Place] = set()
    seen, to_visit = {place}, [place]
    while to_visit:
        one = to_visit.pop()
        after = [other for other in places.successors(one) if other not in seen]
        if not places.successors(one):
            heirs.add(one)
        seen.update(after)
        to_visit.extend(after)
    return heirs


class PlaceCodes:
    """The codes of the regions and boards in which a place lies, or what took it over; worked out once a place."""

    def __init__(self, places: Places) -> None:
        self.places = places
        rows = list(Organisation.objects.order_by().values_list("pk", "kind", "code", "region__code"))
        self._codes = {kind: {pk: code for pk, of, code, _ in rows if of == kind} for kind in ("region", "icb")}
        # The region on the organisation's own row follows from memberships and is there without them too.
        self._own_region = {pk: {region} for pk, _, _, region in rows if region}
        self._known: dict[tuple[str, Place], set[str]] = {}

    def above(self, place: Place, kind: str) -> set[str]:
        if (kind, place) not in self._known:
            heirs = heirs_of(self.places, place)
            codes = {self._codes[kind].get(one) for heir in heirs for one in self.places.above(heir)}
            if kind == "region":
                codes |= {code for one in heirs | {place} for code in self._own_region.get(one, ())}
            self._known[kind, place] = {code for code in codes if code}
        return self._known[kind, place]


_held: PlaceCodes | None = None


def place_codes() -> PlaceCodes:
    """Return the codes of today's places; one query when organisations may have changed."""
    global _held
    places, held = places_today(), _held
    if held is None or held.places is not places:
        _held = held = PlaceCodes(places)
    return held


def _regions_and_boards(entries: Entries) -> tuple[Pairs, Pairs]:
    places = set(places_of(entries))
    return _above(places, "region"), _above(places, "icb")


def boards_of(places: Iterable[tuple[int, Place]]) -> Pairs:
    """Return the pairs of entry and board for pairs of entry and place."""
    return _above(set(places), "icb")


def _above(pairs: set[tuple[int, Place]], kind: str) -> Pairs:
    codes = place_codes()
    return ((pk, code) for pk, place in pairs for code in codes.above(place, kind))


def boards_as_options() -> Options:
    return _organisations("icb")


def _organisations(kind: str) -> Options:
    rows = Organisation.objects.filter(kind=kind, closed_on=None).order_by("name")
    return [(one.code, one.display_name) for one in rows]


# Evidence, dates and reviews


def _levels(entries: Entries) -> Pairs:
    return ((pk, str(level)) for pk, level in levels_of(entries).items())


def _level_options() -> Options:
    levels = RuleInForce.objects.rule().levels
    return [(str(number), f"{number} of {len(levels) - 1}: {level.word}") for number, level in enumerate(levels)][::-1]


def _years(entries: Entries) -> Pairs:
    rows = entries.order_by().values_list("pk", "evidence_links__evidence__published")
    return ((pk, published[:4]) for pk, published in rows.iterator(chunk_size=5000) if published)


def _evaluations(entries: Entries) -> Pairs:
    found = EntryEvidence.objects.exclude(finding="").filter(entry__in=entries.order_by().values("pk")).order_by()
    rows = found.values_list("entry_id", "evidence_id").iterator(chunk_size=5000)
    return ((pk, str(evidence)) for pk, evidence in rows)


def _review_states(entries: Entries) -> Pairs:
    today = timezone.localdate()

    def state_of(due: Any) -> str:
        if due is None:
            return "not_stated"
        if due < today:
            return "overdue"
        return "due" if due <= today + DUE_SOON else "in_date"

    return ((pk, state_of(due)) for pk, due in entries.order_by().values_list("pk", "next_review_on"))


def _newness(entries: Entries, choice: str, holding: Holding) -> Iterable[tuple[int, float]]:
    rows = entries.order_by().values_list("pk", "first_published_at")
    return ((pk, -at.timestamp()) for pk, at in rows if at)


def _published_on(ids: list[int], choice: str) -> dict[int, str]:
    rows = Entry.objects.filter(pk__in=ids).values_list("pk", "first_published_at")
    return {pk: f"First published {format_date(timezone.localdate(at))}" for pk, at in rows if at}


def _weakness(entries: Entries, choice: str, holding: Holding) -> Iterable[tuple[int, int]]:
    return ((pk, -int(level)) for level, ids in holding["strength"].items() for pk in ids)


def _strength_told(ids: list[int], choice: str) -> dict[int, str]:
    names = dict(_level_options())
    return {pk: f"Strength {names[str(level)]}" for pk, level in levels_of(Entry.objects.filter(pk__in=ids)).items()}
