"""What the calculations take in: what was said of organisations, and for how long it holds."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
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

_PLACE_IN_JOURNEY = {stage: number for number, stage in enumerate(JOURNEY)}

LIVE = frozenset({"adopted_in_part", "adopted", "spread", "sustained"})
BEFORE_LIVE = ("exploring", "piloting")
DEFAULT_MONTHS = 12
"""Until a period is loaded: the design's own."""
STANDS = frozenset({"stopped"})
"""A stop has happened and needs nobody to confirm it; every other stage is a state that may have changed since."""


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
        return self.first, _PLACE_IN_JOURNEY[self.stage], self.last, self.event

    def is_confirmed(self, day: date, *, months: int) -> bool:
        """Say whether this can still be taken as true on `day`, so many months after it was said."""
        return self.stage in STANDS or day <= months_later(self.last, months)


class Periods:
    """For how many months a word holds without being confirmed, from which day on."""

    def __init__(self, rows: Iterable[tuple[date, int]]) -> None:
        self._rows = sorted(rows)

    def months_on(self, day: date) -> int:
        """Return the period in force on a day; before the first one, the first one's."""
        in_force = [months for valid_from, months in self._rows if valid_from <= day]
        in_force = in_force or [months for _, months in self._rows[:1]]
        return in_force[-1] if in_force else DEFAULT_MONTHS


@lru_cache(maxsize=4096)
def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
