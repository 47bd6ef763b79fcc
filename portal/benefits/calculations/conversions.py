"""Hours as working days and posts: for display only, never stored and never summed."""

from decimal import ROUND_HALF_UP, Decimal


def working_days(hours: Decimal, *, hours_per_day: Decimal) -> Decimal:
    """Return whole working days, rounded half up."""
    return (hours / hours_per_day).quantize(Decimal(1), ROUND_HALF_UP)


def whole_time_equivalents(hours: Decimal, *, hours_per_week: Decimal, weeks_per_year: Decimal) -> Decimal:
    """Return posts to one decimal place, from hours of one year; leave isn't deducted."""
    return (hours / (hours_per_week * weeks_per_year)).quantize(Decimal("0.1"), ROUND_HALF_UP)
