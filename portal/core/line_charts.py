"""Line charts over time as geometry: series in, places on the page out. No models, no markup.

Places across are percentages of the chart's width and places down are pixels, as in bar charts.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

HEIGHT = 160
TOP = 20
BELOW = 24
LEFT, RIGHT = Decimal(10), Decimal(96)
"""The axis' numbers stand left of the lines, and the last dot has room."""
STEPS = 4


class Point(NamedTuple):
    """One value of a series; `when` and `text` are how people read its day and value."""

    day: date
    value: Decimal
    when: str
    text: str


class Series(NamedTuple):
    """`dashed` marks a line of another sort, so that colour alone doesn't tell them apart."""

    name: str
    points: Sequence[Point]
    dashed: bool = False


class Dot(NamedTuple):
    x: Decimal
    y: int
    point: Point


class Segment(NamedTuple):
    start: Dot
    end: Dot


class Drawn(NamedTuple):
    name: str
    dashed: bool
    dots: list[Dot]
    segments: list[Segment]


class Mark(NamedTuple):
    """A line across with its number."""

    y: int
    text: str


@dataclass(frozen=True)
class LineChart:
    """`rows` are the table that says the same: each day with the text of every series."""

    key: str
    title: str
    series: list[Drawn]
    marks: list[Mark]
    rows: list[tuple[str, list[str]]]
    first: str
    last: str
    height: int = TOP + HEIGHT + BELOW
    base: int = TOP + HEIGHT
    left: Decimal = LEFT
    right: Decimal = RIGHT


def line_chart(key: str, title: str, series: Sequence[Series]) -> LineChart | None:
    """Lay out series over one time axis from nought up; None when there are no two days to join."""
    points = sorted((point for one in series for point in one.points), key=lambda point: point.day)
    if len({point.day for point in points}) < 2:
        return None
    start, end = points[0].day, points[-1].day
    top = _round_up(max(point.value for point in points))

    def place(point: Point) -> Dot:
        along = Decimal((point.day - start).days) / (end - start).days
        x = (LEFT + along * (RIGHT - LEFT)).quantize(Decimal("0.01"))
        return Dot(x, TOP + HEIGHT - round(HEIGHT * point.value / top), point)

    drawn = [_draw(one, [place(point) for point in one.points]) for one in series]
    marks = [Mark(TOP + HEIGHT - HEIGHT * step // STEPS, f"{top * step / STEPS:,.0f}") for step in range(STEPS + 1)]
    return LineChart(key, title, drawn, marks, _rows(series), points[0].when, points[-1].when)


def _draw(series: Series, dots: list[Dot]) -> Drawn:
    segments = [Segment(one, other) for one, other in itertools.pairwise(dots)]
    return Drawn(series.name, series.dashed, dots, segments)


def _rows(series: Sequence[Series]) -> list[tuple[str, list[str]]]:
    days = sorted({(point.day, point.when) for one in series for point in one.points})
    told = [{(point.day, point.when): point.text for point in one.points} for one in series]
    return [(day[1], [texts.get(day, "") for texts in told]) for day in days]


def _round_up(value: Decimal) -> int:
    """Return a top for the axis whose quarters are whole numbers."""
    step = 1
    for factor in _factors():
        step = factor
        if step * STEPS >= value:
            break
    return step * STEPS


def _factors() -> list[int]:
    return [base * 10**power for power in range(12) for base in (1, 2, 3, 4, 5, 6, 8)]
