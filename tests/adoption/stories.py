"""Small stories of adoption: trusts that merge, split and close, and what was said of them on vague days."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from portal.adoption.calculations import JOURNEY, Bodies, Body, Event, Periods, Story, months_later
from portal.core.partial_dates import first_day, last_day
from portal.organisations.places import Succeeded

TRUSTS = (1, 2, 3, 4)
NEW = (5, 6, 7)
CHANGE = date(2024, 4, 1)
SECOND_CHANGE = date(2025, 4, 1)
SAID = ("2023", "2023-05", "2024-03", "2024-03-31", "2024-04-01", "2024-06", "2025", "2025-03-31", "2025-05")
DAYS = (date(2023, 6, 1), date(2024, 3, 31), date(2024, 4, 1), date(2025, 3, 31), date(2025, 4, 1), date(2026, 1, 1))
DAY = timedelta(days=1)


def story_of(
    bodies: Iterable[Body], successions: Iterable[Succeeded], events: Iterable[Event], *, months: int = 12
) -> Story:
    """Return a story with one period of confirmation for all time."""
    return Story(Bodies(bodies, successions), events, Periods([(date.min, months)]))


class Raw(NamedTuple):
    """A story's rows, and the day it is asked about."""

    bodies: tuple[Body, ...]
    successions: tuple[Succeeded, ...]
    events: tuple[Event, ...]
    months: int
    day: date

    def story(self) -> Story:
        return story_of(self.bodies, self.successions, self.events, months=self.months)


def event(number: int, body: int, stage: str, on: str, reason: str = "") -> Event:
    return Event(number, body, stage, first_day(on), last_day(on), reason or ("cost" if stage == "stopped" else ""))


def said_of_each(stages: dict[int, str], on: str = "2024-01", *, first: int = 1) -> list[Event]:
    """Return an event for each organisation."""
    return [event(number, body, stage, on) for number, (body, stage) in enumerate(stages.items(), start=first)]


@st.composite
def stories(draw: st.DrawFn) -> Raw:
    """Return four trusts, of which some went over into others, old or new, once or in two steps."""
    fates = {trust: draw(st.sampled_from([(), (5,), (6,), (5, 6), (4,), (4, 5)])) for trust in TRUSTS[:3]}
    merged_again = draw(st.sampled_from([(), (7,), (6, 7)]))
    closed = {trust: CHANGE - DAY for trust, heirs in fates.items() if heirs or draw(st.booleans())}
    if merged_again:
        closed[5] = SECOND_CHANGE - DAY
    successions = [Succeeded(trust, heir, CHANGE) for trust, heirs in fates.items() for heir in heirs]
    successions += [Succeeded(5, heir, SECOND_CHANGE) for heir in merged_again]
    opened = {5: CHANGE, 6: CHANGE, 7: SECOND_CHANGE}
    bodies = tuple(Body(place, "trust", opened.get(place), closed.get(place)) for place in TRUSTS + NEW)
    said = draw(
        st.lists(st.tuples(st.sampled_from(TRUSTS + NEW), st.sampled_from(JOURNEY), st.sampled_from(SAID)), max_size=8)
    )
    events = tuple(event(number, *one) for number, one in enumerate(said))
    return Raw(bodies, tuple(successions), events, draw(st.sampled_from([6, 12, 18])), draw(st.sampled_from(DAYS)))


def is_old(one: Event, raw: Raw) -> bool:
    return one.stage != "stopped" and months_later(one.last, raw.months) < raw.day
