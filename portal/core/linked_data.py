"""What pages say of themselves in schema.org's words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

CONTEXT = "https://schema.org"


def portal() -> dict[str, Any]:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"}


def organisation(row: Any) -> dict[str, Any]:
    """Describe an organisation or a place of ours."""
    address = f"{settings.SITE_URL}{row.get_absolute_url()}"
    return {"@type": "Organization", "name": row.name, "identifier": row.code, "url": address}


def page(address: str) -> dict[str, Any]:
    return {"@type": "WebPage", "@id": address, "url": address}


def trail(way: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Describe the way to a page, from the home page on."""
    steps = [
        {"@type": "ListItem", "position": number, "name": name, "item": page(f"{settings.SITE_URL}{address}")}
        for number, (name, address) in enumerate([("Home", "/"), *way], start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def without_nothing(told: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what nobody stated."""
    return {name: value for name, value in told.items() if value not in (None, "", [])}
