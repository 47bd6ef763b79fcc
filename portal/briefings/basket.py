"""The entries a visitor has chosen, kept in the session.

Signing in keeps the session's content, so they survive it. Nothing is written until the visitor
changes something: who only reads has no session.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from portal.briefings.for_us import ForUs
from portal.briefings.services import check_size


class Basket:
    """Slugs of entries, in the visitor's order."""

    KEY = "basket"
    FOR_US_KEY = "basket_for_us"

    def __init__(self, session: SessionBase) -> None:
        self._session = session

    @property
    def slugs(self) -> list[str]:
        return _texts(self._session.get(self.KEY))

    def add(self, slugs: Iterable[str]) -> None:
        """Put these at the end. Raises TooManyEntries, and adds none, if that would be too many."""
        chosen = list(dict.fromkeys([*self.slugs, *slugs]))
        check_size(len(chosen))
        self._session[self.KEY] = chosen

    def remove(self, slugs: Iterable[str]) -> None:
        unwanted = set(slugs)
        self._session[self.KEY] = [slug for slug in self.slugs if slug not in unwanted]
        self._forget_for_us(unwanted)

    def move(self, slug: str, steps: int) -> None:
        """Move one entry up (-1) or down (1); at either end it stays."""
        slugs = self.slugs
        if slug not in slugs:
            return
        place = slugs.index(slug)
        slugs.insert(max(0, place + steps), slugs.pop(place))
        self._session[self.KEY] = slugs

    def order(self, slugs: Iterable[str]) -> None:
        """Put the entries in this order; one that isn't named stays behind those that are."""
        known = self.slugs
        wanted = [slug for slug in dict.fromkeys(slugs) if slug in known]
        self._session[self.KEY] = [*wanted, *(slug for slug in known if slug not in wanted)]

    def clear(self) -> None:
        self._session.pop(self.KEY, None)
        self._session.pop(self.FOR_US_KEY, None)

    @property
    def for_us(self) -> dict[str, ForUs]:
        """Return the visitor's own number of people, by slug, for each chosen entry that has one."""
        kept = self._session.get(self.FOR_US_KEY, {})
        return {slug: ForUs(*kept[slug]) for slug in self.slugs if slug in kept}

    def add_for_us(self, slug: str, chosen: ForUs) -> None:
        """Put an entry in with the visitor's own number; a later number takes the place of an earlier one."""
        self.add([slug])
        self._session[self.FOR_US_KEY] = self.for_us | {slug: chosen}

    def _forget_for_us(self, slugs: set[str]) -> None:
        if self.FOR_US_KEY in self._session:
            kept = self._session[self.FOR_US_KEY]
            self._session[self.FOR_US_KEY] = {slug: one for slug, one in kept.items() if slug not in slugs}


def _texts(kept: Any) -> list[str]:
    return [item for item in kept if isinstance(item, str)] if isinstance(kept, list) else []
