"""What adoption adds to the pages of entries and organisations, kept until what it shows moves, or the day does."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from portal.adoption.kept import kept_organisations, kept_stories
from portal.adoption.organisations import organisation_uses
from portal.adoption.pages import IN_A_PANEL, entry_adoption
from portal.adoption.reading import Reading
from portal.catalogue.entry_page import ADOPTION, numbered_sources
from portal.catalogue.models import Entry
from portal.core.kept_pages import drawn_once
from portal.core.panels import Panel, add_panel
from portal.organisations.models import Organisation

KEPT = "adoption/kept.html"


def add_panels() -> None:
    add_panel(Entry, adoption_of_entry, slot=ADOPTION)
    add_panel(Organisation, adoption_at_organisation)


def adoption_of_entry(entry: Entry) -> Panel:
    """Show who uses an entry, with the numbers that its sources have on its page."""
    numbers = {source.link.evidence_id: source.number for source in numbered_sources(entry)}
    kept = kept_organisations()

    def gather() -> dict[str, Any]:
        return {"shown": entry_adoption(entry, QueryDict(), per_page=IN_A_PANEL, kept=kept), "numbers": numbers}

    return _remembered("adoption/entry_panel.html", (kept.state_of(entry.pk), entry.pk, tuple(numbers)), gather)


def adoption_at_organisation(organisation: Organisation) -> Panel:
    """Show what an organisation uses, and what organisations like it use."""
    kept = kept_stories()

    def gather() -> dict[str, Any]:
        reading = Reading(timezone.localdate(), kept.organisations, kept.stories or {})
        return {"uses": organisation_uses(organisation, reading), "organisation": organisation}

    return _remembered("adoption/organisation_panel.html", (kept.told, organisation.pk), gather)


def _remembered(template: str, key: tuple[Any, ...], gather: Callable[[], dict[str, Any]]) -> Panel:
    return Panel(KEPT, {"body": drawn_once(template, (timezone.localdate(), *key), gather)})
