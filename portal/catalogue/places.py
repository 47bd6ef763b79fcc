"""Where places lie, kept in memory for as long as organisations stand still."""

from datetime import date

from portal.catalogue.models import CatalogueMove, CatalogueVersion
from portal.organisations.hierarchy import places_as_at
from portal.organisations.places import Places

_looked: tuple[str, str] = ("", "")
"""The mark at which we last looked, and the one since which nothing but single entries had moved."""


def places_on(day: date) -> Places:
    """Return which places lay in which on a day: one query, or five when organisations may have changed."""
    return places_as_at(day, organisations_stand_since(CatalogueVersion.mark_now()))


def organisations_stand_since(mark: str) -> str:
    """Return the mark since which organisations are as they are at this one; a query when it is new."""
    global _looked
    seen, since = _looked
    if seen != mark:
        if CatalogueMove.entries_between(seen, mark) is None:
            since = mark
        _looked = (mark, since)
    return since
