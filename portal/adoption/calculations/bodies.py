"""Organisations as they opened, closed and took over from one another: the same for every story."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeVar

from portal.organisations.places import Place, Succeeded

Key = TypeVar("Key")
Value = TypeVar("Value")


class Body(NamedTuple):
    """An organisation that can adopt; `kind` as in Organisation.Kind. `closed` is its last day."""

    place: Place
    kind: str
    opened: date | None = None
    closed: date | None = None

    def is_open(self, day: date) -> bool:
        return (self.opened is None or self.opened <= day) and (self.closed is None or self.closed >= day)


class Bodies:
    """Every organisation that can adopt, and who took over from whom."""

    def __init__(self, bodies: Iterable[Body], successions: Iterable[Succeeded]) -> None:
        self.by_place = {body.place: body for body in bodies}
        self.successions = [
            row for row in successions if row.predecessor in self.by_place and row.successor in self.by_place
        ]
        self._heirs = _grouped((row.predecessor, row.successor) for row in self.successions)

    def as_at(self, day: date) -> "BodiesOnDay":
        return _on_day(self, day)

    def touched_by(self, places: Iterable[Place]) -> frozenset[Place]:
        """Return these organisations and all that ever took over from them: what is known of them touches no other."""
        found = set(places)
        to_visit = list(found)
        while to_visit:
            new = set(self._heirs.get(to_visit.pop(), ())) - found
            found |= new
            to_visit.extend(new)
        return frozenset(found)


class BodiesOnDay:
    """The organisations that are open on a day, by kind, and who had taken over from whom by then."""

    def __init__(self, bodies: Bodies, day: date) -> None:
        successions = [row for row in bodies.successions if row.on <= day]
        self.open = _grouped((body.kind, body.place) for body in bodies.by_place.values() if body.is_open(day))
        self.predecessors = _grouped((row.successor, row) for row in successions)
        self.successors = _grouped((row.predecessor, row.successor) for row in successions)


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    found: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)


@lru_cache(maxsize=64)
def _on_day(bodies: Bodies, day: date) -> BodiesOnDay:
    return BodiesOnDay(bodies, day)
