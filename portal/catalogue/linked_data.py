"""An entry in schema.org's words, for search engines: the page as an article, and the way to it."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from portal.catalogue.citations import Citation
from portal.catalogue.models import Entry, EntryEvidence
from portal.core.licence import licence
from portal.core.linked_data import CONTEXT, organisation, portal, trail, without_nothing


def entry_as_linked_data(entry: Entry, links: Iterable[EntryEvidence], citation: Citation) -> dict[str, Any]:
    """Describe a published entry fetched with `.for_page()`; no query."""
    list_name = "Innovations" if entry.kind == Entry.Kind.INNOVATION else "Case studies"
    way = [
        (list_name, reverse(f"{Entry.PAGES[entry.kind]}:list")),
        (entry.title, entry.get_absolute_url()),
    ]
    return {"@context": CONTEXT, "@graph": [_article(entry, links, citation), trail(way)]}


def _article(entry: Entry, links: Iterable[EntryEvidence], citation: Citation) -> dict[str, Any]:
    address = f"{settings.SITE_URL}{entry.get_absolute_url()}"
    first, last = entry.first_published_at, entry.last_published_at
    return without_nothing(
        {
            "@type": "Article",
            "@id": address,
            "url": address,
            "headline": entry.title,
            "alternateName": [other.name for other in entry.other_names.all()],
            "description": entry.summary,
            "genre": str(entry.get_kind_display()),
            "inLanguage": "en-GB",
            "isAccessibleForFree": True,
            "license": licence().address,
            "author": portal(),
            "publisher": portal(),
            "maintainer": organisation(entry.owner_network) if entry.owner_network else None,
            "version": str(entry.version),
            "datePublished": first.isoformat() if first else None,
            "dateModified": last.isoformat() if last else None,
            "creditText": citation.text,
            "about": [_theme(theme) for theme in entry.themes.all()],
            "keywords": [tag.name for tag in [*entry.staff_groups.all(), *entry.care_settings.all()]],
            "spatialCoverage": [_place(place) for place in entry.places.all()],
            "contributor": [organisation(one) for one in entry.lead_organisations.all()],
            "citation": [_source(link) for link in links],
        }
    )


def _theme(theme: Any) -> dict[str, Any]:
    address = f"{settings.SITE_URL}{reverse('catalogue:theme', args=[theme.slug])}"
    return {"@type": "DefinedTerm", "name": theme.name, "termCode": theme.slug, "url": address}


def _place(place: Any) -> dict[str, Any]:
    return {**organisation(place), "@type": "AdministrativeArea"}


def _source(link: EntryEvidence) -> dict[str, Any]:
    evidence = link.evidence
    return without_nothing(
        {
            "@type": "CreativeWork",
            "name": evidence.title,
            "url": evidence.url,
            "identifier": evidence.doi and f"https://doi.org/{evidence.doi}",
            "publisher": {"@type": "Organization", "name": evidence.publisher} if evidence.publisher else None,
            "datePublished": evidence.published,
        }
    )
