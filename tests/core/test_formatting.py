"""Numbers, money, dates and periods as people read them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.formatting import (
    format_figure,
    format_file_size,
    format_money,
    format_number,
    format_partial_date,
    format_period,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("29103", "29,103"),
        ("11.5000", "11.5"),
        ("2700000", "2.7 million"),
        ("10400000.0000", "10.4 million"),
        ("1234567", "1,234,567"),
        ("-1200", "−1,200"),
    ],
)
def test_a_number_is_short_only_when_nothing_is_lost(value: str, text: str) -> None:
    assert format_number(Decimal(value)) == text


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_no_number_is_ever_rounded(value: Decimal) -> None:
    text = format_number(value).replace(",", "").replace("−", "-")
    read_back = Decimal(text.removesuffix(" million")) * (1_000_000 if text.endswith("million") else 1)
    assert read_back == value


@pytest.mark.parametrize(
    ("value", "text"), [("70.44", "£70.44"), ("748.6", "£748.60"), ("224000000", "£224 million"), ("-50", "−£50")]
)
def test_money_has_its_sign_and_whole_pence(value: str, text: str) -> None:
    assert format_money(Decimal(value)) == text


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ({"value": 2700000, "unit": "hours", "per": "year"}, "2.7 million hours a year"),
        ({"value": "70.44", "unit": "GBP", "qualifier": "about", "per": "user"}, "About £70.44 per user"),
        ({"value": 62, "unit": "percent", "change": "decrease"}, "Down 62%"),
        ({"value": 92, "unit": "percent", "counted": "clinicians"}, "92% of clinicians"),
        ({"value": 29103, "unit": "people", "counted": "roles", "qualifier": "more_than"}, "More than 29,103 roles"),
        ({"value": 46, "unit": "minutes", "per": "day", "qualifier": "up_to"}, "Up to 46 minutes a day"),
        ({"value": "1.44", "unit": "ratio"}, "1.44"),
        ({"value": 1, "unit": "people", "counted": "mentors"}, "1 mentor"),
        (
            {"value": 4, "low": 2, "high": 4, "unit": "percentage points", "change": "increase"},
            "Up 2 to 4 percentage points",
        ),
        ({"value": 3, "low": "1.5", "high": 3, "unit": "GBP"}, "£1.50 to £3"),
    ],
)
def test_a_figure_carries_qualifier_unit_and_rate(figure: dict[str, Any], text: str) -> None:
    numbers = {name: Decimal(figure[name]) for name in ("value", "low", "high") if name in figure}
    assert format_figure(**{**figure, **numbers}) == text


@pytest.mark.parametrize(
    ("kind", "start", "end", "text"),
    [
        ("during", date(2023, 1, 1), date(2023, 12, 31), "2023"),
        ("during", date(2022, 4, 1), date(2023, 3, 31), "2022/23"),
        ("during", date(2022, 6, 1), date(2022, 6, 30), "June 2022"),
        ("during", date(2017, 1, 1), date(2017, 6, 30), "January to June 2017"),
        ("during", date(2022, 4, 1), date(2024, 3, 31), "April 2022 to March 2024"),
        ("during", date(2020, 1, 1), date(2023, 12, 31), "2020 to 2023"),
        ("during", date(2023, 10, 30), date(2024, 2, 29), "30 October 2023 to 29 February 2024"),
        ("cumulative", None, date(2022, 3, 31), "Up to March 2022, running total"),
        ("cumulative", date(2017, 1, 1), date(2022, 3, 31), "January 2017 to March 2022, running total"),
        ("as_at", None, date(2024, 9, 30), "As at September 2024"),
        ("not_stated", None, None, "Period not stated"),
    ],
)
def test_a_period_reads_as_people_say_it(kind: str, start: date | None, end: date | None, text: str) -> None:
    assert format_period(kind=kind, start=start, end=end) == text


@pytest.mark.parametrize(
    ("text", "shown"), [("2023", "2023"), ("2023-06", "June 2023"), ("2023-06-04", "4 June 2023"), ("", "")]
)
def test_a_date_is_shown_as_precisely_as_it_was_stated(text: str, shown: str) -> None:
    assert format_partial_date(text) == shown


@pytest.mark.parametrize(("size", "text"), [(12, "1 kB"), (180_400, "180 kB"), (1_240_000, "1.2 MB")])
def test_a_file_size_is_short(size: int, text: str) -> None:
    assert format_file_size(size) == text
