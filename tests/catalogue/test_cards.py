"""What a card leads with."""

from decimal import Decimal

import pytest

from portal.catalogue.cards import headline_figure, leading_figures, strongest_type
from portal.evidence.models import Evidence
from tests.factories import (
    BenefitFigureFactory,
    EvidenceFactory,
    InnovationFactory,
    MeasureFactory,
    add_figure,
)

pytestmark = pytest.mark.django_db


def test_an_achieved_benefit_leads_before_a_potential_one() -> None:
    entry = InnovationFactory()
    BenefitFigureFactory(entry=entry, achievement="potential", value=9_000_000)
    achieved = BenefitFigureFactory(entry=entry, value=12)
    assert headline_figure(entry.figures.all()) == achieved


def test_a_total_leads_before_a_rate_and_observed_before_modelled() -> None:
    entry = InnovationFactory()
    BenefitFigureFactory(entry=entry, measure=MeasureFactory(unit="percent", additive=False))
    BenefitFigureFactory(entry=entry, per="year")
    BenefitFigureFactory(entry=entry, basis="modelled")
    observed = BenefitFigureFactory(entry=entry)
    assert headline_figure(entry.figures.all()) == observed


def test_a_later_running_total_leads_before_the_one_it_replaces() -> None:
    entry = InnovationFactory()
    early = BenefitFigureFactory(entry=entry, value=57000)
    late = BenefitFigureFactory(entry=entry, value=75000, supersedes=early.public_id)
    assert headline_figure(entry.figures.all()) == late


def test_among_equals_the_largest_of_the_first_measure_leads() -> None:
    entry = InnovationFactory()
    hours, money = MeasureFactory(), MeasureFactory(unit="GBP")
    BenefitFigureFactory(entry=entry, measure=hours, value=500, sort_order=0)
    BenefitFigureFactory(entry=entry, measure=money, value=220_000, sort_order=1)
    largest = BenefitFigureFactory(entry=entry, measure=hours, value=82_000, sort_order=2)
    assert headline_figure(entry.figures.all()) == largest


def test_what_is_not_a_benefit_never_leads() -> None:
    entry = InnovationFactory()
    for role in ("baseline", "outturn", "target", "input", "context"):
        BenefitFigureFactory(entry=entry, role=role, value=Decimal(5))
    assert headline_figure(entry.figures.all()) is None


def test_the_strongest_type_of_evidence_is_named() -> None:
    types = [Evidence.Type.OPINION, Evidence.Type.RCT, Evidence.Type.SURVEY, ""]
    assert strongest_type([EvidenceFactory(type=kind) for kind in types]) == "Randomised controlled trial"
    assert strongest_type([EvidenceFactory(type="")]) == ""


def test_each_measure_leads_with_one_figure_before_any_has_two() -> None:
    entry = InnovationFactory(published=True)
    hours, money = MeasureFactory(unit="hours"), MeasureFactory(unit="GBP")
    for measure, value in ((hours, 500), (hours, 900), (money, 70), (hours, 600)):
        add_figure(entry, measure=measure, value=value)
    leading = leading_figures(entry.figures.all(), at_most=3)
    assert [(figure.measure, figure.value) for figure in leading] == [(hours, 900), (money, 70), (hours, 600)]


def test_a_count_that_a_later_one_replaces_never_leads() -> None:
    entry = InnovationFactory(published=True)
    old = add_figure(entry, value=900)
    new = add_figure(entry, value=500, supersedes=old.public_id)
    assert leading_figures(entry.figures.all(), at_most=4) == [new]
