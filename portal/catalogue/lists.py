"""The lists a search may be of, by address: catalogue's own, and those that rooms upstairs offer."""

from portal.catalogue.filters import EntryFilters

_lists: dict[str, type[EntryFilters]] = {}


def offer_list(path: str, filters: type[EntryFilters]) -> None:
    """Say that searches of this list can be kept."""
    _lists[path] = filters


def filters_of(path: str) -> type[EntryFilters] | None:
    return _lists.get(path)
