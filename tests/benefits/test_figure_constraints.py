"""A figure's check constraints answer in memory as the database does."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint

from portal.benefits.models import BenefitFigure
from portal.core.constraints import broken_by

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2023, 4, 1), date(2024, 3, 31)
SAME = UUID(int=1)
ROWS: list[dict[str, Any]] = [
    {},
    {"low": Decimal(1), "high": Decimal(9)},
    {"low": Decimal(6), "high": Decimal(9)},
    {"low": Decimal(1), "high": Decimal(4)},
    {"low": Decimal(1)},
    {"value": None, "low": Decimal(1), "high": Decimal(9)},
    {"period_kind": "during", "period_start": FIRST, "period_end": LAST},
    {"period_kind": "during", "period_start": LAST, "period_end": FIRST},
    {"period_kind": "during", "period_end": LAST},
    {"period_kind": "cumulative"},
    {"period_kind": "as_at", "period_start": FIRST, "period_end": LAST},
    {"period_kind": None},
    {"place_not_stated": True, "place_id": 7},
    {"place_not_stated": False, "place_id": 7},
    {"attribution_share": Decimal("1.01")},
    {"attribution_share": Decimal("-0.01")},
    {"attribution_share": Decimal("0.5")},
    {"restates": SAME},
    {"supersedes": SAME},
    {"contradicts": UUID(int=2)},
]


@pytest.mark.parametrize("fields", ROWS, ids=str)
def test_memory_and_database_agree(fields: dict[str, Any]) -> None:
    usual = {"value": Decimal(5), "period_kind": "not_stated", "public_id": SAME}
    figure = BenefitFigure(**usual | fields)
    refused = []
    for constraint in BenefitFigure._meta.constraints:
        try:
            constraint.validate(BenefitFigure, figure, exclude={"entry"})
        except ValidationError:
            refused.append(constraint.name)
    assert [constraint.name for constraint in broken_by(figure, exclude={"entry"})] == refused


def test_each_constraint_is_broken_by_one_of_the_rows() -> None:
    """Otherwise the comparison above might compare nothing with nothing."""
    usual = {"value": Decimal(5), "period_kind": "not_stated", "public_id": SAME}
    broken = {constraint.name for fields in ROWS for constraint in broken_by(BenefitFigure(**usual | fields))}
    assert broken == {one.name for one in BenefitFigure._meta.constraints if isinstance(one, CheckConstraint)}


def test_a_constraint_about_a_field_left_out_is_not_asked() -> None:
    figure = BenefitFigure(value=Decimal(5), low=Decimal(9), high=Decimal(10), period_kind="not_stated")
    names = [one.name for one in broken_by(figure)]
    assert names == ["benefit_figure_value_within_range"]
    assert list(broken_by(figure, exclude={"low"})) == []
