"""Dates as precise as their source: "2023", "2023-06" or "2023-06-14".

Kept as ISO text, so that they sort as text and never gain a day nobody stated.
"""

import re
from calendar import monthrange
from datetime import date

PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"


class NotAPartialDate(ValueError):
    """The text is not a year, a month of a year or a day."""


def check_partial_date(text: str) -> str:
    """Return `text` unchanged, or raise NotAPartialDate with a sentence fit to show."""
    problem = f"'{text}' is not a date. Write a year (2023), a month (2023-06) or a day (2023-06-14)."
    if not re.match(PATTERN, text):
        raise NotAPartialDate(problem)
    try:
        first_day(text)
    except ValueError as error:
        raise NotAPartialDate(problem) from error
    return text


def first_day(text: str) -> date:
    """Return the first day that "2023", "2023-06" or "2023-06-14" can mean."""
    year, month, day = ([int(part) for part in text.split("-")] + [1, 1])[:3]
    return date(year, month, day)


def last_day(text: str) -> date:
    """Return the last day that the partial date can mean."""
    parts = [int(part) for part in text.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else monthrange(year, month)[1]
    return date(year, month, day)
