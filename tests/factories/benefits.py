"""Measures, benefit figures and the totals that networks state."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from portal.benefits.models import (
    Basis,
    BenefitFigure,
    Deflator,
    Measure,
    NetworkClaim,
    PeriodKind,
    WorkingTime,
)
from portal.catalogue.models import Entry
from tests.factories.catalogue import publish
from tests.factories.evidence import EvidenceFactory


class MeasureFactory(DjangoModelFactory[Measure]):
    """Hours released, unless told otherwise."""

    class Meta:
        model = Measure

    key = factory.Sequence(lambda n: f"measure-{n}")
    name = factory.Sequence(lambda n: f"Measure {n}")
    topic = Measure.Topic.TIME
    unit = "hours"
    direction = Measure.Direction.HIGHER
    additive = True
    price_year = factory.LazyAttribute(lambda measure: 2024 if measure.unit == "GBP" else None)
    definition = "Hours of staff time that became free for other work."
    author = "Portal team"
    status = Measure.Status.IN_USE


class FigureValueFactory(DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    measure = factory.SubFactory(MeasureFactory)
    key = factory.Sequence(lambda n: f"figure-{n:06}")  # the page goes by it: 9 before 10
    label = "Staff time released"
    value = Decimal(1250)
    basis = Basis.OBSERVED
    period_kind = PeriodKind.DURING
    period_start = date(2023, 4, 1)
    period_end = date(2024, 3, 31)
    evidence = factory.SubFactory(EvidenceFactory)


class BenefitFigureFactory(FigureValueFactory):
    """Needs `entry`; an achieved, observed benefit of one financial year."""

    class Meta:
        model = BenefitFigure

    role = BenefitFigure.Role.BENEFIT
    achievement = BenefitFigure.Achievement.ACHIEVED


class NetworkClaimFactory(FigureValueFactory):
    class Meta:
        model = NetworkClaim

    said_by = "The networks together"


class WorkingTimeFactory(DjangoModelFactory[WorkingTime]):
    class Meta:
        model = WorkingTime

    valid_from = factory.Sequence(lambda n: date(2000 + n, 4, 1))
    hours_per_day = Decimal("7.5")
    hours_per_week = Decimal("37.5")
    weeks_per_year = Decimal(52)


class DeflatorFactory(DjangoModelFactory[Deflator]):
    class Meta:
        model = Deflator

    year = factory.Sequence(lambda n: 2000 + n)
    index = Decimal(100)
    source = "GDP deflators"


def add_figure(entry: Entry, *, published: bool = True, **fields: Any) -> BenefitFigure:
    """Add a benefit figure; a live entry is published again with it."""
    figure: BenefitFigure = BenefitFigureFactory.create(entry=entry, **fields)
    if published and entry.live:
        publish(entry)
    return figure


def publish_with_figure(entry: Entry, **fields: Any) -> BenefitFigure:
    """Add a benefit figure to a draft and publish it, once, with that."""
    figure = add_figure(entry, **fields)
    publish(entry)
    return figure
