"""Measures and the figures that use them."""

from portal.benefits.models.figure import Basis, BenefitFigure, FigureValue, NetworkClaim, PeriodKind
from portal.benefits.models.measure import Deflator, Measure, WorkingTime

__all__ = [
    "Basis",
    "BenefitFigure",
    "Deflator",
    "FigureValue",
    "Measure",
    "NetworkClaim",
    "PeriodKind",
    "WorkingTime",
]
