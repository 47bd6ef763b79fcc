"""Reads of measures and benefit figures."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from portal.benefits.models import BenefitFigure, Measure  # noqa: F401


class BenefitFigureQuerySet(models.QuerySet["BenefitFigure"]):
    def public(self) -> Self:
        return self.filter(entry__live=True)

    def count_by_basis(self) -> dict[str, int]:
        return dict(self.order_by().values_list("basis").annotate(Count("pk")))


class MeasureQuerySet(models.QuerySet["Measure"]):
    def with_public_counts(self) -> Self:
        """Measures with `public_figures`, the number of published entries' figures that use each."""
        return self.annotate(
            public_figures=Count("benefitfigures", filter=Q(benefitfigures__entry__live=True))
        ).order_by("position", "name")
