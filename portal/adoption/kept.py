"""Organisations and what was said of them, kept in memory by each process and followed as the catalogue moves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

from portal.adoption.calculations import Bodies, Body, Periods, Story
from portal.adoption.models import AdoptionRecord, ConfirmationPeriod
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
    """What is kept as of a mark of the catalogue; `stories` of all public entries, or None until somebody asks."""

    mark: str
    organisations: Organisations
    stories: Mapping[int, Story] | None


_kept: Kept | None = None
_are_too_many = False
"""Whether there were more stories than may be kept when all were last read."""
_looking = Lock()


def kept_organisations() -> Kept:
    """Return what is kept, as of now: one query, a few more when something changed."""
    with _looking:
        return _keep(_up_to_date())


def kept_stories() -> Kept:
    """Return what is kept, as of now, with the stories of all public entries."""
    global _are_too_many
    with _looking:
        kept = _up_to_date()
        if kept.stories is None:
            kept = kept._replace(stories=read_stories(AdoptionRecord.objects.public(), kept.organisations))
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


def _up_to_date() -> Kept:
    """Follow the catalogue: entries that changed are read again; when organisations may have, all is forgotten."""
    mark, kept = CatalogueVersion.mark_now(), _kept
    if kept and kept.mark == mark:
        return kept
    since = organisations_stand_since(mark)
    if kept is None or kept.organisations.mark != since:
        return Kept(mark, _read_organisations(since), None)
    changed = CatalogueMove.entries_between(kept.mark, mark) if kept.stories is not None else None
    return Kept(mark, kept.organisations, None if changed is None else _follow(kept, changed))


def _follow(kept: Kept, changed: set[int]) -> Mapping[int, Story]:
    unchanged = {entry: story for entry, story in (kept.stories or {}).items() if entry not in changed}
    if not changed:
        return unchanged
    return unchanged | read_stories(AdoptionRecord.objects.public().filter(entry__in=changed), kept.organisations)


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
