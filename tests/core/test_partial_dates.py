"""Dates as precise as their source."""

from datetime import date

import pytest

from portal.core.partial_dates import NotAPartialDate, check_partial_date, first_day, last_day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-03", date(2024, 2, 3), date(2024, 2, 3)),
    ],
)
def test_a_partial_date_spans_the_days_it_can_mean(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2023-02-29", "2024/02", "spring 2024", "2024-02-03T00:00"])
def test_anything_else_is_refused_with_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(NotAPartialDate, match="Write a year"):
        check_partial_date(text)
