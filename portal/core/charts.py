"""Bar charts as geometry: labels and values in, places on the page out. No models, no markup.

Lengths across are percentages of the chart's width and lengths down are pixels, so that text keeps
its size on a phone, on a wide screen and on paper.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from typing import NamedTuple


class Size(NamedTuple):
    """How large a chart is drawn, in pixels; `holds` is how many characters a line has room for."""

    holds: int
    letters: int
    line: int
    baseline: int
    bar: int
    gap: int


ON_A_PHONE = Size(40, letters=15, line=20, baseline=15, bar=14, gap=16)
ON_PAPER = Size(110, letters=11, line=14, baseline=11, bar=7, gap=8)


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
    size: Size


def bar_chart(key: str, title: str, amounts: Sequence[Amount], *, size: Size = ON_A_PHONE) -> BarChart:
    """Lay out one bar below the other, in the order given; lengths share one scale, which holds nought."""
    text_beside = all(len(amount.label) + len(amount.text) < size.holds for amount in amounts)
    least, span = _scale(amount.value for amount in amounts)
    bars: list[Bar] = []
    top = 0
    for amount in amounts:
        bar = _bar(amount, top, least=least, span=span, text_beside=text_beside, size=size)
        bars.append(bar)
        top = bar.y + size.bar + size.gap
    return BarChart(key, title, bars, max(top - size.gap, 0), text_beside, size)


def _scale(values: Iterable[Decimal]) -> tuple[Decimal, Decimal]:
    ends = [Decimal(0), *values]
    return min(ends), max(ends) - min(ends)


def _bar(amount: Amount, top: int, *, least: Decimal, span: Decimal, text_beside: bool, size: Size) -> Bar:
    lines = [
        Line(text, top + size.baseline + size.line * number)
        for number, text in enumerate(wrap(amount.label, size.holds) or [""])
    ]
    text_y = lines[0].y if text_beside else lines[-1].y + size.line
    below = max(lines[-1].y, text_y) + size.line - size.baseline
    start = _percent(min(amount.value, Decimal(0)) - least, span)
    return Bar(amount, lines, text_y, below, start, _percent(abs(amount.value), span))


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (100 * part / whole).quantize(Decimal("0.01")) if whole else Decimal(0)
