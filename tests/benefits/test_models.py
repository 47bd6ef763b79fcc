"""What the database promises of figures and measures, in words an editor can act on."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.factories import BenefitFigureFactory, EvidenceFactory, InnovationFactory, MeasureFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"period_start": date(2024, 1, 1), "period_end": date(2023, 1, 1)}, "must not end before it starts"),
        ({"period_kind": "during", "period_end": None}, "A period has a start and an end"),
        ({"period_kind": "not_stated"}, "'not stated' neither"),
        ({"period_kind": "as_at"}, "'as at' its date alone"),
        ({"low": Decimal(5), "high": None}, "both low and high"),
        ({"low": Decimal(5000), "high": Decimal(6000)}, "between low and high"),
        ({"attribution_share": Decimal("1.5")}, "between 0 and 1"),
    ],
)
def test_a_figure_that_contradicts_itself_is_refused_by_form_and_database(wrong: dict[str, Any], says: str) -> None:
    entry, measure, evidence = InnovationFactory(), MeasureFactory(), EvidenceFactory()
    figure = BenefitFigureFactory.build(entry=entry, measure=measure, evidence=evidence, **wrong)
    with pytest.raises(ValidationError, match=says):
        figure.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        figure.save()


def test_a_figure_without_a_source_cannot_be_kept() -> None:
    with pytest.raises(IntegrityError):
        BenefitFigureFactory(entry=InnovationFactory(), evidence=None)


def test_a_figure_cannot_restate_itself() -> None:
    figure = BenefitFigureFactory(entry=InnovationFactory())
    figure.restates = figure.public_id
    with pytest.raises(IntegrityError):
        figure.save()


def test_a_percentage_is_never_additive() -> None:
    with pytest.raises(IntegrityError):
        MeasureFactory(unit="percent", additive=True)


def test_evidence_that_a_figure_rests_on_cannot_be_deleted() -> None:
    figure = BenefitFigureFactory(entry=InnovationFactory())
    with pytest.raises(IntegrityError):
        figure.evidence.delete()
