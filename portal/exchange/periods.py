"""The few ways the data files write a period, read into dates.

| written | kind | means |
|---|---|---|
| `2023`, `2023-06` | during | that year, that month |
| `2022/23` | during | the financial year, April to March |
| `2022-04 to 2024-03` | during | first day of the one to last day of the other |
| `until 2022-03` | cumulative | all that had come by then; the start is not stated |
| `2017 until 2022-03` | cumulative | all from the one to the other, restated later as it grows |
| `as at 2024-09` | as at | a level on a date |
| `not stated` | not stated | can't be placed in time |
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from portal.benefits.models import PeriodKind
from portal.core.partial_dates import check_partial_date, first_day, last_day

WAYS = "2023, 2023-06, 2022/23, 2022-04 to 2024-03, until 2022-03, 2017 until 2022-03, as at 2024-09, not stated"


@dataclass(frozen=True)
class Period:
    kind: PeriodKind
    start: date | None = None
    end: date | None = None


def _bounds(text: str) -> tuple[date, date]:
    financial = re.fullmatch(r"(\d{4})/(\d{2})", text)
    if financial:
        year = int(financial[1])
        if (year + 1) % 100 != int(financial[2]):
            raise ValueError(f"'{text}' is not a financial year. Write {year}/{(year + 1) % 100:02d}.")
        return date(year, 4, 1), date(year + 1, 3, 31)
    check_partial_date(text)
    return first_day(text), last_day(text)


def read_period(text: str) -> Period:
    """Read a period as the data files write it; raise ValueError with the ways to write one."""
    text = " ".join(text.split())
    try:
        if text == "not stated":
            return Period(PeriodKind.NOT_STATED)
        if text.startswith("as at "):
            return Period(PeriodKind.AS_AT, None, _bounds(text.removeprefix("as at "))[1])
        if "until " in text:
            start, end = text.split("until ", 1)
            return Period(PeriodKind.CUMULATIVE, _bounds(start.strip())[0] if start.strip() else None, _bounds(end)[1])
        start, _, end = text.partition(" to ")
        return Period(PeriodKind.DURING, _bounds(start)[0], _bounds(end or start)[1])
    except ValueError as error:
        raise ValueError(f"'{text}' is not a period ({error}). Ways to write one: {WAYS}.") from error


def write_period(period: Period) -> str:
    """Write a period as the data files do, in the shortest way; `read_period` reads the same from it."""
    if period.kind == PeriodKind.NOT_STATED:
        return "not stated"
    end = _shortest(period.end, last_day) if period.end else ""
    if period.kind == PeriodKind.AS_AT:
        return f"as at {end}"
    start = _shortest(period.start, first_day) if period.start else ""
    if period.kind == PeriodKind.CUMULATIVE:
        return f"{start} until {end}".strip()
    return _whole(period) or f"{start} to {end}"


def _shortest(day: date, edge: Callable[[str], date]) -> str:
    """Write a day as the year or month that begins or ends with it."""
    text = day.isoformat()
    return next(part for part in (text[:4], text[:7], text) if edge(part) == day)


def _whole(period: Period) -> str:
    """Write a period that is one year, financial year, month or day; empty for others."""
    if not (period.start and period.end):
        return ""
    text = period.start.isoformat()
    ways = (text[:4], f"{text[:4]}/{(period.start.year + 1) % 100:02d}", text[:7], text)
    return next((way for way in ways if _is(way, period)), "")


def _is(text: str, period: Period) -> bool:
    try:
        return _bounds(text) == (period.start, period.end)
    except ValueError:  # a financial year that would end after the last year there is
        return False
