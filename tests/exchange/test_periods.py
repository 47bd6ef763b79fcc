"""The ways the data files write a period."""

from datetime import date

import pytest

from portal.benefits.models import PeriodKind
from portal.exchange.periods import Period, read_period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023", Period(PeriodKind.DURING, date(2023, 1, 1), date(2023, 12, 31))),
        ("2022/23", Period(PeriodKind.DURING, date(2022, 4, 1), date(2023, 3, 31))),
        ("1999/00", Period(PeriodKind.DURING, date(1999, 4, 1), date(2000, 3, 31))),
        ("2022-04 to 2024-03", Period(PeriodKind.DURING, date(2022, 4, 1), date(2024, 3, 31))),
        ("until 2022-03", Period(PeriodKind.CUMULATIVE, None, date(2022, 3, 31))),
        ("2017 until 2022-03", Period(PeriodKind.CUMULATIVE, date(2017, 1, 1), date(2022, 3, 31))),
        ("as at 2024-09", Period(PeriodKind.AS_AT, None, date(2024, 9, 30))),
        ("not stated", Period(PeriodKind.NOT_STATED)),
    ],
)
def test_each_way_of_writing_a_period_is_read(text: str, period: Period) -> None:
    assert read_period(text) == period


@pytest.mark.parametrize("text", ["", "last year", "2022/24", "2022-23", "to 2022", "as at", "until", "2023 to"])
def test_anything_else_is_refused_with_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a period .* 2022/23, 2022-04 to 2024-03"):
        read_period(text)
