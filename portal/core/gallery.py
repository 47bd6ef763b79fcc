"""What the components' gallery shows: each component with each of its variants.

Choices come from the models' registry, because core imports no floor above it.
"""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.apps import apps


def gallery() -> dict[str, Any]:
    """Return the template's context; makes no query."""
    stages = apps.get_model("adoption", "AdoptionRecord")._meta.get_field("stage").choices
    bases = apps.get_model("benefits", "BenefitFigure")._meta.get_field("basis").choices
    pages = [{"number": number, "href": f"?page={number}", "current": number == 2} for number in (1, 2, 3)]
    return {
        "stages": stages,
        "bases": bases,
        "notice_kinds": ["success", "warning", "error", "info"],
        "figures": [_figure(basis, str(name)) for basis, name in bases or []],
        "links": {"items": pages, "previous": {"href": "?page=1"}, "next": {"href": "?page=3"}},
    }


def _figure(basis: str, name: str) -> SimpleNamespace:
    """Return something that the figure components can show, without a row behind it."""
    return SimpleNamespace(
        value=Decimal(41000),
        low=None,
        high=None,
        counted="",
        per="year",
        qualifier="about",
        change="",
        label="Nursing hours released",
        measure=SimpleNamespace(unit="hours"),
        basis=basis,
        get_basis_display=name,
        period_kind="during",
        period_start=date(2023, 4, 1),
        period_end=date(2024, 3, 31),
        period_note="",
        place=None,
        place_note="an example place",
    )
