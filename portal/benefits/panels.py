"""The totals that stand on an organisation's page and on a theme's."""

import json
from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils import timezone

from portal.benefits.headlines import ask_about_england, headline_totals
from portal.benefits.ledgers import Total
from portal.benefits.questions import Asked, ask
from portal.catalogue.models import CatalogueVersion, Theme
from portal.core.panels import Panel, add_panel
from portal.core.remembered import remembered
from portal.organisations.models import Organisation

TEMPLATE = "benefits/totals_panel.html"


def add_panels() -> None:
    add_panel(Organisation, totals_of_organisation)
    add_panel(Theme, totals_of_theme)


def totals_of_organisation(organisation: Organisation) -> Panel | None:
    """Show what adds up in a place today, or on the last day of one that has closed."""
    today = timezone.localdate()
    day = min(organisation.closed_on or today, today)
    if organisation.opened_on and organisation.opened_on > day:
        return None
    return _panel(organisation, lambda: ask(place=organisation, as_at=day))


def totals_of_theme(theme: Theme) -> Panel | None:
    """Show what the entries under a theme add up to in England."""
    return _panel(theme, lambda: ask_about_england(theme=theme))


def _panel(row: models.Model, question: Callable[[], Asked | None]) -> Panel | None:
    """Return the panel of a row's page, worked out once for each catalogue version and day."""
    key = ("totals panel", CatalogueVersion.now(), timezone.localdate(), row._meta.label, row.pk)
    told = json.loads(remembered(key, lambda: json.dumps(_told(question())).encode()))
    return Panel(TEMPLATE, told) if told else None


def _told(asked: Asked | None) -> dict[str, Any] | None:
    totals = headline_totals(asked) if asked else []
    if asked is None or not totals:
        return None
    return {
        "place": asked.place.display_name,
        "theme": asked.theme.name if asked.theme else "",
        "as_at_text": asked.as_at_text,
        "rows": [_row(total) for total in totals],
    }


def _row(total: Total) -> dict[str, Any]:
    return {
        "text": total.text,
        "range_text": total.range_text,
        "address": total.address,
        "measure": total.measure.name,
        "measure_url": total.measure.get_absolute_url(),
        "basis": total.asked.basis,
        "basis_text": total.asked.basis_text,
        "caveats": total.caveats,
        "counted": len(total.ledger.counted),
    }
