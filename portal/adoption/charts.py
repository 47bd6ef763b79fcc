"""Lines over time: what records say of organisations, and what claims say of groups, never in one chart."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from portal.adoption.calculations import spread_over
from portal.adoption.models import CoverageClaim
from portal.adoption.reading import Adoption, Group
from portal.core.formatting import format_date, format_number, format_partial_date
from portal.core.line_charts import LineChart, Point, Series, line_chart
from portal.core.partial_dates import first_day

MOST_POINTS = 24
QUARTERS = ((3, 31), (6, 30), (9, 30), (12, 31))


def spread_chart(adoption: Adoption, group: Group) -> LineChart | None:
    """Draw how many were live over time, at the ends of quarters or years, up to the day."""
    days = _days_of_curve(adoption)
    held = {place for place in adoption.story.touched if group.holds(adoption.organisations.by_pk[place])}
    points = spread_over(adoption.story, days, [group.kind], within=held)
    live = [Point(one.day, Decimal(one.live), format_date(one.day), format_number(one.live)) for one in points]
    heard = [
        Point(one.day, Decimal(one.last_heard_live), format_date(one.day), format_number(one.last_heard_live))
        for one in points
    ]
    if not any(point.value for point in heard):
        return None
    series = [
        Series("known to be live", live),
        Series("last heard of as live, however long ago", heard, dashed=True),
    ]
    return line_chart("spread", f"Spread over time: {group.many}", series)


def _days_of_curve(adoption: Adoption) -> list[date]:
    first = next(iter(adoption.story.first_days()), adoption.day)
    quarters = [
        day
        for year in range(first.year - 1, adoption.day.year + 1)
        for month, last in QUARTERS
        if _quarter_before(first) <= (day := date(year, month, last)) < adoption.day
    ]
    if len(quarters) > MOST_POINTS:
        quarters = [day for day in quarters if day.month == 3]
    return [*quarters[-MOST_POINTS:], adoption.day]


def _quarter_before(day: date) -> date:
    """Return the end of the last quarter before a day, when nothing had been said yet."""
    ends = [date(day.year - 1, 12, 31), *(date(day.year, month, last) for month, last in QUARTERS)]
    return max(end for end in ends if end < day)


def charts_of_claims(claims: Sequence[CoverageClaim]) -> list[LineChart]:
    """Draw claims that count the same thing on different dates; different units never share a line."""
    series: dict[tuple[str, str, int | None], list[CoverageClaim]] = defaultdict(list)
    for claim in claims:
        if claim.as_at and (claim.count is not None or claim.share_percent is not None):
            series[claim.group, claim.unit if claim.count is not None else "%", claim.place_id].append(claim)
    charts = [_chart_of_claims(number, rows) for number, rows in enumerate(series.values()) if len(rows) > 1]
    return [chart for chart in charts if chart]


def _chart_of_claims(number: int, claims: Sequence[CoverageClaim]) -> LineChart | None:
    points = []
    for claim in sorted(claims, key=lambda claim: claim.as_at):
        value = Decimal(claim.share_percent or 0) if claim.count is None else Decimal(claim.count)
        text = f"{format_number(value)}%" if claim.count is None else f"{format_number(value)} {claim.unit}"
        points.append(Point(first_day(claim.as_at), value, format_partial_date(claim.as_at), text))
    title = claims[0].group + (f" ({claims[0].unit})" if claims[0].unit and claims[0].count is not None else "")
    return line_chart(f"claims-{number}", title, [Series("As sources give it", points)])
