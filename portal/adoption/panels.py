"""What adoption adds to the pages of entries and organisations, kept for each catalogue version and day."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from portal.adoption.organisations import organisation_uses
from portal.adoption.pages import IN_A_PANEL, entry_adoption
from portal.catalogue.entry_page import ADOPTION, numbered_sources
from portal.catalogue.models import CatalogueVersion, Entry
from portal.core.panels import Panel, add_panel
from portal.core.remembered import remembered
from portal.organisations.models import Organisation

KEPT = "adoption/kept.html"


def add_panels() -> None:
    add_panel(Entry, adoption_of_entry, slot=ADOPTION)
    add_panel(Organisation, adoption_at_organisation)


def adoption_of_entry(entry: Entry) -> Panel:
    """Show who uses an entry, with the numbers that its sources have on its page."""
    numbers = {source.link.evidence_id: source.number for source in numbered_sources(entry)}
    key = (entry.pk, tuple(numbers))

    def gather() -> dict[str, Any]:
        return {"shown": entry_adoption(entry, QueryDict(), per_page=IN_A_PANEL), "numbers": numbers}

    return _kept("adoption/entry_panel.html", key, gather)


def adoption_at_organisation(organisation: Organisation) -> Panel:
    """Show what an organisation uses, and what organisations like it use."""
    return _kept(
        "adoption/organisation_panel.html",
        (organisation.pk,),
        lambda: {"uses": organisation_uses(organisation), "organisation": organisation},
    )


def _kept(template: str, key: tuple[Any, ...], gather: Callable[[], dict[str, Any]]) -> Panel:
    whole = (template, CatalogueVersion.now(), timezone.localdate(), *key)
    body = remembered(whole, lambda: render_to_string(template, gather()).encode())
    # Our own template's output, escaped when it was rendered.
    return Panel(KEPT, {"body": SafeString(body.decode())})
