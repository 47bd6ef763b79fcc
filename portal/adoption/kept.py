"""Organisations and what was said of them, kept in memory by each process and followed as the catalogue moves."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from types import MappingProxyType
from typing import Any, NamedTuple

from portal.adoption.calculations import Bodies, Body, Periods, Story
from portal.adoption.models import AdoptionRecord, ConfirmationPeriod, CoverageClaim
from portal.catalogue.models import CatalogueMove, CatalogueVersion
from portal.catalogue.places import organisations_stand_since
from portal.organisations.models import Organisation, Succession
from portal.organisations.places import Place, Succeeded

MOST_KEPT = 20_000
"""A catalogue with more entries than that is read anew rather than kept: see `walk_adoption`."""


class Known(NamedTuple):
    """An organisation as pages name it."""

    pk: Place
    code: str
    kind: str
    trust_type: str
    name: str
    short_name: str
    opened: date | None
    closed: date | None

    @property
    def display_name(self) -> str:
        return self.short_name or self.name


@dataclass(frozen=True, eq=False)
class Organisations:
    """Every organisation, what became of them, and for how long their word holds. `mark` names this state of them."""

    mark: str
    by_pk: Mapping[Place, Known]
    bodies: Bodies
    periods: Periods

    def of_kind(self, kind: str) -> list[Known]:
        return [row for row in self.by_pk.values() if row.kind == kind]


class Kept(NamedTuple):
    """What is kept as of a mark of the catalogue; `stories` of all public entries, or None until somebody asks.

    Organisations were read at the mark `since`, and `moved` holds for each entry that changed later the mark of that.
    `claims` counts those about each public entry, and `told` is the mark at which an entry with either last changed.
    """

    mark: str
    since: str
    organisations: Organisations
    moved: Mapping[int, str]
    told: str
    stories: Mapping[int, Story] | None = None
    claims: Mapping[int, int] = MappingProxyType({})

    def state_of(self, entry: int) -> tuple[str, str]:
        """Return what changes with all that is public of an entry, and not when another one is published."""
        return self.since, self.moved.get(entry, "")


_kept: Kept | None = None
_are_too_many = False
"""Whether there were more stories than may be kept when all were last read."""
_looking = Lock()


def kept_organisations(seen: str | None = None) -> Kept:
    """Return what is kept, as of now: one query, a few more when something changed; none if `seen` is its mark."""
    with _looking:
        return _keep(_up_to_date(seen))


def kept_stories(seen: str | None = None) -> Kept:
    """Return what is kept, as of now, with the stories of all public entries."""
    global _are_too_many
    with _looking:
        kept = _up_to_date(seen)
        if kept.stories is None:
            stories = read_stories(AdoptionRecord.objects.public(), kept.organisations)
            kept = kept._replace(stories=stories, claims=_count_claims(CoverageClaim.objects.public()))
        _are_too_many = len(kept.stories or ()) > MOST_KEPT
        return kept if _are_too_many else _keep(kept)


def kept_at_hand() -> Kept:
    """Return what is kept, with the stories of all unless there are too many to keep."""
    return kept_organisations() if _are_too_many else kept_stories()


def kept_but_stories() -> Kept:
    """Return what is kept by whoever walks more stories than may be kept: none is from here on."""
    global _are_too_many
    _are_too_many = True
    return kept_organisations()


def _keep(kept: Kept) -> Kept:
    global _kept
    _kept = kept
    return kept


def _up_to_date(seen: str | None = None) -> Kept:
    """Follow the catalogue: entries that changed are read again; when organisations may have, all is forgotten."""
    kept = _kept
    if kept and kept.mark == seen:
        return kept
    mark = CatalogueVersion.mark_now()
    if kept and kept.mark == mark:
        return kept
    changed = CatalogueMove.entries_between(kept.mark, mark) if kept else None
    if kept is None or changed is None:
        return Kept(mark, mark, _read_organisations(organisations_stand_since(mark)), {}, mark)
    kept = kept._replace(mark=mark, moved={**kept.moved, **dict.fromkeys(changed, mark)})
    return kept._replace(told=mark) if kept.stories is None else _follow(kept, kept.stories, changed)


def _follow(kept: Kept, stories: Mapping[int, Story], changed: set[int]) -> Kept:
    """Read again what is said of some entries; a story that says what it said stays, with all worked out of it."""
    if not changed:
        return kept
    fresh = read_stories(AdoptionRecord.objects.public().filter(entry__in=changed), kept.organisations)
    claims = _count_claims(CoverageClaim.objects.public().filter(entry__in=changed))
    for entry, story in fresh.items():
        before = stories.get(entry)
        if before and before.says_the_same(story):
            fresh[entry] = before
    is_told = any(changed.intersection(some) for some in (stories, kept.claims, fresh, claims))
    return kept._replace(
        stories={entry: story for entry, story in stories.items() if entry not in changed} | fresh,
        claims={entry: count for entry, count in kept.claims.items() if entry not in changed} | claims,
        told=kept.mark if is_told else kept.told,
    )


def _count_claims(claims: Any) -> dict[int, int]:
    return Counter(claims.order_by().values_list("entry", flat=True))


def _read_organisations(mark: str) -> Organisations:
    columns = ("pk", "code", "kind", "trust_type", "name", "short_name", "opened_on", "closed_on")
    rows = [Known(*row) for row in Organisation.objects.order_by("name", "code").values_list(*columns)]
    bodies = [Body(row.pk, row.kind, row.opened, row.closed) for row in rows]
    successions = Succession.objects.order_by().values_list("predecessor", "successor", "on")
    return Organisations(
        mark=mark,
        by_pk={row.pk: row for row in rows},
        bodies=Bodies(bodies, [Succeeded(*row) for row in successions]),
        periods=ConfirmationPeriod.objects.periods(),
    )


def read_stories(records: Any, organisations: Organisations) -> dict[int, Story]:
    """Read what these records say of each entry; one query."""
    return dict(walk_stories(records, organisations))


def walk_stories(records: Any, organisations: Organisations) -> Iterator[tuple[int, Story]]:
    """Yield each entry with what these records say of it; one query."""
    for entry, said in records.events():
        yield entry, Story(organisations.bodies, said, organisations.periods)
