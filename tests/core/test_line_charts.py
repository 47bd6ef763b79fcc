"""Line charts: geometry that says what the numbers say."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.line_charts import HEIGHT, LEFT, RIGHT, TOP, LineChart, Point, Series, line_chart


def chart_of(*series: list[tuple[int, int]]) -> LineChart | None:
    def points(values: list[tuple[int, int]]) -> list[Point]:
        return [Point(date(2025, 1, day), Decimal(value), f"{day} January", str(value)) for day, value in values]

    return line_chart("example", "Example", [Series(f"line {n}", points(one)) for n, one in enumerate(series)])


def test_the_first_day_stands_left_and_the_last_right_from_nought_up() -> None:
    chart = chart_of([(1, 0), (16, 60), (31, 120)])
    assert chart is not None
    dots = chart.series[0].dots
    assert [dot.x for dot in dots] == [LEFT, (LEFT + RIGHT) / 2, RIGHT]
    assert [dot.y for dot in dots] == [TOP + HEIGHT, TOP + HEIGHT // 2, TOP]
    assert [mark.text for mark in chart.marks] == ["0", "30", "60", "90", "120"]


@pytest.mark.parametrize("series", [[], [(1, 5)]])
def test_one_day_is_no_line(series: list[tuple[int, int]]) -> None:
    assert chart_of(series) is None


def test_the_table_has_a_row_for_each_day_and_a_gap_where_a_line_has_none() -> None:
    chart = chart_of([(1, 3), (5, 4)], [(5, 9)])
    assert chart is not None
    assert chart.rows == [("1 January", ["3", ""]), ("5 January", ["4", "9"])]


@given(st.lists(st.tuples(st.integers(1, 31), st.integers(0, 10**9)), min_size=2, unique_by=lambda row: row[0]))
def test_every_dot_is_inside_and_a_larger_value_is_never_lower(values: list[tuple[int, int]]) -> None:
    chart = chart_of(sorted(values))
    assert chart is not None
    dots = chart.series[0].dots
    assert all(LEFT <= dot.x <= RIGHT and TOP <= dot.y <= TOP + HEIGHT for dot in dots)
    by_value = sorted(dots, key=lambda dot: dot.point.value)
    assert [dot.y for dot in by_value] == sorted((dot.y for dot in dots), reverse=True)
