"""What the calculations take in: organisations as they opened and closed, and what was said of them."""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from portal.organisations.places import Place

JOURNEY = (
    "not_adopting",
    "exploring",
    "piloting",
    "adopted_in_part",
    "adopted",
    "spread",
    "sustained",
    "paused",
    "stopped",
)
"""Stages in the order in which they follow one another: what is said for one vague date is taken in this order."""

LIVE = frozenset({"adopted_in_part", "adopted", "spread", "sustained"})
BEFORE_LIVE = ("exploring", "piloting")
STANDS = frozenset({"stopped"})
"""A stop has happened and needs nobody to confirm it; every other stage is a state that may have changed since."""


class Body(NamedTuple):
    """An organisation that can adopt; `kind` as in Organisation.Kind. `closed` is its last day."""

    place: Place
    kind: str
    opened: date | None = None
    closed: date | None = None

    def is_open(self, day: date) -> bool:
        return (self.opened is None or self.opened <= day) and (self.closed is None or self.closed >= day)


class Event(NamedTuple):
    """An organisation was said to be at a stage between two days: the first and last that the date can mean."""

    event: int
    body: Place
    stage: str
    first: date
    last: date
    stop_reason: str = ""

    @property
    def is_live(self) -> bool:
        return self.stage in LIVE

    @property
    def order(self) -> tuple[date, int, date, int]:
        return self.first, JOURNEY.index(self.stage), self.last, self.event

    def is_confirmed(self, day: date, *, months: int) -> bool:
        """Say whether this can still be taken as true on `day`, so many months after it was said."""
        return self.stage in STANDS or day <= months_later(self.last, months)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
