"""Bar charts as geometry: labels and values in, places on the page out. No models, no markup.

Lengths across are percentages of the chart's width and lengths down are pixels, so that text keeps
its size on a phone, on a wide screen and on paper.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from typing import NamedTuple

LINE, BAR, GAP = 20, 14, 16
LINE_TO_BASELINE = 15
ON_A_PHONE, ON_PAPER = 40, 80
"""Characters of 15 pixels on a line: 390 pixels wide, and across an A4 page."""


class Amount(NamedTuple):
    """One thing to compare. `text` is how people read its value; `href` leads to the working behind it."""

    label: str
    value: Decimal
    text: str
    href: str = ""


class Line(NamedTuple):
    text: str
    y: int


class Bar(NamedTuple):
    """An amount with its place: the label's lines, where its value is written, and the bar."""

    amount: Amount
    lines: list[Line]
    text_y: int
    y: int
    start: Decimal
    length: Decimal


@dataclass(frozen=True)
class BarChart:
    """`key` tells the chart from others on its page; `text_beside` says whether values stand beside their labels."""

    key: str
    title: str
    bars: list[Bar]
    height: int
    text_beside: bool
    bar_height: int = BAR


def bar_chart(key: str, title: str, amounts: Sequence[Amount], *, line_holds: int = ON_A_PHONE) -> BarChart:
    """Lay out one bar below the other, in the order given; lengths share one scale, which holds nought."""
    text_beside = all(len(amount.label) + len(amount.text) < line_holds for amount in amounts)
    least, span = _scale(amount.value for amount in amounts)
    bars: list[Bar] = []
    top = 0
    for amount in amounts:
        bar = _bar(amount, top, least=least, span=span, text_beside=text_beside, line_holds=line_holds)
        bars.append(bar)
        top = bar.y + BAR + GAP
    return BarChart(key, title, bars, max(top - GAP, 0), text_beside)


def _scale(values: Iterable[Decimal]) -> tuple[Decimal, Decimal]:
    ends = [Decimal(0), *values]
    return min(ends), max(ends) - min(ends)


def _bar(amount: Amount, top: int, *, least: Decimal, span: Decimal, text_beside: bool, line_holds: int) -> Bar:
    lines = [
        Line(text, top + LINE_TO_BASELINE + LINE * number)
        for number, text in enumerate(wrap(amount.label, line_holds) or [""])
    ]
    text_y = lines[0].y if text_beside else lines[-1].y + LINE
    below = max(lines[-1].y, text_y) + LINE - LINE_TO_BASELINE
    start = _percent(min(amount.value, Decimal(0)) - least, span)
    return Bar(amount, lines, text_y, below, start, _percent(abs(amount.value), span))


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (100 * part / whole).quantize(Decimal("0.01")) if whole else Decimal(0)
